import { defineConfig, devices, type Project } from '@playwright/test';
import { resolve } from 'node:path';

/** Everything that a run leaves behind lies here; xtask says where. */
const output = process.env.E2E_OUTPUT ?? resolve(import.meta.dirname, '../target/e2e');

/** Chromium without its own errands: in a closed network they only cost time. */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export default defineConfig({
  testDir: 'tests',
  outputDir: resolve(output, 'results'),
  // Each test has a server and a database of its own.
  fullyParallel: true,
  workers: 2,
  // A test that passes at the second try has found something.
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [['list'], ['json', { outputFile: resolve(output, 'report.json') }]],
  use: {
    trace: 'retain-on-failure',
  },
  projects: [
    {
      name: 'chromium',
      use: {
        ...devices['Desktop Chrome'],
        launchOptions: { executablePath: process.env.CHROMIUM, args: flags },
      },
    },
    ...(process.env.FIREFOX ? [firefox(process.env.FIREFOX)] : []),
  ],
});

/** The distribution's own Firefox, over WebDriver BiDi, for what says that it works there too. */
function firefox(executablePath: string): Project {
  return {
    name: 'firefox',
    grep: /@firefox/,
    use: {
      ...devices['Desktop Firefox'],
      channel: 'moz-firefox',
      launchOptions: { executablePath },
    },
  };
}
