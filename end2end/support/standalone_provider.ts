import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePorts } from './ports.ts';
import { binary, randomSecret } from './site.ts';

const START_LIMIT = 20_000;

/** The demo provider in a process of its own, without an application. */
export class StandaloneProvider {
  readonly issuer: string;
  /** The origin at which the application would be. */
  readonly app: string;
  readonly secret = randomSecret();
  private readonly process: ChildProcess;

  private constructor(ports: { provider: number; app: number }) {
    const address = `127.0.0.1:${ports.provider}`;
    this.issuer = `http://${address}`;
    this.app = `http://localhost:${ports.app}`;
    const words = ['provider', '--listen', address, '--app-url', this.app];
    this.process = spawn(binary, words, {
      env: { PATH: process.env.PATH, DEMO_CLIENT_SECRET: this.secret },
      stdio: 'ignore',
    });
  }

  /** Starts it and waits until it answers. */
  static async start(): Promise<StandaloneProvider> {
    const [provider, app] = await freePorts(2);
    const started = new StandaloneProvider({ provider: provider!, app: app! });
    for (const deadline = Date.now() + START_LIMIT; Date.now() < deadline; await sleep(25)) {
      const answer = await fetch(`${started.issuer}/.well-known/openid-configuration`).catch(() => undefined);
      if (answer?.ok) return started;
    }
    await started.stop();
    throw new Error(`confidant provider was not ready within ${START_LIMIT} ms`);
  }

  /** Ends the process and waits until it is gone. */
  async stop(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const ended = new Promise((done) => this.process.once('exit', done));
    this.process.kill('SIGTERM');
    await ended;
  }
}
