import { mkdir, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Collector } from '../attacks/collector.ts';
import { ATTACKS, CONDITIONS, difference, EXPECTED, type Cell } from '../attacks/matrix.ts';
import { play } from '../attacks/run.ts';
import { startVictim } from '../attacks/victim.ts';
import { KINDS } from '../support/kinds.ts';
import { expect, test } from '../support/test.ts';
import { Wiretap } from '../support/wiretap.ts';

/** Where each cell is written down; `cargo xtask matrix` puts them together. */
const output = resolve(process.env.E2E_OUTPUT ?? resolve(import.meta.dirname, '../../target/e2e'), 'rfc10017');

/** What an answer says of what may load its page, frame it and share its window. */
const POLICIES = ['content-security-policy', 'x-frame-options', 'cross-origin-opener-policy'];

for (const kind of KINDS) {
  for (const [index, attack] of ATTACKS.entries()) {
    for (const conditions of CONDITIONS.filter(({ attacks }) => attacks.includes(attack.id))) {
      const title = [`RFC 10017, ${attack.id}, ${kind.id}: ${attack.name}`, conditions.id];
      test(title.filter(Boolean).join(', '), async ({ site, browserName, channel, launchOptions }, info) => {
        const collector = await Collector.start();
        const headers = conditions.policy ? [] : POLICIES;
        const proxy = await Wiretap.start({ origin: site.origin, headers });
        const victim = await startVictim({
          browserName,
          channel,
          launch: launchOptions,
          profile: info.outputPath('profile'),
          proxy: proxy.proxy(),
          baseURL: site.origin,
          thirdPartyCookies: conditions.thirdPartyCookies,
        });
        const page = await victim.newPage();
        const outcome = await play(page, site, kind, attack, conditions, collector).finally(async () => {
          await victim.close();
          await Promise.all([collector.stop(), proxy.stop()]);
        });
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
