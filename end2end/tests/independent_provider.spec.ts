import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import { SOFTWARE, type IndependentProvider, type Software } from '../support/independent.ts';
import { expect, test } from '../support/independent_site.ts';
import { expectMenu, type Kind } from '../support/kinds.ts';
import { disguises } from '../support/disguises.ts';
import { fingerprint, headline } from '../support/steps.ts';
import { Wiretap } from '../support/wiretap.ts';

for (const software of SOFTWARE) {
  test.describe(software.name, () => {
    test.use({ software });
    for (const kind of software.kinds) test.describe(kind.id, () => suite(software, kind));
  });
}

function suite(software: Software, kind: Kind): void {
  // A page gets a token without offline access, by a refresh if the server's has it.
  const handed = kind.id === 'mediated' && software.offlineScope ? 1 : 0;
  // A page asks userinfo where there is no introspection; the server says that there is none.
  const validated =
    software.introspects || kind.refreshToken !== 'server' ? 'The provider says: active' : 'That did not work';

  test.beforeEach(({ guard, idp }) => {
    // The provider's own pages ask for what a closed network does not have.
    guard.expect(/fonts\.googleapis\.com/);
    guard.expectStatus(404, new URL('/favicon.ico', idp.issuer).href);
    // A document of the server's that asks to sign in.
    if (kind.drawnBy === 'server') guard.expectStatus(401);
    // The first proof of possession lacks the provider's nonce.
    if (kind.bound) {
      guard.expectStatus(400, '/token');
      guard.expectStatus(401, software.userinfo);
    }
  });

  test('the whole menu', async ({ page, idp }) => {
    const asked = () => idp.tokenRequests(kind.client);
    const first = await test.step('sign in', async () => {
      await signIn(page, idp, kind);
      await expectMenu(page, kind);
      expect(await asked()).toEqual({ code: 1, refresh: 0 });
      return fingerprint(page);
    });

    await test.step('get the profile', async () => {
      await page.getByRole('button', { name: 'Get profile' }).click();
      await expect(headline(page, 'Your account, as the provider knows it')).toBeVisible();
      await expectProfile(page);
      expect(await asked(), 'the token was still good').toEqual({ code: 1, refresh: handed });
      await toMenuOf(page, kind);
    });

    const second = await test.step('expire and call', async () => {
      const before = await fingerprint(page);
      await page.getByRole('button', { name: 'Expire and call' }).click();
      await expect(headline(page, 'The token had expired. Nobody noticed.')).toBeVisible();
      await expectProfile(page);
      const after = await fingerprint(page);
      await expectChange(page, before, after);
      if (kind.accessToken === 'server') {
        const log = page.getByRole('region', { name: 'What just travelled' });
        await expect(log).toHaveCount(software.exchangeLog ? 1 : 0);
      }
      expect(await asked(), 'one refresh, not two').toEqual({ code: 1, refresh: handed + 1 });
      await toMenuOf(page, kind);
      return after;
    });

    await test.step('refresh by hand', async () => {
      await page.getByRole('button', { name: 'Refresh', exact: true }).click();
      await expect(headline(page, 'Refreshed, because you asked.')).toBeVisible();
      // By hand the server refreshes its own; the page was handed another.
      await expectChange(page, handed === 0 ? second : first, await fingerprint(page));
      expect(await asked()).toEqual({ code: 1, refresh: handed + 2 });
      await page.reload();
      await expect(headline(page, 'Refreshed, because you asked.'), 'still known').toBeVisible();
      await toMenuOf(page, kind);
    });

    await test.step('validate', async () => {
      await page.getByRole('button', { name: 'Validate' }).click();
      await expect(headline(page, validated)).toBeVisible();
      await toMenuOf(page, kind);
    });

    await test.step('sign out', async () => {
      const token = await newest(idp);
      expect(await accepts(idp, token)).toBe(!kind.bound);
      await page.getByRole('button', { name: 'Sign out' }).click();
      await expect(page.getByRole('heading', { name: 'You are signed out' })).toBeVisible();
      // Where discovery names no revocation endpoint, the token lives on.
      expect(await accepts(idp, token)).toBe(!software.revokes);
      await page.goto(`/${kind.id}/menu`);
      await expect(headline(page, 'Sign in first')).toBeVisible();
    });
    expect((await idp.counts()).replays, 'no refresh token was used twice').toBe(0);
  });

  test('a token that has run out is refreshed once, however many pages need it', async ({ page, idp, context }) => {
    await idp.setAccessTokenLifetime(3);
    await signIn(page, idp, kind);
    await idp.setAccessTokenLifetime(3600);
    const before = (await idp.tokenRequests(kind.client)).refresh;
    const pages = [page, await context.newPage(), await context.newPage(), await context.newPage()];
    await sleep(3_500);
    await Promise.all(
      pages.map(async (page) => {
        await page.goto(`/${kind.id}/profile`);
        await expectProfile(page);
      }),
    );
    if (kind.refreshToken === 'server') {
      const statuses = await storm(page, `/api/account${software.userinfo}`, 50);
      expect(new Set(statuses)).toEqual(new Set([200]));
    }
    // Each page of a token-mediating backend has a token of its own, from one
    // refresh; the session's own is another.
    expect((await idp.tokenRequests(kind.client)).refresh - before).toBe(1 + handed);
    expect((await idp.counts()).replays).toBe(0);
  });

  test('an answer that was lost ends no session', async ({ page, idp, guard }) => {
    // A refresh token may be presented again only where that does no harm.
    const again = kind.bound === true || (software.grace && kind.refreshToken === 'server');
    guard.expect(/net::ERR_CONTENT_LENGTH_MISMATCH/);
    if (kind.drawnBy === 'server' && !again) guard.expectStatus(409);
    await signIn(page, idp, kind);
    const refreshes = async () => (await idp.tokenRequests(kind.client)).refresh;
    await idp.loseAnswers(1);
    await page.getByRole('button', { name: 'Expire and call' }).click();
    const title = again ? 'The token had expired. Nobody noticed.' : 'An answer was lost. You had nothing to do.';
    await expect(headline(page, title)).toBeVisible();
    await expectProfile(page);
    expect(await refreshes()).toBe(again ? 2 : 1);
    expect((await idp.counts()).replays).toBe(again && !kind.bound ? 1 : 0);
    await page.goto(`/${kind.id}/menu`);
    await page.getByRole('button', { name: 'Refresh', exact: true }).click();
    await expect(headline(page, 'Refreshed, because you asked.')).toBeVisible();
  });

  if (kind.accessToken !== 'server') return;
  test('the browser receives no token and no secret', async ({ somebody, idp, site }) => {
    const tap = await Wiretap.start();
    const page = await somebody({ proxy: tap.proxy() });
    await signIn(page, idp, kind);
    for (const [button, title] of [
      ['Get profile', 'Your account, as the provider knows it'],
      ['Expire and call', 'The token had expired. Nobody noticed.'],
      ['Refresh', 'Refreshed, because you asked.'],
      ['Validate', validated],
    ] as const) {
      await page.getByRole('button', { name: button, exact: true }).click();
      await expect(headline(page, title)).toBeVisible();
      await toMenuOf(page, kind);
    }
    await tap.stop();
    const { issued } = await idp.counts();
    expect(issued.access_token.length).toBe(3);
    const secrets = [site.secret, ...Object.values(issued).flat()].flatMap(disguises);
    const received = tap.answers.map(({ url, headers, body }) => ({ url, text: url + headers + body.toString('latin1') }));
    expect(received.length).toBeGreaterThan(10);
    const found = received.filter(({ text }) => secrets.some((secret) => text.includes(secret)));
    expect(found.map(({ url }) => url)).toEqual([]);
  });
}

