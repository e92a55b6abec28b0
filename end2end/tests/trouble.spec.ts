import type { Page } from '@playwright/test';
import { expectMenu, kindOf, setOutFrom, signInTo, toMenuOf } from '../support/kinds.ts';
import type { FaultRule } from '../support/provider.ts';
import { consent, headline, logIn } from '../support/steps.ts';
import { expect, test } from '../support/test.ts';

const DAY = 24 * 3600 * 1000;

for (const kind of [kindOf('browser'), kindOf('browser-dpop')]) {
  /** One time, at this client's token requests. */
  const once = (grant_type: FaultRule['grant_type'], fault: FaultRule['fault']): FaultRule => ({
    endpoint: '/token',
    client: kind.client,
    grant_type,
    times: 1,
    // The first proof of possession is refused for its nonce, and spends nothing.
    skip: kind.bound && grant_type === 'authorization_code' ? 1 : 0,
    fault,
  });

  test.describe(kind.id, () => {
    test.beforeEach(({ guard }) => {
      if (kind.bound) guard.expectStatus(400, '/token');
    });

    test.describe('storage', () => {
      test('full: said, and better once there is room', async ({ page }) => {
        await page.addInitScript(() => {
          const set = Storage.prototype.setItem;
          Storage.prototype.setItem = function (key, value) {
            if (this === localStorage && !document.cookie.includes('room')) {
              throw new DOMException('full', 'QuotaExceededError');
            }
            set.call(this, key, value);
          };
        });
        await setOutFrom(page, kind);
        await logIn(page, 'alice');
        await consent(page, 'Allow');
        await expectTold(page, 'The storage of this site is full.');
        await page.evaluate(() => (document.cookie = 'room=1'));
        await page.getByRole('alert').getByRole('link').click();
        await page.getByRole('button', { name: /^Sign in with / }).click();
        await consent(page, 'Allow');
        await expectMenu(page, kind);
      });

      test('blocked: said on each page', async ({ page }) => {
        await page.addInitScript(() => {
          for (const name of ['localStorage', 'sessionStorage']) {
            Object.defineProperty(window, name, {
              get: () => {
                throw new DOMException('denied', 'SecurityError');
              },
            });
          }
        });
        for (const path of [`/${kind.id}/menu`, `/${kind.id}/profile`, `${kind.callback}?code=c&state=s`]) {
          await page.goto(path);
          await expectTold(page, 'This browser does not let the page store anything.');
        }
      });

      for (const [what, text] of [
        ['JSON of another make', '{"version":1,"grant":{"access_token":7}}'],
        ['no JSON at all', 'somebody else’s \u0000 data'],
      ] as const) {
        test(`filled by somebody else with ${what}: start over`, async ({ page }) => {
          await signInTo(page, kind);
          await page.evaluate((text) => {
            for (const storage of [localStorage, sessionStorage]) {
              for (const key of Object.keys(storage)) storage.setItem(key, text);
            }
          }, text);
          await page.reload();
          await expect(headline(page, 'Sign in first')).toBeVisible();
          await expectTold(page, 'What this browser had stored of the sign-in cannot be read.');
          await page.getByRole('button', { name: /^Sign in with / }).click();
          await consent(page, 'Allow');
          await expectMenu(page, kind);
        });
      }
    });

    test.describe('the answer with the first tokens', () => {
      test.beforeEach(({ guard }) => guard.expect(/net::ERR_|blocked by CORS policy/));

      for (const [what, fault, message] of [
        ['cut short', { kind: 'truncated' }, 'The provider\'s answer broke off.'],
        ['without CORS headers', { kind: 'without_cors' }, 'its CORS headers are missing'],
        ['lost', 'lost', 'The provider is unreachable'],
      ] as const) {
        test(`${what}: said, and a new sign-in works`, async ({ page, site }) => {
          if (fault === 'lost') await loseAnswer(page, site.issuer, 'authorization_code');
          else await site.provider.fail(once('authorization_code', fault));
          await setOutFrom(page, kind);
          await logIn(page, 'alice');
          await consent(page, 'Allow');
          await expectTold(page, message);
          await page.getByRole('alert').getByRole('link').click();
          await page.getByRole('button', { name: /^Sign in with / }).click();
          await consent(page, 'Allow');
          await expectMenu(page, kind);
        });
      }
    });

    test.describe('the answer to a refresh', () => {
      test.beforeEach(({ guard }) => guard.expect(/net::ERR_|blocked by CORS policy/));

      for (const [what, fault] of [
        ['lost', 'lost'],
        ['cut short', { kind: 'truncated' }],
        ['without CORS headers', { kind: 'without_cors' }],
      ] as const) {
        test(`${what}: nobody has to sign in again`, async ({ page, site }) => {
          await signInTo(page, kind);
          const before = await site.provider.tokenRequests(kind.client);
          let failures = 0;
          page.on('requestfailed', (request) => {
            if (request.url().endsWith('/token')) failures += 1;
          });
          if (fault === 'lost') await loseAnswer(page, site.issuer, 'refresh_token');
          else await site.provider.fail(once('refresh_token', fault));
          await page.getByRole('button', { name: 'Expire and call' }).click();
          await expect(page.getByRole('definition').filter({ hasText: 'alice@example.com' })).toBeVisible();
          await expect(page).toHaveURL(`/${kind.id}/automatic_refresh`);
          const { code, refresh } = await site.provider.tokenRequests(kind.client);
          if (kind.bound) {
            expect({ code, refresh }, 'the same refresh token, presented again').toEqual({
              code: before.code,
              // A proof makes it a request that is asked for by a preflight, which
              // was answered as badly: the first one was never sent.
              refresh: before.refresh + (what === 'without CORS headers' ? 1 : 2),
            });
          } else {
            expect({ code, refresh }, 'never presented again: a new code by prompt=none').toEqual({
              code: before.code + 1,
              refresh: before.refresh + 1,
            });
          }
          // What is cut short was answered, as far as the network is concerned.
          if (what !== 'cut short') expect(failures).toBe(1);
          await toMenuOf(page, kind);
        });
      }
    });

    test('a connection closed in place of an answer leaves a way on', async ({ page, site, guard }) => {
      guard.expect(/net::ERR_/);
      guard.expectStatus(400, '/token');
      await signInTo(page, kind);
      await site.provider.fail(once('refresh_token', { kind: 'close', at: 'after_commit' }));
      await page.getByRole('button', { name: 'Expire and call' }).click();
      // On a connection that was used before, Chromium sends the request again by
      // itself. The provider takes that for theft, unless there is a key.
      const answered = page.getByRole('definition').filter({ hasText: 'alice@example.com' });
      const told = page.getByRole('alert').filter({ hasText: 'no longer honours' });
      await expect(kind.bound ? answered : answered.or(told).first()).toBeVisible();
      await page.goto(`/${kind.id}/menu`);
      const signIn = page.getByRole('button', { name: /^Sign in with / });
      await expect(signIn.or(page.getByRole('button', { name: 'Get profile' }))).toBeVisible();
      if (await signIn.isVisible()) {
        await signIn.click();
        await consent(page, 'Allow');
      }
      await expectMenu(page, kind);
    });

    test('what the provider lets no page read is said to be so', async ({ page, site, guard }) => {
      guard.expect(/net::ERR_|blocked by CORS policy/);
      await signInTo(page, kind);
      await site.provider.fail({ endpoint: '/userinfo', fault: { kind: 'without_cors' } });
      await page.getByRole('button', { name: 'Get profile' }).click();
      await expectTold(page, 'its CORS headers are missing');
      await site.provider.fail();
      await page.getByRole('link', { name: 'Back to the menu' }).first().click();
      await page.getByRole('button', { name: 'Get profile' }).click();
      await expect(headline(page, 'Your account, as the provider knows it')).toBeVisible();
    });

    test('a provider that cannot be discovered is told of where one signs in', async ({ page, site, guard }) => {
      guard.expect(/net::ERR_|blocked by CORS policy/);
      await site.provider.fail({ endpoint: '/.well-known/*', times: 1, fault: { kind: 'without_cors' } });
      await page.goto(`/${kind.id}/menu`);
      const button = page.getByRole('button', { name: /^Sign in with / });
      await button.click();
      await expectTold(page, 'its CORS headers are missing');
      await button.click();
      await expect(page).toHaveTitle('Sign in · Meridian ID');
    });

    test('an end at the provider is told, and asks to sign in', async ({ page, site, guard }) => {
      guard.expectStatus(400, '/token');
      await signInTo(page, kind);
      await site.provider.revoke('alice');
      await page.getByRole('button', { name: 'Expire and call' }).click();
      await expect(page.getByRole('alert').first()).toContainText('no longer honours');
      await page.reload();
      await page.getByRole('button', { name: /^Sign in with / }).click();
      await consent(page, 'Allow');
      await expect(page.locator('[data-token="access"]')).toBeVisible();
    });

    for (const [what, offset] of [
      ['ahead', DAY],
      ['behind', -DAY],
    ] as const) {
      test(`a clock a day ${what} changes nothing`, async ({ page, site, guard }) => {
        if (kind.bound) guard.expectStatus(401, '/userinfo');
        await page.clock.install({ time: Date.now() + offset });
        await signInTo(page, kind);
        await expect(page.locator('svg.ring text')).toHaveText(/^[1-6]?\d s$/);
        await page.getByRole('button', { name: 'Get profile' }).click();
        await expect(headline(page, 'Your account, as the provider knows it')).toBeVisible();
        expect((await site.provider.tokenRequests(kind.client)).refresh).toBe(0);
        await toMenuOf(page, kind);
        await page.getByRole('button', { name: 'Expire and call' }).click();
        await expect(headline(page, 'The token had expired. Nobody noticed.')).toBeVisible();
        await page.reload();
        await expect(page.locator('svg.ring text')).toHaveText(/^[1-6]?\d s$/);
      });
    }
  });
}

