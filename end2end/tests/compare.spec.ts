import { readFile } from 'node:fs/promises';
import { expect, test } from '../support/test.ts';
import type { Locator, Page } from '@playwright/test';
import { expectAccessible } from '../support/axe.ts';
import { KINDS as ALL } from '../support/kinds.ts';
import { consent, logIn } from '../support/steps.ts';

const KINDS = ALL.map((kind) => kind.id);

/** The person at the provider: signs in once, and allows whenever asked. */
async function allow(page: Page): Promise<void> {
  await logIn(page, 'alice');
  const button = page.getByRole('button', { name: 'Allow' });
  await page.addLocatorHandler(button, () => button.click());
}

/** Opens a result, once the page can. */
async function openFile(page: Page, file: Parameters<Locator['setInputFiles']>[0]): Promise<void> {
  await page.getByText('Open a result that was downloaded').click();
  await expect(page.locator('#compare-file')).toBeEnabled();
  await page.locator('#compare-file').setInputFiles(file);
}

type Run = {
  kind: string;
  steps: { step: string; failed?: string; access_token: string[]; refresh_token: string[] }[];
  exchanges: { from: string; to: string; sent: { name: string; value: { text?: string } }[] }[];
  stolen?: number;
  two_at_once?: number;
  after_reload?: boolean;
  after_close?: boolean;
  after_sign_out?: { access: { active: boolean }; refresh?: { active: boolean } };
};

function refreshes(run: Run): number {
  const presents = (it: Run['exchanges'][number]) =>
    it.to === 'provider' && it.sent.some(({ value }) => value.text === 'refresh_token');
  return run.exchanges.filter(presents).length;
}

test('the comparison measures every kind, and counts what the provider counted', async ({
  page,
  site,
  guard,
}) => {
  test.setTimeout(240_000);
  // A nonce that the provider wants in a proof; a stolen token that it refuses.
  guard.expectStatus(400);
  guard.expectStatus(401);
  await page.goto('/compare');
  for (const kind of KINDS) await expect(page.locator(`input[value=${kind}]`)).toBeChecked();
  await page.getByRole('button', { name: 'Run' }).click();
  await allow(page);
  await expect(page.locator('#compare-progress')).toContainText('Done', { timeout: 150_000 });

  const started = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download as JSON' }).click();
  const file = await (await started).path();
  const runs = (JSON.parse(await readFile(file, 'utf8')) as { runs: Run[] }).runs;
  expect(runs.map((run) => run.kind)).toEqual(KINDS);
  for (const run of runs) {
    expect(run.steps.map((step) => step.failed ?? ''), run.kind).toEqual(Array(8).fill(''));
    expect(run.two_at_once, run.kind).toBe(1);
    expect([run.after_reload, run.after_close], run.kind).toEqual([true, true]);
    expect(run.after_sign_out?.access.active, run.kind).toBe(false);
    expect(run.after_sign_out?.refresh?.active, run.kind).toBe(false);
  }
  const read = Object.fromEntries(
    runs.map((run) => {
      const seen = (which: 'access_token' | 'refresh_token') =>
        run.steps.some((step) => step[which].length > 0);
      return [run.kind, [seen('access_token'), seen('refresh_token'), run.stolen ?? null]];
    }),
  );
  expect(read).toEqual({
    bff: [false, false, null],
    mediated: [true, false, 200],
    browser: [true, true, 200],
    'browser-dpop': [true, true, 401],
    worker: [false, false, null],
  });

  // What the clients wrote down is what the provider saw.
  const counted = (await (await fetch(`${site.issuer}/demo/requests`)).json()) as {
    by_client: Record<string, Record<string, number>>;
  };
  const of = (kinds: string[]) =>
    runs.filter((run) => kinds.includes(run.kind)).reduce((sum, run) => sum + refreshes(run), 0);
  expect(of(['bff', 'mediated'])).toBe(counted.by_client['confidant-web']?.refresh_token);
  expect(of(['browser', 'browser-dpop', 'worker'])).toBe(
    counted.by_client['confidant-spa']?.refresh_token,
  );

  await expectAccessible(page);

  // A result that was taken along can be opened again.
  const table = await page.getByRole('table').first().innerText();
  await page.goto('/compare');
  await openFile(page, file);
  await expect(page.getByRole('table').first()).toBeVisible();
  expect(await page.getByRole('table').first().innerText()).toBe(table);
});

test('a comparison can be stopped, and says what it has', async ({ page }) => {
  await page.goto('/compare');
  for (const kind of KINDS.slice(1)) await page.locator(`input[value=${kind}]`).uncheck();
  await page.getByLabel('Wait before each step').check();
  await page.getByRole('button', { name: 'Run' }).click();
  await allow(page);
  await page.getByRole('button', { name: 'Do it' }).click();
  await expect(page.locator('#compare-progress')).toContainText('Call (2 of 8)');
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(page.locator('#compare-progress')).toContainText('Stopped');
  await expect(page.getByRole('table').first()).toContainText('not measured');
});

test('somebody who declines is told so, and the comparison goes on when they come back', async ({
  page,
  guard,
}) => {
  guard.expectStatus(400);
  guard.expectStatus(401);
  await page.goto('/compare');
  for (const kind of KINDS.slice(1)) await page.locator(`input[value=${kind}]`).uncheck();
  await page.getByRole('button', { name: 'Run' }).click();
  await logIn(page, 'alice');
  await consent(page, 'Deny');
  await expect(page.getByRole('heading', { name: 'The sign-in was declined' })).toBeVisible();
  await page.goto('/compare');
  await page.locator('main details').first().click();
  await expect(page.getByText('Nobody signed in.').first()).toBeAttached();
});

test('a file that is no result is refused in words', async ({ page }) => {
  await page.goto('/compare');
  await openFile(page, { name: 'x.json', mimeType: 'application/json', buffer: Buffer.from('{"version":99}') });
  await expect(page.getByRole('alert')).toContainText('no result of a comparison');
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('nothing is offered that would do nothing', async ({ page }) => {
    await page.goto('/compare');
    await expect(page.getByRole('alert')).toContainText('takes scripts');
    await expect(page.getByRole('button', { name: 'Run' })).toBeDisabled();
    await expect(page.locator('#compare-file')).toBeDisabled();
  });
});
