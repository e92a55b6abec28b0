import { expect, type Page } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { signInTo, toMenuOf, type Kind } from '../support/kinds.ts';
import type { Site } from '../support/site.ts';
import { headline } from '../support/steps.ts';
import type { Collector, Loot } from './collector.ts';
import type { Attack, Cell, Conditions, Verdict } from './matrix.ts';
import { Outside, type Tokens } from './outside.ts';

/** How long an attack may take until its loot arrives, in milliseconds. */
const LIMIT = 25_000;

/** By how much the clocks are moved on, in milliseconds: every access token has then run out. */
const LATER = 10 * 60_000;

/** What the attack came to, and what that rests on. */
export type Outcome = Pick<Cell, 'verdict' | 'blocked_by' | 'refused' | 'found_in' | 'evidence'>;

/** Plays one attack on a victim who signs in in this page. */
export async function play(
  page: Page,
  site: Site,
  kind: Kind,
  attack: Attack,
  conditions: Conditions,
  collector: Collector,
): Promise<Outcome> {
  await site.provider.setFraming(conditions.framing);
  await signInTo(page, kind);
  const facts = { ...(await target(site, kind, collector)), popup: conditions.popup };
  const script = injected(attack, facts);
  // The script may lead the page away before it has returned.
  await page.evaluate(script).catch(() => {});
  if (attack.id === '5.1.2') await useTheApplication(page, kind);
  if (conditions.popup) await page.locator('main').click();
  const loot = await collector.newest(LIMIT);
  if (!loot) return { verdict: 'not decided', found_in: [], evidence: [] };
  const outside = new Outside(site.issuer, kind.client);
  const verdict = await use(loot, outside, site, kind, page);
  const { found_in = [], blocked_by, error: refused, asked, api_answer } = loot;
  const evidence = [...outside.steps];
  if (asked && api_answer) evidence.push({ request: asked, status: 200, answer: api_answer.slice(0, 200) });
  return { verdict, blocked_by, refused, found_in, evidence };
}

/** What anybody knows of the application who has signed in once and watched. */
async function target(site: Site, kind: Kind, collector: Collector): Promise<Record<string, string>> {
  const answer = await fetch(`${site.issuer}/.well-known/openid-configuration`);
  const { authorization_endpoint } = (await answer.json()) as { authorization_endpoint: string };
  return {
    collector: collector.origin,
    authorization_endpoint,
    client_id: kind.client,
    redirect_uri: site.origin + kind.callback,
    scope: 'openid profile email offline_access',
    api: `${site.issuer}/api/me`,
  };
}

/** The script, with the facts that its author wrote into it. */
function injected(attack: Attack, target: Record<string, unknown>): string {
  const read = (name: string) => readFileSync(resolve(import.meta.dirname, `${name}.js`), 'utf8');
  return `{ const TARGET = ${JSON.stringify(target)};\n${read('send')}\n${read(attack.script)}\nundefined; }`;
}

/** What a user does while a script stays in the page: two refreshes. */
async function useTheApplication(page: Page, kind: Kind): Promise<void> {
  await page.getByRole('button', { name: 'Refresh', exact: true }).click();
  await expect(headline(page, 'Refreshed, because you asked.')).toBeVisible();
  await toMenuOf(page, kind);
  await page.getByRole('button', { name: 'Expire and call' }).click();
  await expect(headline(page, 'The token had expired. Nobody noticed.')).toBeVisible();
}

/** Uses what was stolen, outside the browser. */
async function use(loot: Loot, outside: Outside, site: Site, kind: Kind, page: Page): Promise<Verdict> {
  if (loot.attack === '5.1.4') return loot.api_answer?.includes('Alice Example') ? 'succeeds' : 'fails';
  if (loot.undecided) return 'not decided';
  if (loot.attack === '5.1.3') {
    if (!loot.code || !loot.code_verifier) return 'fails';
    if (kind.bound) outside.useKey();
    const tokens = await outside.exchange(loot.code, loot.code_verifier, site.origin + kind.callback);
    return (await answers(outside, tokens)) ? 'succeeds' : 'fails';
  }
  // A stolen session is as good as its tokens (5.2.3).
  if (loot.cookie && (await outside.callThrough(site.origin, loot.cookie))) return 'succeeds';
  // A bound token as it is, then with whatever key the attacker has.
  let used = await answers(outside, loot);
  if (!used && loot.access_token && kind.bound) {
    outside.useKey(loot.key);
    used = await answers(outside, loot);
  }
  if (loot.refresh_token) {
    if (loot.attack === '5.1.2') {
      // The user leaves: the application refreshes no more, and its access token runs out.
      await page.close();
      await site.provider.moveClocks(LATER);
    }
    const tokens = await outside.refresh(loot.refresh_token);
    if (await answers(outside, tokens)) return 'succeeds';
  }
  return used ? 'access token' : 'fails';
}

async function answers(outside: Outside, { access_token }: Tokens): Promise<boolean> {
  return access_token !== undefined && (await outside.callApi(access_token));
}
