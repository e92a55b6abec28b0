import type { Page } from '@playwright/test';
import type { Site } from '../support/site.ts';
import { comeBack, consent, fingerprint, headline, logIn, MENU, setOut, signIn, toMenu, type Mode } from '../support/steps.ts';
import { expect, test } from '../support/test.ts';

/** The example's whole menu, step by step, as alice. */
async function tour(page: Page, site: Site, mode: Mode): Promise<void> {
  await test.step('sign in', async () => {
    await signIn(page, 'alice', mode);
    expect(await site.provider.tokenRequests()).toEqual({ code: 1, refresh: 0 });
    await expect(page.getByRole('button', { name: 'Sign out' })).toBeVisible();
  });
  const first = await fingerprint(page);

  await test.step('get the profile', async () => {
    await page.getByRole('button', { name: 'Get profile' }).click();
    await expect(headline(page, 'Your account, as the provider knows it')).toBeVisible();
    await expect(page).toHaveURL(at('/bff/profile'));
    await expect(page.getByRole('definition').filter({ hasText: 'alice@example.com' })).toBeVisible();
    expect(await site.provider.tokenRequests(), 'the token was still good').toEqual({ code: 1, refresh: 0 });
    expect(await fingerprint(page)).toBe(first);
    await toMenu(page);
  });

  const second = await test.step('expire and call', async () => {
    await page.getByRole('button', { name: 'Expire and call' }).click();
    await expect(headline(page, 'The token had expired. Nobody noticed.')).toBeVisible();
    await expect(page).toHaveURL('/bff/automatic_refresh');
    const after = await fingerprint(page);
    expect(after).not.toBe(first);
    await expectChange(page, first, after);
    expect(await site.provider.tokenRequests(), 'one refresh, not two').toEqual({ code: 1, refresh: 1 });
    await toMenu(page);
    return after;
  });

  await test.step('refresh by hand', async () => {
    await page.getByRole('button', { name: 'Refresh', exact: true }).click();
    await expect(headline(page, 'Refreshed, because you asked.')).toBeVisible();
    await expect(page).toHaveURL('/bff/manual_refresh');
    const after = await fingerprint(page);
    expect(after).not.toBe(second);
    await expectChange(page, second, after);
    expect(await site.provider.tokenRequests()).toEqual({ code: 1, refresh: 2 });
    await toMenu(page);
  });

  await test.step('validate', async () => {
    await page.getByRole('button', { name: 'Validate' }).click();
    await expect(headline(page, 'The provider says: active')).toBeVisible();
    await expect(page).toHaveURL(at('/bff/validate'));
    await toMenu(page);
  });

  await test.step('sign out', async () => {
    await page.getByRole('button', { name: 'Sign out' }).click();
    await expect(page.getByRole('heading', { name: 'You are signed out' })).toBeVisible();
    await expect(page).toHaveURL('/?signed_out=demo');
    await page.goto('/bff/menu');
    await expect(headline(page, 'Sign in first')).toBeVisible();
  });
}

/** A page's address. A form that asks by GET leaves its question mark behind. */
const at = (path: string) => new RegExp(`${path}\\??$`);

/** The page shows both tokens, and the log the exchange that made one the other. */
async function expectChange(page: Page, before: string, after: string): Promise<void> {
  const change = page.getByRole('region', { name: 'What the refresh changed' });
  await expect(change).toContainText(before);
  await expect(change).toContainText(after);
  const log = page.getByRole('region', { name: 'What just travelled' });
  await expect(log).toContainText('1 token request');
  await expect(log.getByRole('listitem').filter({ hasText: 'POST /token, refresh_token' }).first()).toBeVisible();
}

test('alice takes the whole tour', async ({ page, site, guard }) => {
  guard.expectStatus(401);
  await tour(page, site, { scripts: true });
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('alice takes the whole tour', async ({ page, site, guard }) => {
    guard.expectStatus(401);
    await tour(page, site, { scripts: false });
  });

  test('a declined consent says so and offers another try', async ({ page, guard }) => {
    guard.expectStatus(400);
    await decline(page, { scripts: false });
  });
});

test('a declined consent says so and offers another try', async ({ page, guard }) => {
  guard.expectStatus(400);
  await decline(page, { scripts: true });
});

async function decline(page: Page, mode: Mode): Promise<void> {
  await setOut(page);
  await logIn(page, 'alice');
  await consent(page, 'Deny');
  await comeBack(page, mode);
  await expect(headline(page, 'The sign-in was declined')).toBeVisible();
  await page.getByRole('link', { name: 'Sign in again' }).click();
  await expect(page.getByRole('button', { name: /^Sign in with / })).toBeVisible();
}

test('a page that needs a session brings one back to itself', async ({ page, guard }) => {
  guard.expectStatus(401);
  const answer = await page.goto('/bff/profile');
  expect(answer?.status()).toBe(401);
  await page.getByRole('button', { name: /^Sign in with / }).click();
  await logIn(page, 'bob');
  await consent(page, 'Allow');
  await expect(page).toHaveURL('/bff/profile');
  await expect(page.getByRole('definition').filter({ hasText: 'bob@example.com' })).toBeVisible();
});

test('the bare paths of the example lead to the pages', async ({ page }) => {
  await signIn(page, 'alice');
  for (const path of ['menu', 'profile', 'automatic_refresh', 'manual_refresh', 'validate']) {
    await page.goto(`/${path}`);
    await expect(page).toHaveURL(`/bff/${path}`);
  }
  await page.goto('/menu');
  await expect(headline(page, MENU)).toBeVisible();
});
