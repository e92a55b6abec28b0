import type { Route } from '@playwright/test';
import { hydrated, fingerprint, headline, MENU, signIn } from '../support/steps.ts';
import { expect, test } from '../support/test.ts';

test('a session outlives reloads and restarts of the server', async ({ page, site }) => {
  await signIn(page, 'alice');
  const token = await fingerprint(page);

  await page.reload();
  await expect(headline(page, MENU)).toBeVisible();
  expect(await fingerprint(page)).toBe(token);

  await site.restart();
  await page.reload();
  expect(await fingerprint(page)).toBe(token);

  // The token itself is as good as it was, and so is the refresh token.
  await page.getByRole('button', { name: 'Get profile' }).click();
  await expect(page.getByRole('definition').filter({ hasText: 'alice@example.com' })).toBeVisible();
  expect(await fingerprint(page)).toBe(token);
  await page.goto('/bff/menu');
  await page.getByRole('button', { name: 'Refresh', exact: true }).click();
  await expect(headline(page, 'Refreshed, because you asked.')).toBeVisible();
  expect(await fingerprint(page)).not.toBe(token);
});

test('two people in two browsers have a session each', async ({ somebody, guard }) => {
  guard.expectStatus(401);
  const [alice, bob] = await Promise.all([somebody(), somebody()]);
  await signIn(alice, 'alice');
  await signIn(bob, 'bob');
  const tokens = [await fingerprint(alice), await fingerprint(bob)];
  expect(tokens[0]).not.toBe(tokens[1]);

  for (const [page, own, other] of [
    [alice, 'alice@example.com', 'bob@example.com'],
    [bob, 'bob@example.com', 'alice@example.com'],
  ] as const) {
    await page.goto('/bff/profile');
    const claims = page.getByRole('region', { name: 'Account profile' });
    await expect(claims).toContainText(own);
    await expect(claims).not.toContainText(other);
  }

  await alice.getByRole('button', { name: 'Sign out' }).click();
  await expect(alice.getByRole('heading', { name: 'You are signed out' })).toBeVisible();
  await bob.goto('/bff/menu');
  expect(await fingerprint(bob), 'the other session goes on').toBe(tokens[1]);
});

test('a hydrated page acts without loading another', async ({ page }) => {
  await signIn(page, 'alice');
  await hydrated(page);
  let documents = 0;
  page.on('request', (request) => {
    if (request.isNavigationRequest()) documents += 1;
  });
  await page.getByRole('button', { name: 'Expire and call' }).click();
  await expect(headline(page, 'The token had expired. Nobody noticed.')).toBeVisible();
  await page.getByRole('link', { name: 'Back to the menu' }).click();
  await expect(headline(page, MENU)).toBeVisible();
  expect(documents).toBe(0);
});

test('a press is one request, and the page shows the result in place', async ({ page }) => {
  await signIn(page, 'alice');
  await hydrated(page);
  const before = await fingerprint(page);
  const requests: string[] = [];
  page.on('request', (request) => requests.push(`${request.method()} ${new URL(request.url()).pathname}`));
  await page.getByRole('button', { name: 'Refresh', exact: true }).click();
  await expect(headline(page, 'Refreshed, because you asked.')).toBeVisible();
  await expect(page).toHaveURL('/bff/manual_refresh');
  expect(await fingerprint(page)).not.toBe(before);
  expect(requests).toEqual(['POST /app/refresh_token']);
  await page.goBack();
  await expect(headline(page, MENU)).toBeVisible();
});

for (const [what, fail, says] of [
  ['is unreachable', (route: Route) => route.abort('connectionrefused'), 'The server gave no answer.'],
  ['answers nonsense', (route: Route) => route.fulfill({ status: 200, body: '<html>' }), 'makes no sense'],
  ['is overloaded', (route: Route) => route.fulfill({ status: 502, body: '<html>' }), 'makes no sense'],
] as const) {
  test(`a server that ${what} is reported, and the action can be tried again`, async ({ page, guard }) => {
    guard.expect(/net::ERR_|status of 502/);
    await signIn(page, 'alice');
    await hydrated(page);
    const before = await fingerprint(page);
    await page.route('**/app/refresh_token', fail, { times: 1 });
    await page.getByRole('button', { name: 'Refresh', exact: true }).click();
    await expect(page.getByRole('alert')).toContainText(says);
    await expect(headline(page, MENU)).toBeVisible();
    expect(await fingerprint(page), 'what was shown stays').toBe(before);
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect(headline(page, 'Refreshed, because you asked.')).toBeVisible();
    await expect(page.getByRole('alert')).toHaveCount(0);
  });
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled });

    test('a link from another site finds the session', async ({ page, site, elsewhere }) => {
      await signIn(page, 'alice', { scripts: javaScriptEnabled });
      // The Strict cookie stays at home on the way here.
      await page.goto(elsewhere.page(`<a href="${site.origin}/bff/menu">Go</a>`));
      await page.getByRole('link', { name: 'Go' }).click();
      await expect(headline(page, MENU)).toBeVisible();
    });
  });
}
