import type { BrowserContext, Page } from '@playwright/test';
import { expireStored, expectMenu, kindOf, signInTo, toMenuOf, type Kind } from '../support/kinds.ts';
import { headline } from '../support/steps.ts';
import { expect, test } from '../support/test.ts';

for (const kind of [kindOf('browser'), kindOf('browser-dpop')]) {
  test.describe(kind.id, () => {
    test.beforeEach(({ guard }) => {
      // Each tab's first proof of possession lacks the provider's nonce.
      if (kind.bound) {
        guard.expectStatus(400, '/token');
        guard.expectStatus(401, '/userinfo');
      }
    });

    for (const [count, rounds] of [
      [2, 5],
      [4, 20],
    ] as const) {
      test(`${count} tabs with one expired token ask for one, ${rounds} times`, async ({ page, context, site }) => {
        test.setTimeout(240_000);
        await signInTo(page, kind);
        const tabs = [page, ...(await open(context, kind, count - 1))];
        // Each has called once, and knows what the provider wants in a proof.
        await callAll(tabs);
        for (let round = 1; round <= rounds; round += 1) {
          await Promise.all(tabs.map((tab) => toMenuOf(tab, kind)));
          const { refresh } = await site.provider.tokenRequests(kind.client);
          await expireStored(tabs, kind);
          await callAll(tabs);
          const after = await site.provider.tokenRequests(kind.client);
          expect(after.refresh - refresh, `round ${round}`).toBe(1);
        }
      });
    }

    for (const at of ['before_commit', 'after_commit'] as const) {
      test(`a tab closed in mid-refresh blocks nobody (answer delayed, ${at})`, async ({ page, context, site }) => {
        await signInTo(page, kind);
        const [closed] = await open(context, kind, 1);
        await callAll([page, closed!]);
        await Promise.all([page, closed!].map((tab) => toMenuOf(tab, kind)));
        await site.provider.fail({
          endpoint: '/token',
          client: kind.client,
          grant_type: 'refresh_token',
          times: 1,
          fault: { kind: 'delay', ms: 4_000, at },
        });
        await expireStored([page, closed!], kind);
        await closed!.getByRole('button', { name: 'Get profile' }).click();
        // It has asked, and waits for its answer.
        await expect.poll(() => site.provider.faultHits()).toBe(1);
        await closed!.close();

        const began = Date.now();
        await callAll([page]);
        expect(Date.now() - began, 'not as long as a lease').toBeLessThan(10_000);
        await toMenuOf(page, kind);
        // And it goes on as if nothing had happened.
        await page.getByRole('button', { name: 'Refresh', exact: true }).click();
        await expect(headline(page, 'Refreshed, because you asked.')).toBeVisible();
      });
    }

    test('signed out in one tab is signed out in all', async ({ page, context, guard }) => {
      // The other tab may have heard of nothing yet, and try the token that was revoked.
      guard.expectStatus(401, '/userinfo');
      await signInTo(page, kind);
      const [other] = await open(context, kind, 1);
      await page.getByRole('button', { name: 'Sign out' }).click();
      await expect(page.getByRole('heading', { name: 'You are signed out' })).toBeVisible();
      await other!.getByRole('button', { name: 'Get profile' }).click();
      await expect(headline(other!, 'Sign in first')).toBeVisible();
    });
  });
}

/** So many more tabs, at the menu of somebody who is signed in. */
async function open(context: BrowserContext, kind: Kind, count: number): Promise<Page[]> {
  return Promise.all(
    Array.from({ length: count }, async () => {
      const tab = await context.newPage();
      await tab.goto(`/${kind.id}/menu`);
      await expectMenu(tab, kind);
      return tab;
    }),
  );
}

/** Has all of them call at the same moment, and waits for good answers. */
async function callAll(tabs: Page[]): Promise<void> {
  const moment = Date.now() + 200;
  await Promise.all(
    tabs.map((tab) =>
      tab.getByRole('button', { name: 'Get profile' }).evaluate(
        (button: HTMLButtonElement, moment) => {
          setTimeout(() => button.click(), moment - Date.now());
        },
        moment,
      ),
    ),
  );
  await Promise.all(
    tabs.map((tab) => expect(tab.getByRole('definition').filter({ hasText: 'alice@example.com' })).toBeVisible()),
  );
}
