import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Page } from '@playwright/test';
import { announce, PYTHON } from '../support/independent.ts';
import { consent, logIn } from '../support/steps.ts';
import { StandaloneProvider } from '../support/standalone_provider.ts';
import { expect, test } from '../support/test.ts';

const folder = resolve(import.meta.dirname, '../clients');

/** A client that this project did not write. */
type Client = { name: string; command: string[]; version: () => string; bound?: boolean };

const CLIENTS: Client[] = [
  npm('openid-client'),
  { ...npm('oauth4webapi'), bound: true },
  pypi('requests-oauthlib', 'requests_oauthlib_client.py'),
  pypi('authlib', 'authlib_client.py'),
];

for (const client of CLIENTS) {
  test(`${client.name} signs in, refreshes, introspects and revokes`, async ({ page }, info) => {
    announce(client.name, client.version(), info);
    const provider = await StandaloneProvider.start();
    try {
      const result = await run(page, client, provider);
      expect(result).toEqual({
        email: 'alice@example.com',
        refreshed: true,
        // A token that is bound to a key stays (RFC 9700, section 4.14.2).
        ...(client.bound ? { tokenType: 'dpop' } : { rotated: true }),
        activeBefore: true,
        activeAfter: false,
      });
    } finally {
      await provider.stop();
    }
  });
}

/** Runs the program. Where it wants the user to authorize, the browser does. */
async function run(page: Page, client: Client, provider: StandaloneProvider): Promise<unknown> {
  const [program, ...words] = client.command;
  const child = spawn(program!, words, {
    env: {
      PATH: process.env.PATH,
      PYTHONDONTWRITEBYTECODE: '1',
      ISSUER: provider.issuer,
      CLIENT_ID: 'confidant-web',
      CLIENT_SECRET: provider.secret,
      REDIRECT_URI: `${provider.app}/callback`,
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (part: Buffer) => (errors += part.toString()));
  const ended = once(child, 'close');
  let result: unknown;
  for await (const line of createInterface({ input: child.stdout })) {
    const said = JSON.parse(line) as { authorize?: string; result?: unknown };
    if (said.authorize) child.stdin.write((await authorize(page, provider, said.authorize)) + '\n');
    else result = said.result;
  }
  const [code] = (await ended) as [number];
  expect(code, errors).toBe(0);
  return result;
}

/** Signs in as alice and consents. Returns the address that the provider leads back to. */
async function authorize(page: Page, provider: StandaloneProvider, url: string): Promise<string> {
  const back = page.waitForRequest((request) => request.url().startsWith(`${provider.app}/`));
  await page.route(`${provider.app}/**`, (route) =>
    route.fulfill({ contentType: 'text/html', body: '<!DOCTYPE html><link rel="icon" href="data:,">' }),
  );
  await page.goto(url);
  await logIn(page, 'alice');
  await consent(page, 'Allow');
  return (await back).url();
}

function npm(name: string): Client {
  const version = () => {
    const file = createRequire(import.meta.url).resolve(name);
    const root = file.slice(0, file.lastIndexOf(`/${name}/`) + name.length + 2);
    return (createRequire(import.meta.url)(join(root, 'package.json')) as { version: string }).version;
  };
  return { name, command: [process.execPath, join(folder, `${name}.mjs`)], version };
}

function pypi(name: string, file: string): Client {
  const ask = `from importlib.metadata import version; print(version("${name}"))`;
  const version = () => execFileSync(PYTHON, ['-c', ask], { encoding: 'utf8' }).trim();
  return { name, command: [PYTHON, join(folder, file)], version };
}