test.describe('worker', () => {
  const told = {
    'refused by the browser': 'The service worker could not be registered.',
    'not there': 'This browser does not offer service workers here.',
  };
  for (const [how, words] of Object.entries(told)) {
    test(`a service worker that is ${how} is said on each page`, async ({ page }) => {
      await page.addInitScript((how) => {
        const [owner, name, value] =
          how === 'not there'
            ? [Navigator.prototype, 'serviceWorker', undefined]
            : [ServiceWorkerContainer.prototype, 'register', () => Promise.reject(new TypeError('no'))];
        Object.defineProperty(owner, name, { value });
      }, how);
      for (const path of ['/worker/menu', '/worker/profile']) {
        await page.goto(path);
        await expectTold(page, words);
      }
    });
  }
});

test('the silent way back does not go round in circles where the provider asks', async ({ page, site, guard }) => {
  guard.expect(/net::ERR_/);
  const kind = kindOf('browser');
  await signInTo(page, kind);
  await loseAnswer(page, site.issuer, 'refresh_token');
  // The provider forgets this browser, so it would have to ask.
  await page.context().clearCookies({ domain: '127.0.0.1' });
  await page.getByRole('button', { name: 'Expire and call' }).click();
  await expectTold(page, 'The provider wants to ask you something first.');
  await page.getByRole('alert').getByRole('link').click();
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
});

/**
 * Loses the next answer to such a request, on its last way to the page: the
 * provider has sent it. Closing the connection instead would have Chromium
 * send the request again by itself, if the connection had been used before.
 */
async function loseAnswer(page: Page, issuer: string, grant: string): Promise<void> {
  let lost = false;
  await page.route(`${issuer}/token`, async (route) => {
    const body = route.request().postData() ?? '';
    if (lost || !body.includes(`grant_type=${grant}`)) return route.continue();
    const answer = await route.fetch();
    // A proof without the provider's nonce is refused, and nothing was done.
    if (answer.status() !== 200) return route.fulfill({ response: answer });
    lost = true;
    return route.abort('connectionreset');
  });
}

/** Something is said in these words, on a page that is whole, with a way on. */
async function expectTold(page: Page, words: string): Promise<void> {
  const alert = page.getByRole('alert').filter({ hasText: words });
  await expect(alert).toBeVisible();
  await expect(alert.getByRole('link')).toBeVisible();
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
}
