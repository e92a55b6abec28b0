import type { Page } from '@playwright/test';
import { expectAccessible } from '../support/axe.ts';
import { act, choice, FAULTS, held, inForce, press, refreshes, toPanel } from '../support/faults.ts';
import { hydrated, consent, comeBack, fingerprint, headline, logIn, MENU, signIn, toMenu, type Mode } from '../support/steps.ts';
import { expect, test } from '../support/test.ts';

const NOBODY_NOTICED = 'The token had expired. Nobody noticed.';
const NOT_ASKED = 'An answer was lost. You had nothing to do.';
const NO_ANSWER = 'That did not work';

/** What becomes of "Expire and call" when this goes wrong. */
type Outcome =
  /** The first request went through, or one after it. */
  | { refreshed: number }
  /** The provider was asked anew, without a question. */
  | 'renewed'
  /** The provider cannot be reached for now: the session stays, and the next time it works. */
  | 'later'
  /** The same, and the next time the provider is asked anew. */
  | 'renewed later';

/** Each fault that concerns a client on the server, under both policies. */
const FAULTS_OF_BFF: [fault: string, strict: Outcome, grace: Outcome][] = [
  ['Lost answer', 'renewed', { refreshed: 2 }],
  ['Closed connection', 'renewed', { refreshed: 2 }],
  ['Half an answer', 'renewed', { refreshed: 2 }],
  ['503 once', { refreshed: 2 }, { refreshed: 2 }],
  ['502 instead of the answer', 'renewed', { refreshed: 2 }],
  ['429 once, 2 s', 'later', 'later'],
  ['HTML once', 'renewed', { refreshed: 2 }],
  ['Slow, 3 s', { refreshed: 1 }, { refreshed: 1 }],
  ['Hang, 30 s', 'renewed later', 'later'],
  ['Slow drip, 10 s', 'renewed later', 'later'],
];

for (const [policy, column] of [
  ['Strict rotation', 1],
  ['Grace B', 2],
] as const) {
  test.describe(policy, () => {
    for (const row of FAULTS_OF_BFF) {
      const [fault, outcome] = [row[0], row[column]];
      test(`${fault}: the session lives`, async ({ page, guard }) => {
        guard.expectStatus(503);
        await signIn(page, 'alice');
        const first = await fingerprint(page);
        await toPanel(page);
        await press(page, policy);
        await press(page, fault);
        await page.getByRole('button', { name: 'Expire and call' }).click();
        await tells(page, outcome);
        expect(await fingerprint(page)).not.toBe(first);
        await expect(page).toHaveURL('/bff/automatic_refresh');
        // What happened is over, and the next refresh is an ordinary one.
        await toPanel(page);
        await expect(inForce(page)).toContainText(`${fault}: applied once`);
        await press(page, 'No fault');
        await page.getByRole('button', { name: 'Refresh', exact: true }).click();
        await expect(headline(page, 'Refreshed, because you asked.')).toBeVisible();
        await expect(refreshes(page)).toHaveCount(1);
      });
    }
  });
}

/** A refresh has a deadline of five seconds, and what waits for it a bit more. */
const patient = { timeout: 20_000 };

async function expectNoAnswer(page: Page): Promise<void> {
  await expect(headline(page, NO_ANSWER)).toBeVisible(patient);
  await expect(page.getByRole('alert')).toContainText('Your session and its tokens are kept.');
}

/** The page tells this outcome, and the log shows it. */
async function tells(page: Page, outcome: Outcome): Promise<void> {
  if (outcome === 'later') {
    await expectNoAnswer(page);
    await expect(async () => {
      await page.reload();
      await expect(headline(page, NOBODY_NOTICED)).toBeVisible({ timeout: 1_000 });
    }).toPass(patient);
  } else if (outcome === 'renewed later') {
    await expectNoAnswer(page);
    // Once: this goes by the provider and back, where each page has its turn.
    await page.reload();
    await expect(headline(page, NOT_ASKED)).toBeVisible(patient);
  } else if (outcome === 'renewed') {
    await expect(headline(page, NOT_ASKED)).toBeVisible(patient);
    const change = page.getByRole('region', { name: 'What the new authorization changed' });
    await expect(change).toContainText('asked you nothing');
    await expect(refreshes(page), 'sent once, and never again').toHaveCount(1);
    const log = page.getByRole('region', { name: 'What just travelled' });
    await expect(log).toContainText('POST /token, authorization_code');
  } else {
    await expect(headline(page, NOBODY_NOTICED)).toBeVisible(patient);
    await expect(refreshes(page)).toHaveCount(outcome.refreshed);
    if (outcome.refreshed > 1) {
      const change = page.getByRole('region', { name: 'What the refresh changed' });
      await expect(change).toContainText('the same one was sent again');
    }
  }
}

