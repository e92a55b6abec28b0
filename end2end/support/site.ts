import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { openSync, closeSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePorts } from './ports.ts';
import { Provider } from './provider.ts';

const target = resolve(import.meta.dirname, '../../target');
export const binary = process.env.E2E_BINARY ?? join(target, 'debug/confidant');
const siteRoot = process.env.LEPTOS_SITE_ROOT ?? join(target, 'site');

/** A first start makes keys and a database. */
const START_LIMIT = 20_000;
/** The server drains for ten seconds at most. */
const STOP_LIMIT = 15_000;

/** What one deployment may differ in. */
export type Options = {
  /** A configuration file's text, made from the addresses; the demo's own without. */
  config?: (addresses: { origin: string; issuer: string; provider: string }) => string;
  /** The provider is another program, which knows this port and this secret. */
  external?: { port: number; secret: string };
};

/** The ports of one deployment. */
type Ports = { app: number; provider: number };

/**
 * A running `confidant` with its demo provider and a database of its own. The
 * application is at http://localhost, the provider at http://127.0.0.1: two
 * sites to a browser.
 */
export class Site {
  readonly origin: string;
  readonly issuer: string;
  readonly provider: Provider;
  /** The client secret of the confidential client. */
  readonly secret: string;

  private readonly folder: string;
  private readonly ports: Ports;
  private readonly options: Options;
  private process: ChildProcess | undefined;

  private constructor(folder: string, ports: Ports, options: Options) {
    this.folder = folder;
    this.ports = ports;
    this.options = options;
    this.origin = `http://localhost:${ports.app}`;
    this.issuer = `http://127.0.0.1:${ports.provider}`;
    this.provider = new Provider(this.issuer);
    this.secret = options.external?.secret ?? randomSecret();
  }

  /** Starts a deployment in `folder`. */
  static async start(folder: string, options: Options = {}): Promise<Site> {
    await mkdir(folder, { recursive: true });
    const [app, provider] = await freePorts(2);
    const ports = { app: options.external?.port ?? app!, provider: provider! };
    const site = new Site(folder, ports, options);
    // Only the demo makes its own.
    if (options.external) await writeKeyFile(join(folder, 'confidant.keys'));
    await site.up();
    return site;
  }

  /** The server's log so far. */
  async log(): Promise<string> {
    return readFile(join(this.folder, 'server.log'), 'utf8').catch(() => '');
  }

  /** Stops the server and starts it again: same ports, same database. */
  async restart(): Promise<void> {
    await this.stop();
    await this.up();
  }

  /** Stops the server, the polite way; fails when it does not go or goes badly. */
  async stop(): Promise<void> {
    const child = this.process;
    this.process = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise<[number | null, string | null]>((done) =>
      child.once('exit', (code, signal) => done([code, signal])),
    );
    child.kill('SIGTERM');
    const outcome = await Promise.race([ended, sleep(STOP_LIMIT, undefined, { ref: false })]);
    if (!outcome) {
      child.kill('SIGKILL');
      throw new Error(`the server did not end within ${STOP_LIMIT} ms of SIGTERM`);
    }
    if (outcome[0] !== 0) throw new Error(`the server ended with ${outcome.join(' ')}`);
  }

  private async up(): Promise<void> {
    const log = openSync(join(this.folder, 'server.log'), 'a');
    const child = spawn(binary, await this.command(), {
      cwd: this.folder,
      env: this.environment(),
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    this.process = child;
    const failed = new Promise<never>((_, reject) => child.once('error', reject));
    await Promise.race([failed, this.ready(child)]);
  }

  private async command(): Promise<string[]> {
    if (!this.options.config) return ['serve'];
    const file = join(this.folder, 'confidant.toml');
    const { origin, issuer } = this;
    const provider = `127.0.0.1:${this.ports.provider}`;
    await writeFile(file, this.options.config({ origin, issuer, provider }));
    return ['serve', '--config', file];
  }

  private environment(): NodeJS.ProcessEnv {
    return {
      PATH: process.env.PATH,
      LEPTOS_SITE_ROOT: siteRoot,
      LEPTOS_HASH_FILES: process.env.LEPTOS_HASH_FILES ?? 'false',
      DEMO_CLIENT_SECRET: this.secret,
      CONFIDANT_LISTEN: `127.0.0.1:${this.ports.app}`,
      CONFIDANT_PUBLIC_URL: this.origin,
      ...(this.options.external ? {} : { CONFIDANT_DEMO_PROVIDER: `127.0.0.1:${this.ports.provider}` }),
      CONFIDANT_STORE: `sqlite:${join(this.folder, 'confidant.db')}`,
    };
  }

  private async ready(child: ChildProcess): Promise<void> {
    const deadline = Date.now() + START_LIMIT;
    while (Date.now() < deadline) {
      if (child.exitCode !== null || child.signalCode !== null) {
        throw new Error(`the server ended at once:\n${await this.log()}`);
      }
      const answer = await fetch(`http://127.0.0.1:${this.ports.app}/livez`, {
        signal: AbortSignal.timeout(2_000),
      }).catch(() => undefined);
      if (answer?.ok) return;
      await sleep(25);
    }
    child.kill('SIGKILL');
    throw new Error(`the server was not ready within ${START_LIMIT} ms:\n${await this.log()}`);
  }
}

/** A client secret that no other deployment has. */
export function randomSecret(): string {
  return `e2e-${randomBytes(24).toString('base64url')}`;
}

async function writeKeyFile(file: string): Promise<void> {
  const { stdout } = await promisify(execFile)(binary, ['keygen']);
  await writeFile(file, stdout, { mode: 0o600 });
}
