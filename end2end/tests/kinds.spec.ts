import type { Page, Request } from '@playwright/test';
import { expectAccessible } from '../support/axe.ts';
import {
  expectMenu,
  KINDS,
  refreshFingerprint,
  setOutFrom,
  shownToken,
  signInTo,
  toMenuOf,
  type Kind,
} from '../support/kinds.ts';
import { consent, fingerprint, headline, logIn } from '../support/steps.ts';
import { expect, test } from '../support/test.ts';

for (const kind of KINDS) {
  test.describe(kind.id, { tag: kind.inFirefox ? '@firefox' : [] }, () => {
    test.beforeEach(({ guard }) => {
      // A document of the server's that asks to sign in.
      if (kind.drawnBy === 'server') guard.expectStatus(401);
      // The first proof of possession lacks the provider's nonce.
      if (kind.bound) guard.expectStatus(400, '/token');
    });

    test('the whole menu', async ({ page, site }) => {
      const asked = () => site.provider.tokenRequests(kind.client);
      // The first proof of possession lacks the provider's nonce.
      const code = kind.bound ? 2 : 1;
      // What is handed to a page is narrower than what the server has, by a refresh.
      const handed = kind.accessToken === kind.refreshToken ? 0 : 1;
      const first = await test.step('sign in', async () => {
        await signInTo(page, kind);
        await expectMenu(page, kind);
        expect(await asked()).toEqual({ code, refresh: 0 });
        return fingerprint(page);
      });

      const shown = await test.step('get the profile', async () => {
        await page.getByRole('button', { name: 'Get profile' }).click();
        await expect(headline(page, 'Your account, as the provider knows it')).toBeVisible();
        await expect(page).toHaveURL(at(kind, 'profile'));
        await expect(claim(page, 'alice@example.com')).toBeVisible();
        expect(await asked(), 'the token was still good').toEqual({ code, refresh: handed });
        const after = await fingerprint(page);
        expect(after === first).toBe(handed === 0);
        await toMenuOf(page, kind);
        return after;
      });

      const second = await test.step('expire and call', async () => {
        await page.getByRole('button', { name: 'Expire and call' }).click();
        await expect(headline(page, 'The token had expired. Nobody noticed.')).toBeVisible();
        await expect(page).toHaveURL(at(kind, 'automatic_refresh'));
        await expect(claim(page, 'alice@example.com')).toBeVisible();
        const after = await fingerprint(page);
        await expectChange(page, shown, after);
        expect(await asked(), 'one refresh, not two').toEqual({ code, refresh: handed + 1 });
        await toMenuOf(page, kind);
        return after;
      });

      const third = await test.step('refresh by hand', async () => {
        await page.getByRole('button', { name: 'Refresh', exact: true }).click();
        await expect(headline(page, 'Refreshed, because you asked.')).toBeVisible();
        await expect(page).toHaveURL(at(kind, 'manual_refresh'));
        const after = await fingerprint(page);
        // By hand the server refreshes its own; the page was handed another.
        await expectChange(page, handed === 0 ? second : first, after);
        expect(await asked()).toEqual({ code, refresh: handed + 2 });
        await toMenuOf(page, kind);
        return after;
      });

      await test.step('validate', async () => {
        await page.getByRole('button', { name: 'Validate' }).click();
        await expect(headline(page, 'The provider says: active')).toBeVisible();
        await expect(page).toHaveURL(at(kind, 'validate'));
        await toMenuOf(page, kind);
      });

      await test.step('reload', async () => {
        await page.reload();
        await expectMenu(page, kind);
        expect(await fingerprint(page)).toBe(third);
        expect(await asked()).toEqual({ code, refresh: handed + 2 });
      });

      await test.step('sign out', async () => {
        const tokens = [third, await refreshFingerprint(page)];
        for (const token of tokens) {
          expect(await site.provider.tokenStatus(token), token).toMatchObject({
            active: true,
            client: kind.client,
          });
        }
        await page.getByRole('button', { name: 'Sign out' }).click();
        await expect(page.getByRole('heading', { name: 'You are signed out' })).toBeVisible();
        for (const token of tokens) {
          expect(await site.provider.tokenStatus(token), token).toMatchObject({
            active: false,
            reason: 'by_client',
          });
        }
        await page.goto(`/${kind.id}/menu`);
        await expect(headline(page, 'Sign in first')).toBeVisible();
        expect(await page.evaluate(() => JSON.stringify({ ...localStorage }))).not.toContain(
          'access_token',
        );
      });
    });

    test('a declined consent says so; a page brings one back to itself', async ({ page, site, guard }) => {
      guard.expectStatus(400);
      await setOutFrom(page, kind, 'profile');
      await logIn(page, 'bob');
      await consent(page, 'Deny');
      await expect(headline(page, 'The sign-in was declined')).toBeVisible();
      expect(await site.provider.tokenRequests()).toEqual({ code: 0, refresh: 0 });
      await page.getByRole('link', { name: 'Sign in again' }).click();
      await expect(page.getByRole('button', { name: /^Sign in with / })).toBeVisible();

      await page.goto(`/${kind.id}/profile`);
      await page.getByRole('button', { name: /^Sign in with / }).click();
      // The provider knows bob by now.
      await consent(page, 'Allow');
      await expect(page).toHaveURL(`/${kind.id}/profile`);
      await expect(claim(page, 'bob@example.com')).toBeVisible();
    });

    test('two sign-ins at once in two tabs are two ways to one session', async ({ page, context }) => {
      const other = await context.newPage();
      await setOutFrom(page, kind);
      await setOutFrom(other, kind, 'profile');
      await logIn(page, 'alice');
      await consent(page, 'Allow');
      await expectMenu(page, kind);
      // The login page that was open all the while.
      await logIn(other, 'alice');
      await consent(other, 'Allow');
      await expect(other).toHaveURL(`/${kind.id}/profile`);
      await expect(claim(other, 'alice@example.com')).toBeVisible();
      await page.reload();
      await expectMenu(page, kind);
      await page.getByRole('button', { name: 'Refresh', exact: true }).click();
      await expect(headline(page, 'Refreshed, because you asked.')).toBeVisible();
    });

    test('two people in two browsers have a session each', async ({ somebody, site }) => {
      const [alice, bob] = await Promise.all([somebody(), somebody()]);
      await Promise.all([signInTo(alice, kind, 'alice'), signInTo(bob, kind, 'bob')]);
      const tokens = [await fingerprint(alice), await fingerprint(bob)] as const;
      expect(tokens[0]).not.toBe(tokens[1]);
      for (const [page, own] of [
        [alice, 'alice@example.com'],
        [bob, 'bob@example.com'],
      ] as const) {
        await page.getByRole('button', { name: 'Get profile' }).click();
        await expect(claim(page, '@example.com')).toHaveText(own);
      }
      await alice.getByRole('button', { name: 'Sign out' }).click();
      await expect(alice.getByRole('heading', { name: 'You are signed out' })).toBeVisible();
      expect((await site.provider.tokenStatus(tokens[0])).active).toBe(false);
      expect((await site.provider.tokenStatus(tokens[1])).active, 'the other’s lives').toBe(true);
      await bob.goto(`/${kind.id}/menu`);
      await expectMenu(bob, kind);
      expect(await fingerprint(bob)).toBe(tokens[1]);
    });

    test('the back button and a used link after the callback change nothing', async ({
      page,
      site,
      somebody,
      guard,
    }) => {
      guard.expectStatus(400);
      const answers: string[] = [];
      page.on('request', (request) => {
        if (isCallback(request, kind)) answers.push(request.url());
      });
      await signInTo(page, kind);
      const token = await fingerprint(page);
      expect(answers).toHaveLength(1);

      await test.step('back, and back again', async () => {
        for (let steps = 0; steps < 3; steps += 1) {
          if (!(await page.goBack().catch(() => null))) break;
          await expect(page.getByRole('heading').first(), page.url()).toBeVisible();
          await expect(page).not.toHaveURL(new RegExp(`${kind.callback}\\?`));
        }
        await page.goto(`/${kind.id}/menu`);
        await expectMenu(page, kind);
        expect(await fingerprint(page)).toBe(token);
      });

      await test.step('the same link again', async () => {
        await page.goto(answers[0]!);
        if (kind.refreshToken === 'server') {
          await expect(headline(page, 'The sign-in did not work out')).toBeVisible();
          await expect(page.getByRole('alert')).toContainText('A session that you had before goes on.');
          await page.goto(`/${kind.id}/menu`);
        }
        await expect(page).toHaveURL(`/${kind.id}/menu`);
        await expectMenu(page, kind);
        expect(await fingerprint(page)).toBe(token);
      });

      await test.step('in somebody else’s browser', async () => {
        const other = await somebody();
        await other.goto(answers[0]!);
        await expect(headline(other, 'The sign-in did not work out')).toBeVisible();
        await other.goto(`/${kind.id}/menu`);
        await expect(headline(other, 'Sign in first')).toBeVisible();
      });

      expect((await site.provider.tokenRequests()).code, 'no code was sent twice').toBe(kind.bound ? 2 : 1);
      expect((await site.provider.tokenStatus(token)).active).toBe(true);
    });

    test('an error instead of a code is told, whether or not it is an answer', async ({ page, site, guard }) => {
      guard.expectStatus(400);
      await test.step('to nothing that was asked', async () => {
        await page.goto(`${kind.callback}?error=access_denied&state=made-up`);
        await expect(headline(page, /^The sign-in (did not work out|was declined)$/)).toBeVisible();
        await expect(page.getByRole('link', { name: 'Sign in again' })).toBeVisible();
      });
      await test.step('to what was asked', async () => {
        const asked = page.waitForRequest((request) => request.url().includes('/authorize?'));
        await setOutFrom(page, kind);
        const state = new URL((await asked).url()).searchParams.get('state');
        const answer = new URLSearchParams({ error: 'access_denied', state: state!, iss: site.issuer });
        await page.goto(`${kind.callback}?${answer}`);
        await expect(headline(page, 'The sign-in was declined')).toBeVisible();
      });
      await page.goto(`/${kind.id}/menu`);
      await expect(headline(page, 'Sign in first')).toBeVisible();
      expect(await site.provider.tokenRequests()).toEqual({ code: 0, refresh: 0 });
    });

    test('a token is shown where the page has it, and is what it is said to be', async ({ page, site }) => {
      await signInTo(page, kind);
      // By now a page that is handed its token was handed it.
      await page.getByRole('button', { name: 'Get profile' }).click();
      await expect(claim(page, 'alice@example.com')).toBeVisible();
      for (const which of ['access', 'refresh'] as const) {
        const control = page.getByText(`Show the ${which} token`);
        if (kind[`${which}Token`] !== 'browser') {
          await expect(control).toHaveCount(0);
          await expect(shownToken(page, which)).toHaveCount(0);
          continue;
        }
        await expect(shownToken(page, which)).toBeHidden();
        await control.click();
        await expect(shownToken(page, which)).toHaveText(/^\S{20,}$/);
      }
      const stored = JSON.stringify(await page.context().storageState({ indexedDB: true }));
      expect(stored.includes('access_token')).toBe(kind.refreshToken === 'browser');
      if (kind.accessToken !== 'browser') return;

      // What a thief could do with it, far from the browser.
      const token = await shownToken(page, 'access').innerText();
      const answer = await fetch(`${site.issuer}/api/me`, {
        headers: { authorization: `Bearer ${token}` },
      });
      if (kind.bound) {
        expect(answer.status).toBe(401);
        expect(answer.headers.get('www-authenticate')).toContain('invalid_token');
      } else {
        expect(answer.status).toBe(200);
        expect(await answer.text()).toContain('alice');
      }
    });

    test('axe finds nothing, and nothing sticks out of a narrow screen', async ({ page, browserName }) => {
      // The same markup and colours in every browser, and slow in Firefox.
      const axe = browserName === 'firefox' ? async () => {} : expectAccessible;
      await page.setViewportSize({ width: 360, height: 740 });
      const width = () => page.evaluate(() => document.documentElement.scrollWidth);
      await page.goto(`/${kind.id}/menu`);
      await expect(headline(page, 'Sign in first')).toBeVisible();
      expect(await width(), 'sign in first').toBeLessThanOrEqual(360);
      await axe(page);
      await signInTo(page, kind);
      await axe(page);
      await page.getByRole('button', { name: 'Expire and call' }).click();
      await expect(headline(page, 'The token had expired. Nobody noticed.')).toBeVisible();
      for (const control of await page.getByText(/^Show the /).all()) await control.click();
      expect(await width(), 'after a refresh').toBeLessThanOrEqual(360);
      await toMenuOf(page, kind);
      expect(await width(), 'menu').toBeLessThanOrEqual(360);
    });
  });
}

/** A page's address. A form that asks by GET leaves its question mark behind. */
function at(kind: Kind, page: string): RegExp {
  return new RegExp(`/${kind.id}/${page}\\??$`);
}

/** The response of the userinfo endpoint. */
function claim(page: Page, text: string) {
  return page.getByRole('definition').filter({ hasText: text });
}

/** Whether a request loads the callback page, with an answer. */
function isCallback(request: Request, kind: Kind): boolean {
  const { pathname, search } = new URL(request.url());
  return request.isNavigationRequest() && pathname === kind.callback && search !== '';
}

/** The page shows both tokens, and the log the exchange that made one the other. */
async function expectChange(page: Page, before: string, after: string): Promise<void> {
  expect(after).not.toBe(before);
  const change = page.getByRole('region', { name: 'What the refresh changed' });
  await expect(change).toContainText(before);
  await expect(change).toContainText(after);
  const log = page.getByRole('region', { name: 'What just travelled' });
  // Once opened it stays open, whatever the page shows next.
  const session = log.locator('details.session');
  if ((await session.getAttribute('open')) === null) await session.locator('> summary').click();
  const exchange = log.getByRole('listitem').filter({ hasText: 'POST /token, refresh_token' });
  await expect(exchange.last()).toBeVisible();
}
