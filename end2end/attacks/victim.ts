import { chromium, firefox, type BrowserContext, type LaunchOptions } from '@playwright/test';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What the victim's browser is started with. */
export type Victim = {
  browserName: string;
  launch: LaunchOptions;
  channel?: string;
  profile: string;
  proxy: { server: string; bypass: string };
  baseURL: string;
  thirdPartyCookies: boolean;
};

/**
 * Starts a browser with a profile of its own. Playwright's ordinary contexts are
 * private windows, and those send no cookie to frames of other sites.
 */
export async function startVictim(victim: Victim): Promise<BrowserContext> {
  const { browserName, launch, channel, profile, proxy, baseURL, thirdPartyCookies } = victim;
  const options = { ...launch, channel, proxy, baseURL };
  if (browserName === 'firefox') {
    const cookieBehavior = thirdPartyCookies ? 0 : 5;
    const firefoxUserPrefs = {
      'network.cookie.cookieBehavior': cookieBehavior,
      // Firefox goes to localhost without any proxy otherwise.
      'network.proxy.allow_hijacking_localhost': true,
    };
    const onward = { server: proxy.server };
    return firefox.launchPersistentContext(profile, { ...options, proxy: onward, firefoxUserPrefs });
  }
  const preferences = { profile: { cookie_controls_mode: thirdPartyCookies ? 0 : 1 } };
  await mkdir(join(profile, 'Default'), { recursive: true });
  await writeFile(join(profile, 'Default', 'Preferences'), JSON.stringify(preferences));
  return chromium.launchPersistentContext(profile, options);
}
