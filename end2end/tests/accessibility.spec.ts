import { expectAccessible } from '../support/axe.ts';
import { consent, headline, logIn, MENU, setOut, signIn } from '../support/steps.ts';
import { expect, test } from '../support/test.ts';

test('axe finds nothing on the pages of somebody signed in', async ({ page }) => {
  test.setTimeout(180_000);
  await signIn(page, 'alice');
  await expectAccessible(page);

  for (const path of ['profile', 'validate', 'manual_refresh', 'automatic_refresh']) {
    await page.goto(`/bff/${path}`);
    await expectAccessible(page);
  }
  await page.getByRole('button', { name: 'Expire and call' }).click();
  await expect(headline(page, 'The token had expired. Nobody noticed.')).toBeVisible();
  await page.locator('.exchanges details').first().evaluate((details: HTMLDetailsElement) => (details.open = true));
  await expectAccessible(page);
  await page.goto('/');
  await expectAccessible(page);
});

test('axe finds nothing on the pages of nobody, and on those that say no', async ({ page, guard }) => {
  guard.expectStatus(400);
  guard.expectStatus(401);
  guard.expectStatus(404);
  for (const path of ['/', '/?signed_out=demo', '/bff/menu', '/no/such/page', '/callback?error=access_denied']) {
    await page.goto(path);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expectAccessible(page);
  }
});

test('axe finds nothing on the provider’s pages', async ({ page, site, guard }) => {
  guard.expectStatus(400);
  await setOut(page);
  await expectAccessible(page);
  await logIn(page, 'alice');
  await expect(headline(page, /^Allow /)).toBeVisible();
  await expectAccessible(page);
  await consent(page, 'Allow');
  await expect(headline(page, MENU)).toBeVisible();
  await page.goto(`${site.issuer}/demo`);
  await expectAccessible(page);
  await page.goto(`${site.issuer}/authorize?client_id=nobody`);
  await expectAccessible(page);
});

test.describe('on a narrow screen', () => {
  test.use({ viewport: { width: 360, height: 740 } });

  test('nothing sticks out at the side', async ({ page, guard }) => {
    guard.expectStatus(401);
    const width = () => page.evaluate(() => document.documentElement.scrollWidth);
    await page.goto('/');
    expect(await width()).toBeLessThanOrEqual(360);
    await setOut(page);
    expect(await width(), 'login').toBeLessThanOrEqual(360);
    await logIn(page, 'alice');
    await expect(headline(page, /^Allow /)).toBeVisible();
    expect(await width(), 'consent').toBeLessThanOrEqual(360);
    await consent(page, 'Allow');
    await expect(headline(page, MENU)).toBeVisible();
    for (const path of ['menu', 'profile', 'automatic_refresh', 'manual_refresh', 'validate']) {
      await page.goto(`/bff/${path}`);
      expect(await width(), path).toBeLessThanOrEqual(360);
    }
  });
});

test('the menu can be used with the keyboard alone', async ({ page }) => {
  await signIn(page, 'alice');
  await page.reload();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to the content' })).toBeFocused();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: 'Get profile' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(headline(page, 'Your account, as the provider knows it')).toBeVisible();
});
