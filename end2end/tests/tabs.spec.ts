import { press, toPanel } from '../support/faults.ts';
import { headline, signIn } from '../support/steps.ts';
import { expect, test } from '../support/test.ts';

test('four tabs, an expired token, one token request, four good answers', async ({ page, context, site }) => {
  await signIn(page, 'alice');
  await toPanel(page);
  // So that all four are there before the first answer is.
  await press(page, 'Slow, 3 s');
  const before = await site.provider.tokenRequests();
  await page.evaluate(async () => {
    await fetch('/auth/expire', { method: 'POST', headers: { 'X-CSRF': '1' } });
  });

  const tabs = await Promise.all([0, 1, 2, 3].map(() => context.newPage()));
  const answers = await Promise.all(tabs.map((tab) => tab.goto('/bff/profile')));
  expect(answers.map((answer) => answer?.status())).toEqual([200, 200, 200, 200]);
  for (const tab of tabs) {
    await expect(headline(tab, 'Your account, as the provider knows it')).toBeVisible();
    await expect(tab.getByRole('definition').filter({ hasText: 'alice@example.com' })).toBeVisible();
  }
  expect(await site.provider.tokenRequests()).toEqual({ ...before, refresh: before.refresh + 1 });
  const tokens = await Promise.all(tabs.map((tab) => tab.locator('[data-token="access"]').innerText()));
  expect(new Set(tokens).size, 'all hold the same token').toBe(1);
});