/** Signs alice in and goes to the panel, which scripts have in hand by then. */
async function toLivingPanel(page: Page): Promise<void> {
  await signIn(page, 'alice');
  await hydrated(page);
  await toPanel(page);
  await hydrated(page);
}

test('under strict the token in hand is used to its end, and then the way back asks nothing', async ({ page, site, guard }) => {
  guard.expectStatus(401);
  await toLivingPanel(page);
  await press(page, '15-second tokens');
  await page.getByRole('button', { name: 'Refresh', exact: true }).click();
  await expect(headline(page, 'Refreshed, because you asked.')).toBeVisible();
  const inHand = await fingerprint(page);
  await toPanel(page);
  await press(page, 'Lost answer');
  await page.getByRole('button', { name: 'Refresh', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'The answer to the refresh was lost' })).toBeVisible();
  // The page says what the token is still good for, and it is.
  await expect(page.getByText('without a question to you')).toBeVisible();
  await toMenu(page);
  await page.getByRole('button', { name: 'Get profile' }).click();
  await expect(page.getByRole('definition').filter({ hasText: 'alice@example.com' }).first()).toBeVisible();
  expect(await fingerprint(page)).toBe(inHand);

  await expect(page.getByRole('img', { name: 'The access token has expired' })).toBeVisible({ timeout: 20_000 });
  const before = await site.provider.tokenRequests();
  await page.goto('/bff/validate');
  await expect(headline(page, 'The provider says: active')).toBeVisible();
  await expect(page).toHaveURL('/bff/validate');
  await expect(page.getByText('asked you nothing')).toBeVisible();
  expect(await fingerprint(page)).not.toBe(inHand);
  expect(await site.provider.tokenRequests()).toEqual({ code: before.code + 1, refresh: before.refresh });
});

test('a hydrated page goes the silent way back, too', async ({ page }) => {
  await toLivingPanel(page);
  await press(page, 'Lost answer');
  await page.getByRole('button', { name: 'Get profile' }).click();
  await expect(page.getByRole('heading', { name: 'Account profile' })).toBeVisible();
  await toPanel(page);
  await page.getByRole('button', { name: 'Expire and call' }).click();
  await expect(headline(page, NOT_ASKED)).toBeVisible();
  await page.goBack();
  await expect(headline(page, FAULTS), 'the provider is no stop on the way').toBeVisible();
});

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled });

    test('whom the provider signed out is asked, told why, and brought back', async ({ page, guard }) => {
      guard.expectStatus(401);
      const mode: Mode = { scripts: javaScriptEnabled };
      await signIn(page, 'alice', mode);
      await toPanel(page);
      await press(page, 'Lost answer');
      await act(page, 'Sign out alice');
      await expect(headline(page, FAULTS)).toBeVisible();
      await page.getByRole('button', { name: 'Expire and call' }).click();
      await comeBack(page, mode);
      await expect(headline(page, 'Sign in first')).toBeVisible();
      await expect(page.getByRole('alert')).toContainText('An answer of the provider was lost on its way');
      await page.getByRole('button', { name: /^Sign in with / }).click();
      await logIn(page, 'alice');
      await consent(page, 'Allow');
      await comeBack(page, mode);
      await expect(page).toHaveURL('/bff/automatic_refresh');
    });

    test('the panel takes hold and says so', async ({ page }) => {
      await signIn(page, 'alice', { scripts: javaScriptEnabled });
      await expect(page.getByRole('complementary')).toContainText('Strict rotation');
      await toPanel(page);
      await press(page, 'Grace A');
      await expect(choice(page, '30 s of grace')).toHaveAttribute('aria-pressed', 'true');
      await expect(choice(page, 'Strict rotation')).toHaveAttribute('aria-pressed', 'false');
      await press(page, 'Lost answer');
      await expect(inForce(page)).toContainText('Lost answer: not applied yet');
      await page.getByRole('group', { name: 'The API’s clock' }).getByRole('button', { name: '90 seconds fast' }).click();
      await expect(inForce(page)).toContainText('The API’s clock is 90 seconds fast');
      await page.getByRole('button', { name: 'Expire and call' }).click();
      await expect(refreshes(page).first()).toContainText('no answer');
      await toPanel(page);
      await page.getByRole('button', { name: 'Reset everything' }).click();
      await expect(choice(page, 'Strict rotation')).toHaveAttribute('aria-pressed', 'true');
      await expect(inForce(page)).toContainText('None.');
      await toMenu(page);
    });
  });
}

