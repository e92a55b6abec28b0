import type { BrowserContext } from '@playwright/test';
import { mkdir, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Collector } from '../attacks/collector.ts';
import { withExportableKeys, withoutPolicies, withReadableSession } from '../attacks/defences.ts';
import {
  ATTACKS,
  CONDITIONS,
  difference,
  EXPECTED,
  type Attack,
  type Cell,
  type Conditions,
} from '../attacks/matrix.ts';
import { play, type Outcome } from '../attacks/run.ts';
import { startVictim, type Victim } from '../attacks/victim.ts';
import { kindOf, KINDS, type Kind } from '../support/kinds.ts';
import type { Site } from '../support/site.ts';
import { expect, test } from '../support/test.ts';
import { Wiretap, type Edits } from '../support/wiretap.ts';

/** Where each cell is written down; `cargo xtask matrix` puts them together. */
const output = resolve(process.env.E2E_OUTPUT ?? resolve(import.meta.dirname, '../../target/e2e'), 'rfc10017');

/** Plays one attack in a browser of its own. */
async function measure(
  browser: Pick<Victim, 'browserName' | 'channel' | 'launch' | 'profile'>,
  site: Site,
  kind: Kind,
  attack: Attack,
  conditions: Conditions,
  edits: Edits,
  prepare: (context: BrowserContext) => Promise<void> = async () => {},
): Promise<Outcome> {
  const collector = await Collector.start();
  const proxy = await Wiretap.start(edits);
  const { thirdPartyCookies } = conditions;
  const victim = await startVictim({ ...browser, proxy: proxy.proxy(), baseURL: site.origin, thirdPartyCookies });
  try {
    await prepare(victim);
    return await play(await victim.newPage(), site, kind, attack, conditions, collector);
  } finally {
    await victim.close();
    await Promise.all([collector.stop(), proxy.stop()]);
  }
}

for (const kind of KINDS) {
  for (const [index, attack] of ATTACKS.entries()) {
    for (const conditions of CONDITIONS.filter(({ attacks }) => attacks.includes(attack.id))) {
      const title = [`RFC 10017, ${attack.id}, ${kind.id}: ${attack.name}`, conditions.id];
      test(title.filter(Boolean).join(', '), { tag: conditions.id === '' ? '@firefox' : [] }, async ({ site, browserName, channel, launchOptions }, info) => {
        const browser = { browserName, channel, launch: launchOptions, profile: info.outputPath('profile') };
        const edits = conditions.policy ? {} : withoutPolicies(site.origin);
        const outcome = await measure(browser, site, kind, attack, conditions, edits);
        const expected = EXPECTED[kind.id]![index]!;
        const known = difference(kind.id, attack.id, conditions.id);
        const cell: Cell = {
          kind: kind.id,
          attack: attack.id,
          conditions: conditions.id,
          browser: browserName,
          expected,
          ...outcome,
          reason: known?.reason,
        };
        await mkdir(output, { recursive: true });
        const name = [browserName, kind.id, attack.id, conditions.id].join('-').replaceAll(/[^\w.-]+/g, '-');
        await writeFile(resolve(output, `${name}.json`), JSON.stringify(cell, null, 2));
        expect(outcome.verdict, JSON.stringify(outcome, null, 2)).toBe(known?.verdict ?? expected);
      });
    }
  }
}

test.describe('a defence that is broken on purpose changes its cell', () => {
  const [theft] = ATTACKS as [Attack];
  const [rfc] = CONDITIONS as [Conditions];

  test('a session cookie that scripts can read', async ({ site, browserName, channel, launchOptions }, info) => {
    const browser = { browserName, channel, launch: launchOptions, profile: info.outputPath('profile') };
    const outcome = await measure(browser, site, kindOf('bff'), theft, rfc, withReadableSession(site.origin));
    expect(outcome.verdict, JSON.stringify(outcome)).toBe('succeeds');
    expect(outcome.evidence).toContainEqual(expect.objectContaining({ request: 'GET /api/demo/me with the cookie' }));
  });

  test('a DPoP key that can be exported', async ({ site, browserName, channel, launchOptions }, info) => {
    const browser = { browserName, channel, launch: launchOptions, profile: info.outputPath('profile') };
    const edits = withoutPolicies(site.origin);
    const outcome = await measure(browser, site, kindOf('browser-dpop'), theft, rfc, edits, withExportableKeys);
    expect(outcome.verdict, JSON.stringify(outcome)).toBe('succeeds');
  });
});