/** Back to the menu: a page with a problem has a link more. */
async function toMenuOf(page: Page, kind: Kind): Promise<void> {
  await page.getByRole('link', { name: 'Back to the menu' }).first().click();
  await expectMenu(page, kind);
}

/** The whole way in, from the menu and back to it. */
async function signIn(page: Page, idp: IndependentProvider, kind: Kind): Promise<void> {
  await page.goto(`/${kind.id}/menu`);
  await expect(headline(page, 'Sign in first')).toBeVisible();
  await page.getByRole('button', { name: /^Sign in with / }).click();
  await idp.software.logIn(page, 'alice');
  await expect(page).toHaveURL(`/${kind.id}/menu`);
  await expect(page.locator('[data-token="access"]')).toBeVisible();
}

async function expectProfile(page: Page): Promise<void> {
  await expect(page.getByRole('definition').filter({ hasText: 'alice@example.com' })).toBeVisible();
}

/** The page shows both tokens, before and after. */
async function expectChange(page: Page, before: string, after: string): Promise<void> {
  expect(after).not.toBe(before);
  const change = page.getByRole('region', { name: 'What the refresh changed' });
  await expect(change).toContainText(before);
  await expect(change).toContainText(after);
}

/** The access token that was issued last. */
async function newest(idp: IndependentProvider): Promise<string> {
  return (await idp.counts()).issued.access_token.at(-1)!;
}

/** Whether the provider gives a profile for this token alone. */
async function accepts({ issuer, software }: IndependentProvider, token: string): Promise<boolean> {
  const headers = { authorization: `Bearer ${token}` };
  return (await fetch(issuer + software.userinfo, { headers })).ok;
}

/** Calls an API this many times at once, from the page. */
async function storm(page: Page, path: string, calls: number): Promise<number[]> {
  return page.evaluate(
    ([path, calls]) => {
      const call = () => fetch(path, { headers: { 'x-csrf': '1' } });
      const all = Array.from({ length: calls }, () => call().then((answer) => answer.status));
      return Promise.all(all);
    },
    [path, calls] as const,
  );
}
