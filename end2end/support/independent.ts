import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, type Page, type TestInfo } from '@playwright/test';
import { kindOf, type Kind } from './kinds.ts';
import { freePorts } from './ports.ts';
import type { TokenRequests } from './provider.ts';

const folder = resolve(import.meta.dirname, '../providers');
const target = resolve(import.meta.dirname, '../../target');

/** A provider that this project did not write needs this long for its first start. */
const START_LIMIT = 30_000;

/** An authorization server that this project did not write. */
export type Software = {
  /** The package's name. */
  name: string;
  /** The command that starts it. */
  command: string[];
  /** The kinds that it can serve. */
  kinds: Kind[];
  /** Whether the configuration switches the exchange log on. */
  exchangeLog: boolean;
  /** Further keys of its entry in the configuration. */
  settings: string;
  /** The path of its userinfo endpoint below the issuer. */
  userinfo: string;
  /** Whether its metadata name the endpoints of introspection and revocation (RFC 7662, RFC 7009). */
  introspects: boolean;
  revokes: boolean;
  /** Whether a scope asks for a refresh token. */
  offlineScope: boolean;
  /** Whether a used refresh token gets the same successor for a while. */
  grace: boolean;
  /** Fills in its login page and, where there is one, its consent page. */
  logIn(page: Page, person: string): Promise<void>;
};

const announced = new Set<string>();

/** Prints, once, which version of software of others is tested, and notes it in the report. */
export function announce(name: string, version: string, info: TestInfo): void {
  expect(version, `the version of ${name}`).toMatch(/^\d+\.\d+/);
  info.annotations.push({ type: name, description: version });
  if (!announced.has(name)) console.log(`${name} ${version}`);
  announced.add(name);
}

/** What the provider counted, and every token that it issued. */
export type Counts = {
  requests: Record<string, Record<string, number>>;
  replays: number;
  issued: Record<'access_token' | 'refresh_token' | 'id_token', string[]>;
};

/** npm's `oidc-provider`: certified, strict, without a grace period. */
const oidcProvider: Software = {
  name: 'oidc-provider',
  command: [process.execPath, join(folder, 'oidc-provider.mjs')],
  kinds: ['bff', 'mediated', 'browser', 'browser-dpop', 'worker'].map(kindOf),
  exchangeLog: true,
  // A refresh token for a public client only after explicit consent (OpenID
  // Connect Core 1.0, section 11).
  settings: `
    scopes = ["openid", "profile", "email", "offline_access"]
    authorize_params = { prompt = "consent" }
  `,
  userinfo: '/me',
  introspects: true,
  revokes: true,
  offlineScope: true,
  grace: false,
  async logIn(page, person) {
    await expect(page).toHaveTitle('Sign-in');
    await page.getByPlaceholder('Enter any login').fill(person);
    await page.getByPlaceholder('and password').fill('any');
    await page.getByRole('button', { name: 'Sign-in' }).click();
    await page.getByRole('button', { name: 'Continue' }).click();
  },
};

/** The Python with the packages of `end2end/requirements.txt`; xtask says where. */
export const PYTHON = process.env.E2E_PYTHON ?? join(target, 'python/bin/python');

/** PyPI's `django-oauth-toolkit`: its grace period gives the same successor again. */
const djangoOauthToolkit: Software = {
  name: 'django-oauth-toolkit',
  command: [PYTHON, join(folder, 'django_oauth_toolkit.py')],
  kinds: ['bff', 'browser'].map(kindOf),
  exchangeLog: false,
  settings: `
    scopes = ["openid", "profile", "email"]
    grace = "60s"
  `,
  userinfo: '/userinfo/',
  introspects: false,
  revokes: false,
  offlineScope: false,
  grace: true,
  async logIn(page, person) {
    await expect(page).toHaveTitle('Log in');
    await page.getByLabel('Username').fill(person);
    await page.getByLabel('Password').fill('any');
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('button', { name: 'Authorize' }).click();
  },
};

/** Every provider that the suite runs against. */
export const SOFTWARE: Software[] = [oidcProvider, djangoOauthToolkit];

/** A running provider of a test's own, with its control interface. */
export class IndependentProvider {
  readonly software: Software;
  readonly issuer: string;
  readonly version: string;
  private readonly process: ChildProcess;
  private readonly control: string;

  private constructor(software: Software, process: ChildProcess, ready: Ready) {
    this.software = software;
    this.process = process;
    this.issuer = ready.issuer;
    this.version = ready.version;
    this.control = new URL('/control', ready.issuer).href;
  }

  /** Starts it for an application at this origin. Fails, with its output, if it does not start. */
  static async start(software: Software, app: { origin: string; secret: string }, folder: string): Promise<IndependentProvider> {
    await mkdir(folder, { recursive: true });
    const [port] = await freePorts(1);
    const [program, ...words] = software.command;
    const child = spawn(program!, words, {
      env: {
        PATH: process.env.PATH,
        PORT: String(port),
        APP_ORIGIN: app.origin,
        CLIENT_SECRET: app.secret,
        FOLDER: folder,
      },
      // It ends when its standard input closes: also when this process is killed.
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    return new IndependentProvider(software, child, await ready(software, child));
  }

  /** Ends the process and waits until it is gone. */
  async stop(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const ended = new Promise((done) => this.process.once('exit', done));
    this.process.kill('SIGKILL');
    await ended;
  }

  /** What it counted since its start. */
  async counts(): Promise<Counts> {
    const answer = await fetch(this.control + '/');
    return (await answer.json()) as Counts;
  }

  /** How often this client asked it for tokens. */
  async tokenRequests(client: string): Promise<TokenRequests> {
    const { requests } = await this.counts();
    const { authorization_code: code = 0, refresh_token: refresh = 0 } = requests[client] ?? {};
    return { code, refresh };
  }

  /** How long access tokens live that it issues from now on. */
  async setAccessTokenLifetime(seconds: number): Promise<void> {
    await this.set('accessTokenSeconds', seconds);
  }

  /** Closes the connection instead of answering the next refreshes, after they took effect. */
  async loseAnswers(count: number): Promise<void> {
    await this.set('lostAnswers', count);
  }

  private async set(name: string, value: number): Promise<void> {
    const answer = await fetch(`${this.control}/${name}/${value}`, { method: 'PUT' });
    expect(answer.ok, `PUT /control/${name}`).toBe(true);
  }
}

/** The line that a provider prints when it is ready. */
type Ready = { issuer: string; version: string };

async function ready(software: Software, child: ChildProcess): Promise<Ready> {
  let output = '';
  child.stderr!.on('data', (part: Buffer) => (output += part.toString()));
  const line = new Promise<string>((done, fail) => {
    child.once('error', fail);
    child.once('exit', (code) => fail(new Error(`${software.name} ended with ${code}:\n${output}`)));
    createInterface(child.stdout!).once('line', done);
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, fail) => {
    const error = () => fail(new Error(`${software.name} was not ready within ${START_LIMIT} ms:\n${output}`));
    timer = setTimeout(error, START_LIMIT);
  });
  try {
    return JSON.parse(await Promise.race([line, late])) as Ready;
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
