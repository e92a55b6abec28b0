import { signIn } from '../support/steps.ts';
import { expect, test } from '../support/test.ts';

test('no script and no other site gets at the cookies', async ({ page, context, site }) => {
  await signIn(page, 'alice');
  const cookies = await context.cookies(site.origin);
  const names = cookies.map(({ name }) => name).sort();
  // The second binds sign-ins to this browser, for all of its tabs, and is short-lived.
  expect(names).toEqual(['__Host-Http-confidant', '__Host-Http-confidant-login']);
  for (const cookie of cookies) {
    expect(cookie).toMatchObject({
      httpOnly: true,
      secure: true,
      sameSite: 'Strict',
      path: '/',
      domain: 'localhost',
    });
  }
  const login = cookies.find(({ name }) => name.endsWith('-login'));
  expect(login?.expires, 'an hour at most').toBeLessThan(Date.now() / 1000 + 3600);
  expect(await page.evaluate(() => document.cookie)).toBe('');
  expect(await page.evaluate(() => [localStorage.length, sessionStorage.length])).toEqual([0, 0]);
});

const ENDPOINTS = [
  ...['refresh', 'expire', 'logout', 'login/start', 'login/finish'].map((path) => `auth/${path}`),
  ...['refresh_token', 'expire_and_call', 'sign_out', 'start_login', 'finish_login'].map((path) => `app/${path}`),
];

test('another site’s scripts can have no endpoint do anything', async ({ page, site, elsewhere, guard }) => {
  await signIn(page, 'alice');
  const before = await site.provider.tokenRequests();
  // What the browser says of the refusals is what should happen.
  guard.expect(/blocked by CORS policy|net::ERR_FAILED|ERR_BLOCKED_BY_RESPONSE.NotSameOrigin/);
  await page.goto(elsewhere.page());
  for (const path of ENDPOINTS) {
    const outcomes = await page.evaluate(async (url) => {
      const send = (init: RequestInit) =>
        fetch(url, { method: 'POST', credentials: 'include', ...init }).then(
          (answer) => answer.type,
          () => 'refused',
        );
      return [await send({ headers: { 'X-CSRF': '1' } }), await send({ mode: 'no-cors' })];
    }, `${site.origin}/${path}`);
    // The second is sent, and its sender is not even given an opaque answer.
    expect(outcomes, path).toEqual(['refused', 'refused']);
  }
  expect(await site.provider.tokenRequests()).toEqual(before);
  await page.goto('/bff/menu');
  await expect(page.locator('[data-token="access"]'), 'still signed in').toBeVisible();
});

test('another site’s forms can have no endpoint do anything', async ({ page, site, elsewhere, guard }) => {
  guard.expectStatus(403);
  await signIn(page, 'alice');
  const before = await site.provider.tokenRequests();
  for (const path of ENDPOINTS) {
    const form = `<form method="post" action="${site.origin}/${path}"><button>Win</button></form>`;
    await page.goto(elsewhere.page(form));
    const answer = page.waitForResponse(`**/${path}`);
    await page.getByRole('button', { name: 'Win' }).click();
    expect((await answer).status(), path).toBe(403);
    await expect(
      page.getByRole('heading', { name: 'That request came from another site' }),
    ).toBeVisible();
  }
  expect(await site.provider.tokenRequests()).toEqual(before);
  await page.goto('/bff/menu');
  await expect(page.locator('[data-token="access"]'), 'still signed in').toBeVisible();
});
