import { expect, type Locator, type Page } from '@playwright/test';
import { consent, headline, logIn, type Person } from './steps.ts';

/** Where a token is kept. */
type Place = 'server' | 'browser' | 'worker';

/** One kind of OAuth client, as a person meets it. */
export type Kind = {
  /** Its part of the path. */
  id: string;
  /** The menu's headline. */
  menu: string;
  /** The client that it is at the provider. */
  client: 'confidant-web' | 'confidant-spa';
  /** Where the provider sends the browser back to. */
  callback: string;
  accessToken: Place;
  refreshToken: Place;
  /** Whether a key is needed to use the access token (RFC 9449). */
  bound?: boolean;
  /** Where the server answers for its pages: with a status, then. */
  drawnBy: 'server' | 'browser';
  /** Whether it has to work in Firefox too. */
  inFirefox: boolean;
};

/** Every kind. A new one is an entry here, and gets the whole suite. */
export const KINDS: Kind[] = [
  {
    id: 'bff',
    menu: 'You have a token. Your browser doesn’t.',
    client: 'confidant-web',
    callback: '/callback',
    accessToken: 'server',
    refreshToken: 'server',
    drawnBy: 'server',
    inFirefox: true,
  },
  {
    id: 'mediated',
    menu: 'You have a token. Your browser has a copy for a while.',
    client: 'confidant-web',
    callback: '/callback',
    accessToken: 'browser',
    refreshToken: 'server',
    // Its session is the server's.
    drawnBy: 'server',
    inFirefox: false,
  },
  {
    id: 'browser',
    menu: 'You have a token. So has your browser.',
    client: 'confidant-spa',
    callback: '/browser/callback',
    accessToken: 'browser',
    refreshToken: 'browser',
    drawnBy: 'browser',
    inFirefox: true,
  },
  {
    id: 'browser-dpop',
    menu: 'You have a token. It works in this browser only.',
    client: 'confidant-spa',
    callback: '/browser-dpop/callback',
    accessToken: 'browser',
    refreshToken: 'browser',
    bound: true,
    drawnBy: 'browser',
    inFirefox: true,
  },
  {
    id: 'worker',
    menu: 'You have a token. Your page doesn’t, its worker does.',
    client: 'confidant-spa',
    callback: '/worker/callback',
    accessToken: 'worker',
    refreshToken: 'worker',
    drawnBy: 'browser',
    inFirefox: false,
  },
];

/** The kind with this id. */
export function kindOf(id: string): Kind {
  const kind = KINDS.find((kind) => kind.id === id);
  if (!kind) throw new Error(`there is no kind ${id}`);
  return kind;
}

/** From a page of this kind, where nobody is signed in, to the provider's login page. */
export async function setOutFrom(page: Page, kind: Kind, from = 'menu'): Promise<void> {
  await page.goto(`/${kind.id}/${from}`);
  await expect(headline(page, 'Sign in first')).toBeVisible();
  await page.getByRole('button', { name: /^Sign in with / }).click();
  await expect(page).toHaveTitle('Sign in · Meridian ID');
}

/** The whole way in, from one of its pages and back to it. */
export async function signInTo(
  page: Page,
  kind: Kind,
  person: Person = 'alice',
  from = 'menu',
): Promise<void> {
  await setOutFrom(page, kind, from);
  await logIn(page, person);
  await consent(page, 'Allow');
  await expect(page).toHaveURL(`/${kind.id}/${from}`);
  await expect(page.locator('[data-token="access"]')).toBeVisible();
}

/** The menu, and somebody in it. */
export async function expectMenu(page: Page, kind: Kind): Promise<void> {
  await expect(headline(page, kind.menu)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Sign out' })).toBeVisible();
}

/** Back to the menu, as a person goes there. */
export async function toMenuOf(page: Page, kind: Kind): Promise<void> {
  await page.getByRole('link', { name: 'Back to the menu' }).click();
  await expectMenu(page, kind);
}

/** The fingerprint of the refresh token that the token view shows. */
export async function refreshFingerprint(page: Page): Promise<string> {
  const view = page.getByRole('region', { name: 'Access token' });
  const shown = view.locator('span.mono', { hasText: /^rt·[0-9a-f]{6}$/ });
  return shown.innerText();
}

/** A token itself, where the page shows it. */
export function shownToken(page: Page, which: 'access' | 'refresh'): Locator {
  return page.locator(`[data-secret="${which}"]`);
}

/**
 * Ages the stored token as if it had run out, and waits until every tab sees
 * it: a browser brings storage round to its tabs in its own time.
 */
export async function expireStored(tabs: Page[], kind: Kind): Promise<void> {
  const key = await tabs[0]!.evaluate((prefix) => {
    const key = Object.keys(localStorage).find((key) => key.startsWith(prefix) && key.endsWith('/grant'));
    const record = JSON.parse(localStorage.getItem(key ?? '') ?? '{}');
    if (key === undefined || typeof record.grant?.expired !== 'boolean') {
      throw new Error('no grant is stored where one was stored');
    }
    record.grant.expired = true;
    localStorage.setItem(key, JSON.stringify(record));
    return key;
  }, `confidant/${kind.id}/`);
  const expired = (tab: Page) =>
    tab.waitForFunction((key) => JSON.parse(localStorage.getItem(key) ?? '{}').grant?.expired === true, key);
  await Promise.all(tabs.map(expired));
}
