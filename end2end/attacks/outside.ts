import { createHash, createPrivateKey, generateKeyPairSync, randomUUID, sign, type KeyObject } from 'node:crypto';

/** One request that the collector made outside the browser, and its answer. */
export type Step = { request: string; status: number; answer: string };

/** Tokens, as the provider gave them to the collector. */
export type Tokens = { access_token?: string; refresh_token?: string };

/**
 * The attacker away from the victim's browser: a program with the stolen things,
 * and nothing else. Every request is kept as evidence.
 */
export class Outside {
  readonly steps: Step[] = [];
  private readonly provider: string;
  private readonly clientId: string;
  private key: KeyObject | undefined;
  private nonce: string | undefined;

  constructor(provider: string, clientId: string) {
    this.provider = provider;
    this.clientId = clientId;
  }

  /** Proves possession of a key from now on (RFC 9449): a stolen one, or one of its own. */
  useKey(stolen?: JsonWebKey): void {
    this.key = stolen
      ? createPrivateKey({ key: stolen as never, format: 'jwk' })
      : generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  }

  /** Calls the API with an access token. Returns whether it answered. */
  async callApi(token: string): Promise<boolean> {
    const scheme = this.key ? 'DPoP' : 'Bearer';
    const answer = await this.send('GET', '/api/me', { authorization: `${scheme} ${token}` }, undefined, token);
    return answer.status === 200;
  }

  /** Calls the API through the application with stolen cookies. Returns whether it answered. */
  async callThrough(application: string, cookie: string): Promise<boolean> {
    const path = '/api/demo/me';
    // A script can read the cookie, so it is no longer the one whose name forbids that.
    const headers = { 'x-csrf': '1', cookie: cookie.replace('readable_session=', '__Host-Http-confidant=') };
    const answer = await fetch(application + path, { headers });
    const text = await answer.text();
    this.steps.push({ request: `GET ${path} with the cookie`, status: answer.status, answer: text.slice(0, 200) });
    return answer.status === 200;
  }

  /** Trades a refresh token. */
  async refresh(token: string): Promise<Tokens> {
    return this.token({ grant_type: 'refresh_token', refresh_token: token });
  }

  /** Trades an authorization code. */
  async exchange(code: string, verifier: string, redirectUri: string): Promise<Tokens> {
    return this.token({
      grant_type: 'authorization_code',
      code,
      code_verifier: verifier,
      redirect_uri: redirectUri,
    });
  }

  private async token(form: Record<string, string>): Promise<Tokens> {
    const body = new URLSearchParams({ ...form, client_id: this.clientId });
    const answer = await this.send('POST', '/token', {}, body);
    return answer.status === 200 ? (JSON.parse(answer.text) as Tokens) : {};
  }

  /** Sends a request, and once more when the provider asks for a nonce. */
  private async send(
    method: string,
    path: string,
    headers: Record<string, string>,
    body?: URLSearchParams,
    token?: string,
  ): Promise<{ status: number; text: string }> {
    const url = this.provider + path;
    const once = async () => {
      const proof = this.key && { dpop: this.proof(method, url, token) };
      const answer = await fetch(url, { method, headers: { ...headers, ...proof }, body });
      this.nonce = answer.headers.get('dpop-nonce') ?? this.nonce;
      const text = await answer.text();
      return { status: answer.status, text, wantsNonce: answer.headers.has('dpop-nonce') && !answer.ok };
    };
    const hadNonce = this.nonce !== undefined;
    let answer = await once();
    if (answer.wantsNonce && this.key && !hadNonce) answer = await once();
    const what = [method, path, body?.get('grant_type'), this.key && 'with a DPoP proof'];
    this.steps.push({
      request: what.filter(Boolean).join(' '),
      status: answer.status,
      answer: answer.text.replaceAll(/"(access|refresh|id)_token":"[^"]*"/g, '"$1_token":"…"').slice(0, 200),
    });
    return answer;
  }

  private proof(method: string, url: string, token?: string): string {
    const { kty, crv, x, y } = this.key!.export({ format: 'jwk' });
    const header = { typ: 'dpop+jwt', alg: 'ES256', jwk: { kty, crv, x, y } };
    const claims = {
      htm: method,
      htu: url,
      iat: Math.floor(Date.now() / 1000),
      jti: randomUUID(),
      nonce: this.nonce,
      ath: token && createHash('sha256').update(token).digest('base64url'),
    };
    const encode = (part: unknown) => Buffer.from(JSON.stringify(part)).toString('base64url');
    const input = `${encode(header)}.${encode(claims)}`;
    const signature = sign('sha256', Buffer.from(input), { key: this.key!, dsaEncoding: 'ieee-p1363' });
    return `${input}.${signature.toString('base64url')}`;
  }
}
