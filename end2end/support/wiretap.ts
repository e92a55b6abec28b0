import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What one answer brought to the browser. */
export type Answer = { url: string; status: number; headers: string; body: Buffer };

/** Headers that do not reach the browser. */
export type Without = { origin: string; headers: string[] };

/**
 * A forward proxy that keeps every byte that a browser receives: documents,
 * scripts, WebAssembly, headers, redirects. It asks for bodies uncompressed, so
 * that what was received can be searched.
 */
export class Wiretap {
  readonly answers: Answer[] = [];
  private readonly server: Server;
  private readonly without: Without;

  private constructor(without: Without) {
    this.without = without;
    this.server = createServer((incoming, outgoing) => this.forward(incoming, outgoing));
  }

  /** Listens on a port of its own. Takes headers away from every answer of one origin. */
  static async start(without: Without = { origin: '', headers: [] }): Promise<Wiretap> {
    const tap = new Wiretap(without);
    await new Promise<void>((ready) => tap.server.listen(0, '127.0.0.1', ready));
    return tap;
  }

  /** What a browser's context needs to send everything through here, loopback included. */
  proxy(): { server: string; bypass: string } {
    const { port } = this.server.address() as AddressInfo;
    return { server: `http://127.0.0.1:${port}`, bypass: '<-loopback>' };
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }

  private kept(url: string, headers: string[]): string[] {
    if (new URL(url).origin !== this.without.origin) return headers;
    const names = headers.map((_, index) => headers[index - (index % 2)]!.toLowerCase());
    return headers.filter((_, index) => !this.without.headers.includes(names[index]!));
  }

  private forward(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const url = incoming.url ?? '';
    const { 'proxy-connection': _, ...kept } = incoming.headers;
    const headers = { ...kept, 'accept-encoding': 'identity' };
    const onward = request(url, { method: incoming.method, headers, agent: false }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('end', () => {
        const body = Buffer.concat(parts);
        this.answers.push({
          url,
          status: answer.statusCode ?? 0,
          headers: answer.rawHeaders.join('\n'),
          body,
        });
        outgoing.writeHead(answer.statusCode ?? 502, this.kept(url, answer.rawHeaders));
        outgoing.end(body);
      });
      answer.on('error', () => outgoing.destroy());
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  }
}
