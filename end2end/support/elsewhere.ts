import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Another site, whose pages may do whatever they like: no policy, no cookies. */
export class Elsewhere {
  private readonly server: Server;
  private body = '';

  private constructor() {
    this.server = createServer((_, answer) => {
      answer.writeHead(200, { 'content-type': 'text/html' });
      answer.end(
        `<!DOCTYPE html><html lang="en"><title>Elsewhere</title><link rel="icon" href="data:,">${this.body}`,
      );
    });
  }

  /** Listens at http://127.0.0.1: not the site of the application, which is at localhost. */
  static async start(): Promise<Elsewhere> {
    const elsewhere = new Elsewhere();
    await new Promise<void>((ready) => elsewhere.server.listen(0, '127.0.0.1', ready));
    return elsewhere;
  }

  /** Puts this on its page and says where the page is. */
  page(body = ''): string {
    this.body = body;
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }
}
