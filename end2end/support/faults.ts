import { expect, type Locator, type Page, type Route } from '@playwright/test';
import { headline } from './steps.ts';

/** The panel's headline. */
export const FAULTS = 'Make something go wrong';

/** Goes to the panel, as a person does from any page of a kind. */
export async function toPanel(page: Page): Promise<void> {
  await page.getByRole('link', { name: FAULTS }).click();
  await expect(headline(page, FAULTS)).toBeVisible();
}

/** A button of the panel's that says by itself whether it is so already. */
export function choice(page: Page, name: string): Locator {
  return page.getByRole('button', { name, exact: true });
}

/** Presses one and sees that it took hold. */
export async function press(page: Page, name: string): Promise<void> {
  await choice(page, name).click();
  await expect(choice(page, name)).toHaveAttribute('aria-pressed', 'true');
}

/** Presses a button that says nothing by itself, and waits until it was heard. */
export async function act(page: Page, name: string): Promise<void> {
  const heard = page.waitForResponse((response) => response.request().method() === 'POST');
  await page.getByRole('button', { name }).click();
  await heard;
}

/** What the panel says is in force. */
export function inForce(page: Page): Locator {
  return page.getByRole('region', { name: /^In force now/ });
}

/** What just travelled, as far as it went to the token endpoint for a refresh. */
export function refreshes(page: Page): Locator {
  return page
    .getByRole('region', { name: 'What just travelled' })
    .getByRole('listitem')
    .filter({ hasText: 'POST /token, refresh_token', visible: true });
}

/** The next request to this address: it arrives, and does not go on before it is let go. */
export async function held(page: Page, url: string): Promise<{ arrived: Promise<void>; letGo: () => void }> {
  let arrive = () => {};
  let letGo = () => {};
  const arrived = new Promise<void>((done) => (arrive = done));
  const going = new Promise<void>((done) => (letGo = done));
  const hold = async (route: Route) => {
    arrive();
    await going;
    await route.continue();
  };
  await page.route(url, hold, { times: 1 });
  return { arrived, letGo };
}
