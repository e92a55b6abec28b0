import type { Page } from '@playwright/test';
import { addRow, median, rounded, TABLE } from '../support/bench_report.ts';
import { headline, hydrated, signIn } from '../support/steps.ts';
import { expect, test } from '../support/test.ts';

/** How often each is measured, in turns. */
const ROUNDS = 15;
const REFRESHED = 'Refreshed, because you asked.';

test('from a press to its picture, by island and by plain form', async ({ page, site }) => {
  const times = { island: [] as number[], form: [] as number[] };
  const requests = { island: 0, form: 0 };
  const before = (await site.provider.tokenRequests()).refresh;
  for (let round = 0; round < ROUNDS; round += 1) {
    // A session may ask for twenty refreshes at once.
    if (round % 8 === 0) {
      await page.context().clearCookies();
      await signIn(page, 'alice');
    }
    for (const [way, press] of [
      ['island', pressIsland],
      ['form', submitForm],
    ] as const) {
      await page.goto('/bff/menu');
      await hydrated(page);
      await page.waitForLoadState('networkidle');
      let sent = 0;
      const count = () => (sent += 1);
      page.on('request', count);
      times[way].push(await press(page));
      await expect(headline(page, REFRESHED)).toBeVisible();
      page.off('request', count);
      requests[way] = Math.max(requests[way], sent);
    }
  }
  const refreshes = (await site.provider.tokenRequests()).refresh - before;
  expect(refreshes, 'one token request a press').toBe(2 * ROUNDS);
  expect(requests.island, 'requests of the browser by island').toBe(1);
  const [island, form] = [median(times.island), median(times.form)];
  addRow(TABLE, 'refresh by hand, press to picture', {
    'island ms': rounded(island, 1),
    'plain form ms': rounded(form, 1),
    ratio: rounded(island / form, 2),
    'requests by island': requests.island,
    rounds: ROUNDS,
  });
});

test('the first load until the page is interactive', async ({ page }) => {
  const times = { painted: [] as number[], interactive: [] as number[] };
  await signIn(page, 'alice');
  await page.addInitScript(markHydration);
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.setCacheDisabled', { cacheDisabled: true });
  for (let round = 0; round < ROUNDS; round += 1) {
    await page.goto('/bff/menu');
    await hydrated(page);
    const { painted, interactive } = await page.evaluate(() => ({
      painted: performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
      interactive: performance.getEntriesByName('hydrated')[0]?.startTime,
    }));
    times.painted.push(painted!);
    times.interactive.push(interactive!);
  }
  const [painted, interactive] = [median(times.painted), median(times.interactive)];
  addRow(TABLE, 'first load of /bff/menu, nothing cached', {
    'first picture ms': rounded(painted, 1),
    'interactive ms': rounded(interactive, 1),
    ratio: rounded(interactive / painted, 2),
    rounds: ROUNDS,
  });
});

/** Presses the button; the island shows the result in place. */
function pressIsland(page: Page): Promise<number> {
  return page.evaluate(
    (title) =>
      new Promise<number>((done) => {
        let began = 0;
        const observer = new MutationObserver(() => {
          if (document.querySelector('h1')?.textContent !== title) return;
          observer.disconnect();
          // After the frame that shows it.
          requestAnimationFrame(() => setTimeout(() => done(performance.now() - began)));
        });
        observer.observe(document, { subtree: true, childList: true, characterData: true });
        const button = document.querySelector<HTMLButtonElement>('form[action="/app/refresh_token"] button')!;
        began = performance.now();
        button.click();
      }),
    REFRESHED,
  );
}

/** Sends the same form as a browser without scripts does, until the first picture of the page that it leads to. */
async function submitForm(page: Page): Promise<number> {
  const began = await page.evaluate(() => {
    // No event of a submission is sent, so that the island does not hear of it.
    const form = document.querySelector<HTMLFormElement>('form[action="/app/refresh_token"]')!;
    const began = performance.timeOrigin + performance.now();
    form.submit();
    return began;
  });
  await page.waitForURL('/bff/manual_refresh');
  const painted = await page.waitForFunction(() => {
    const [paint] = performance.getEntriesByName('first-contentful-paint');
    return paint && performance.timeOrigin + paint.startTime;
  });
  return (await painted.jsonValue())! - began;
}

/** Notes when the island's code runs. */
function markHydration(): void {
  const observer = new MutationObserver(() => {
    if (!document.querySelector('main[data-hydrated]')) return;
    observer.disconnect();
    performance.mark('hydrated');
  });
  observer.observe(document, { subtree: true, childList: true, attributes: true });
}
