import {
  createServer,
  request,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

/** What one answer brought to the browser. */
export type Answer = { url: string; status: number; headers: string; body: Buffer };

/** What is changed on the way. */
export type Edits = {
  request?: (headers: IncomingHttpHeaders) => IncomingHttpHeaders;
  /** Names and values in turn, as Node has them. */
  answer?: (url: string, headers: string[]) => string[];
};

/**
 * A forward proxy that keeps every byte that a browser receives: documents,
 * scripts, WebAssembly, headers, redirects. It asks for bodies uncompressed, so
 * that what was received can be searched.
 */
export class Wiretap {
  readonly answers: Answer[] = [];
  private readonly server: Server;
  private readonly edits: Edits;

  private constructor(edits: Edits) {
    this.edits = edits;
    this.server = createServer((incoming, outgoing) => this.forward(incoming, outgoing));
  }

  /** Listens on a port of its own. */
  static async start(edits: Edits = {}): Promise<Wiretap> {
    const tap = new Wiretap(edits);
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

  private forward(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const url = incoming.url ?? '';
    const { 'proxy-connection': _, ...kept } = incoming.headers;
    const { request: edit = (same) => same, answer: editAnswer = (_, same) => same } = this.edits;
    const headers = edit({ ...kept, 'accept-encoding': 'identity' });
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
        outgoing.writeHead(answer.statusCode ?? 502, editAnswer(url, answer.rawHeaders));
        outgoing.end(body);
      });
      answer.on('error', () => outgoing.destroy());
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  }
}
