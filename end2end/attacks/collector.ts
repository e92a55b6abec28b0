import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What an attack has sent. */
export type Loot = {
  attack: string;
  access_token?: string;
  refresh_token?: string;
  /** All cookies that the script could read. */
  cookie?: string;
  /** A private key that the application let be exported. */
  key?: JsonWebKey;
  code?: string;
  code_verifier?: string;
  /** The provider's refusal of an authorization request. */
  error?: string;
  /** The directive of the page's policy that stopped the script. */
  blocked_by?: string;
  /** Why the script cannot say what its attack came to. */
  undecided?: string;
  found_in?: string[];
  asked?: string;
  api_answer?: string;
};

/** The attacker's server, on an origin of its own. It only receives. */
export class Collector {
  private readonly server: Server;
  private received: Loot[] = [];
  private arrived: () => void = () => {};

  private constructor() {
    this.server = createServer(async (request, answer) => {
      const loot = await read(request).catch(() => undefined);
      answer.writeHead(loot ? 200 : 404, { 'content-type': 'text/html' });
      answer.end('<!DOCTYPE html><html lang="en"><title>Thank you</title><link rel="icon" href="data:,">');
      if (!loot) return;
      this.received.push(loot);
      this.arrived();
    });
  }

  /** Listens on a port of its own. */
  static async start(): Promise<Collector> {
    const collector = new Collector();
    await new Promise<void>((ready) => collector.server.listen(0, '127.0.0.1', ready));
    return collector;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The newest loot, when there is some; none after `limit` milliseconds without. */
  async newest(limit: number): Promise<Loot | undefined> {
    if (this.received.length === 0) {
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((done) => {
        this.arrived = done;
        timer = setTimeout(done, limit);
      });
      clearTimeout(timer);
    }
    return this.received.at(-1);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }
}

/** Loot comes as a body, or in the address of a page that a script has led here. */
async function read(request: IncomingMessage): Promise<Loot | undefined> {
  const { pathname, search } = new URL(request.url ?? '', 'http://collector');
  if (pathname !== '/loot') return undefined;
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const text = request.method === 'POST' ? Buffer.concat(parts).toString() : decodeURIComponent(search.slice(1));
  return JSON.parse(text) as Loot;
}