test('a press leaves the page, the place and the focus where they are', async ({ page }) => {
  await toLivingPanel(page);
  let documents = 0;
  page.on('request', (request) => {
    if (request.isNavigationRequest()) documents += 1;
  });
  await choice(page, 'Grace C').focus();
  await page.keyboard.press('Enter');
  await expect(choice(page, 'Grace C')).toHaveAttribute('aria-pressed', 'true');
  await expect(choice(page, 'Grace C')).toBeFocused();
  await expect(page.getByRole('status').filter({ hasText: 'Done: Grace C' })).toHaveCount(1);
  expect(documents).toBe(0);
});

test('what is pressed while a press is under way takes its turn', async ({ page, guard }) => {
  guard.expectStatus(503);
  await toLivingPanel(page);
  const first = await held(page, '**/app/demo/policy');
  await choice(page, 'Grace C').click();
  await first.arrived;
  await choice(page, '503 once').click();
  await page.getByRole('button', { name: 'Expire and call' }).click();
  first.letGo();
  await expect(headline(page, NOBODY_NOTICED)).toBeVisible();
  await expect(refreshes(page), 'the fault was set before the call').toHaveCount(2);
  await toPanel(page);
  await expect(choice(page, 'Grace C')).toHaveAttribute('aria-pressed', 'true');
});

test('a button that waits for its turn says so', async ({ page }) => {
  await toLivingPanel(page);
  const first = await held(page, '**/app/demo/policy');
  await choice(page, 'Grace C').click();
  await first.arrived;
  const profile = page.getByRole('button', { name: 'Get profile' });
  await profile.click();
  await expect(profile).toHaveAttribute('aria-busy', 'true');
  first.letGo();
  await expect(page.getByRole('heading', { name: 'Account profile' })).toBeVisible();
});

for (const [how, down, up] of [
  ['a click', (page: Page) => page.mouse.down(), (page: Page) => page.mouse.up()],
  ['the space bar', (page: Page) => page.keyboard.down(' '), (page: Page) => page.keyboard.up(' ')],
] as const) {
  test(`${how} is not lost when the page is drawn anew beneath it`, async ({ page }) => {
    await toLivingPanel(page);
    const pressed = await held(page, '**/app/demo/policy');
    await choice(page, 'Grace C').click();
    await pressed.arrived;
    await choice(page, '503 once').hover();
    await choice(page, '503 once').focus();
    await down(page);
    const answered = page.waitForResponse('**/app/demo/policy');
    pressed.letGo();
    await (await answered).finished();
    // Long enough for the page to be drawn.
    await page.evaluate(() => new Promise((done) => setTimeout(done, 200)));
    await up(page);
    await expect(choice(page, '503 once')).toHaveAttribute('aria-pressed', 'true');
    await expect(choice(page, 'Grace C')).toHaveAttribute('aria-pressed', 'true');
  });
}

test('who was revoked is told so, and can still mend things', async ({ page, guard }) => {
  guard.expectStatus(401);
  await signIn(page, 'alice');
  await toPanel(page);
  await act(page, 'Revoke all of alice');
  await page.getByRole('button', { name: 'Expire and call' }).click();
  await expect(page.getByRole('alert')).toContainText('no longer honours');
  await page.goto('/bff/faults');
  await expect(page.getByRole('alert')).toContainText('no longer honours');
  await page.getByRole('button', { name: 'Reset everything' }).click();
  await expect(inForce(page)).toContainText('None.');
});

test('a client in the browser has a panel of its own', async ({ page }) => {
  await page.goto('/browser/faults');
  await expect(headline(page, FAULTS)).toBeVisible();
  await expect(page.getByText('Nobody is signed in here')).toBeVisible();
  await expect(page.getByText('confidant-spa')).toBeVisible();
  await press(page, 'CORS missing');
  await expect(inForce(page)).toContainText('CORS missing: not applied yet');
  await press(page, 'No fault');
  await page.goto('/bff/faults');
  await expect(choice(page, 'CORS missing')).toHaveCount(0);
});

test('axe finds nothing on the panel, with a session and without', async ({ page }) => {
  await page.goto('/bff/faults');
  await expect(headline(page, FAULTS)).toBeVisible();
  await expectAccessible(page);
  await signIn(page, 'alice');
  await expect(headline(page, MENU)).toBeVisible();
  await toPanel(page);
  await press(page, 'Lost answer');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Expire and call' }).click();
  await expect(headline(page, NOT_ASKED)).toBeVisible();
  await expectAccessible(page);
});

test.describe('on a narrow screen', () => {
  test.use({ viewport: { width: 360, height: 740 } });

  test('the panel does not stick out at the side', async ({ page }) => {
    await signIn(page, 'alice');
    await toPanel(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  });
});
