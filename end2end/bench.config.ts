import { defineConfig } from '@playwright/test';
import tests from './playwright.config.ts';

/** The measurements in Chromium, which `cargo xtask bench` runs one after the other. */
export default defineConfig({
  ...tests,
  testDir: 'bench',
  testMatch: '*.bench.ts',
  workers: 1,
  timeout: 180_000,
  reporter: [['list']],
  projects: tests.projects?.filter(({ name }) => name === 'chromium'),
});
