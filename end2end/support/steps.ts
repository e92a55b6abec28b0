import { expect, type Locator, type Page } from '@playwright/test';

/** The people whom the demo provider knows. */
export type Person = 'alice' | 'bob';

/** What a browser shows while it can, or cannot, run scripts. */
export type Mode = { scripts: boolean };

/** Fills in the provider's login page, with the password that it shows. */
export async function logIn(page: Page, person: Person): Promise<void> {
  await expect(page).toHaveTitle(/Meridian ID/);
  const row = page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: person }) });
  const password = await row.getByRole('cell').last().innerText();
  await page.getByLabel('Username').fill(person);
  await page.getByLabel('Password', { exact: true }).fill(password.trim());
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

/** Answers the provider's consent page. */
export async function consent(page: Page, answer: 'Allow' | 'Deny'): Promise<void> {
  await expect(page.getByRole('heading', { name: /^Allow .+\?$/ })).toBeVisible();
  await page.getByRole('button', { name: answer }).click();
}

/** From the start page to the provider's login page. */
export async function setOut(page: Page): Promise<void> {
  await page.goto('/');
  await page.getByRole('button', { name: /^Sign in with / }).click();
  await expect(page).toHaveTitle('Sign in · Meridian ID');
}

/** Back from the provider: by itself with scripts, by a button without. */
export async function comeBack(page: Page, { scripts }: Mode): Promise<void> {
  if (!scripts) await page.getByRole('button', { name: 'Continue' }).click();
}

/** The whole way in; ends at the menu. */
export async function signIn(
  page: Page,
  person: Person,
  mode: Mode = { scripts: true },
): Promise<void> {
  await setOut(page);
  await logIn(page, person);
  await consent(page, 'Allow');
  await comeBack(page, mode);
  await expect(headline(page, MENU)).toBeVisible();
  await expect(page).toHaveURL('/bff/menu');
}

/** The menu's headline. */
export const MENU = 'You have a token. Your browser doesn’t.';

/** A page's headline. */
export function headline(page: Page, name: string | RegExp): Locator {
  return page.getByRole('heading', { level: 1, name });
}

/** Back to the menu, as a person goes there. */
export async function toMenu(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Back to the menu' }).click();
  await expect(headline(page, MENU)).toBeVisible();
}

/** The fingerprint that the token view shows. */
export async function fingerprint(page: Page): Promise<string> {
  const shown = page.locator('[data-token="access"]');
  await expect(shown).toHaveText(/^at·[0-9a-f]{6}$/);
  return shown.innerText();
}

/** Waits until the page's WebAssembly runs: its island carries the mark. */
export async function hydrated(page: Page): Promise<void> {
  await expect(page.locator('main[data-hydrated]')).toBeAttached();
}
