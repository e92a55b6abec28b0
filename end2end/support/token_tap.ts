import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * Stands between the server and the provider's token endpoint and notes every
 * token that goes by. Nobody else could say what to search for: the provider
 * keeps digests, the server's database is sealed.
 */
export class TokenTap {
  readonly tokens = { access: new Set<string>(), refresh: new Set<string>(), id: new Set<string>() };
  private readonly server: Server;
  private provider = '';

  private constructor() {
    this.server = createServer((incoming, outgoing) => this.forward(incoming, outgoing));
  }

  /** Listens on a port of its own. */
  static async start(): Promise<TokenTap> {
    const tap = new TokenTap();
    await new Promise<void>((ready) => tap.server.listen(0, '127.0.0.1', ready));
    return tap;
  }

  /** The token endpoint to configure instead of the provider's own. */
  endpoint(issuer: string): string {
    this.provider = issuer;
    const { port } = this.server.address() as AddressInfo;
    return `http://127.0.0.1:${port}/token`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }

  private forward(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const { method, headers } = incoming;
    const onward = request(`${this.provider}/token`, { method, headers, agent: false }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('end', () => {
        const body = Buffer.concat(parts);
        this.note(body);
        outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
        outgoing.end(body);
      });
      answer.on('error', () => outgoing.destroy());
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  }

  private note(body: Buffer): void {
    const answer = JSON.parse(body.toString()) as Record<string, unknown>;
    const keep = (set: Set<string>, token: unknown) => {
      if (typeof token === 'string') set.add(token);
    };
    keep(this.tokens.access, answer.access_token);
    keep(this.tokens.refresh, answer.refresh_token);
    keep(this.tokens.id, answer.id_token);
  }
}
