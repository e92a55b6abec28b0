/** How often a token endpoint was used. */
export type TokenRequests = { code: number; refresh: number };

/** What the provider says of a token. */
export type TokenStatus = { known: boolean; active: boolean; reason: string; client?: string };

/** One thing that goes wrong: see crates/provider/README.md. */
export type FaultRule = {
  endpoint: string;
  client?: string;
  grant_type?: 'authorization_code' | 'refresh_token';
  skip?: number;
  times?: number;
  fault:
    | { kind: 'delay'; ms: number; at: 'before_commit' | 'after_commit' }
    | { kind: 'close'; at: 'before_commit' | 'after_commit' }
    | { kind: 'truncated' | 'without_cors' };
};

/** The demo provider, asked from outside of every browser: its counts and its control API. */
export class Provider {
  readonly issuer: string;

  constructor(issuer: string) {
    this.issuer = issuer;
  }

  /** How often it was asked for tokens since its start: by this client, or by all. */
  async tokenRequests(client?: string): Promise<TokenRequests> {
    const counts = (await this.ask('GET', 'requests')) as {
      grant_types: Record<string, number>;
      by_client: Record<string, Record<string, number>>;
    };
    const asked = client === undefined ? counts.grant_types : (counts.by_client[client] ?? {});
    const { authorization_code: code = 0, refresh_token: refresh = 0 } = asked;
    return { code, refresh };
  }

  /** What the token with this fingerprint, `at·7f3a9c`, is accepted for now. */
  async tokenStatus(fingerprint: string): Promise<TokenStatus> {
    return (await this.ask('GET', `tokens/${fingerprint.replace('·', '/')}`)) as TokenStatus;
  }

  /** Lets requests go wrong by these rules from now on, and by no others. */
  async fail(...rules: FaultRule[]): Promise<void> {
    await this.ask('PUT', 'faults', rules);
  }

  /** The number of requests that got a fault, those included that are still delayed. */
  async faultHits(): Promise<number> {
    const rules = (await this.ask('GET', 'faults')) as { hits: number }[];
    return rules.reduce((sum, rule) => sum + rule.hits, 0);
  }

  /** Whether `prompt=none` works in a frame of another site, as at most providers. */
  async setFraming(framing: 'silent' | 'refused'): Promise<void> {
    await this.ask('PUT', 'framing', framing);
  }

  /** Moves the provider's clock and the API's on. */
  async moveClocks(ms: number): Promise<void> {
    await this.ask('POST', 'clock', { provider_ms: ms, api_ms: ms });
  }

  /** Ends every token that this person's sign-ins gave. */
  async revoke(username: string): Promise<void> {
    await this.ask('POST', `revoke/${username}`);
  }

  private async ask(method: string, path: string, body?: unknown): Promise<unknown> {
    const answer = await fetch(`${this.issuer}/demo/${path}`, {
      method,
      headers: { 'x-demo': '1', 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} /demo/${path}: ${answer.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }
}
