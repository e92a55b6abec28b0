import { signIn } from '../support/steps.ts';
import { expect, test } from '../support/test.ts';

test('the session cookie is out of reach of scripts and other sites', async ({ page, context, site }) => {
  await signIn(page, 'alice');
  const cookies = await context.cookies(site.origin);
  const session = cookies.find(({ name }) => name === '__Host-Http-confidant');
  expect(session).toMatchObject({ httpOnly: true, secure: true, sameSite: 'Strict', path: '/', domain: 'localhost' });
  expect(cookies.map(({ name }) => name), 'the login is over').toEqual(['__Host-Http-confidant']);
  expect(await page.evaluate(() => document.cookie)).toBe('');
  expect(await page.evaluate(() => [localStorage.length, sessionStorage.length])).toEqual([0, 0]);
});

test('another site can have no endpoint do anything', async ({ page, site, guard }) => {
  await signIn(page, 'alice');
  const before = await site.tokenRequests();
  // The provider is another site. What it may not do is part of the test.
  guard.expect(/CORS policy|Failed to load resource/);
  await page.goto(`${site.issuer}/demo`);
  for (const path of ['refresh', 'expire', 'logout', 'login/start', 'login/finish']) {
    const outcome = await page.evaluate(
      async (url) => {
        const send = (init: RequestInit) =>
          fetch(url, { method: 'POST', credentials: 'include', ...init }).then(
            (answer) => answer.status || answer.type,
            () => 'refused',
          );
        return [await send({ headers: { 'X-CSRF': '1' } }), await send({ mode: 'no-cors' })];
      },
      `${site.origin}/auth/${path}`,
    );
    expect(outcome[0], path).toBe('refused');
  }
  expect(await site.tokenRequests()).toEqual(before);
  await page.goto(`${site.origin}/bff/menu`);
  await expect(page.locator('[data-token="access"]'), 'still signed in').toBeVisible();
});
