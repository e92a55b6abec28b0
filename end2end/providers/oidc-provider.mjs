// Runs npm's `oidc-provider`, an authorization server that this project did not
// write, until its standard input closes. Prints one line of JSON when it is ready.
//
// The environment: PORT, APP_ORIGIN (the application's origin), CLIENT_SECRET.
// Beside the server's own endpoints there is `/control/…` for tests.

import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import Provider from 'oidc-provider';

const { PORT, APP_ORIGIN, CLIENT_SECRET } = process.env;
const issuer = `http://127.0.0.1:${PORT}`;
const kinds = ['browser', 'browser-dpop', 'worker'];

/** What tests read and change. */
const control = {
  accessTokenSeconds: 3600,
  lostAnswers: 0,
  /** Numbers of token requests by client and grant type. */
  requests: {},
  /** How often a refresh token was presented after another had replaced it. */
  replays: 0,
  /** Every token ever issued. */
  issued: { access_token: [], refresh_token: [], id_token: [] },
};
const replaced = new Set();

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: 'confidant-web',
      client_secret: CLIENT_SECRET,
      redirect_uris: [`${APP_ORIGIN}/callback`],
      post_logout_redirect_uris: [`${APP_ORIGIN}/`],
      grant_types: ['authorization_code', 'refresh_token'],
      token_endpoint_auth_method: 'client_secret_basic',
    },
    {
      client_id: 'confidant-spa',
      redirect_uris: kinds.map((kind) => `${APP_ORIGIN}/${kind}/callback`),
      post_logout_redirect_uris: [`${APP_ORIGIN}/`],
      grant_types: ['authorization_code', 'refresh_token'],
      token_endpoint_auth_method: 'none',
    },
  ],
  jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid: 'one', use: 'sig', alg: 'RS256' }] },
  cookies: { keys: [randomBytes(24).toString('hex')] },
  claims: { openid: ['sub'], profile: ['name'], email: ['email', 'email_verified'] },
  scopes: ['openid', 'offline_access', 'profile', 'email'],
  // The password is whatever the user types: the login page is for development.
  findAccount: (_, sub) => ({
    accountId: sub,
    claims: () => ({ sub, name: sub, email: `${sub}@example.com`, email_verified: true }),
  }),
  pkce: { required: () => true },
  // A refresh token also without `prompt=consent`.
  issueRefreshToken: (_, client) => client.grantTypeAllowed('refresh_token'),
  // Its own default for public clients, and rotation for the confidential one,
  // too: a token that is bound to a key need not rotate (RFC 9700, section 4.14.2).
  rotateRefreshToken: ({ oidc }) =>
    oidc.client.clientAuthMethod !== 'none' || !oidc.entities.RefreshToken.isSenderConstrained(),
  ttl: {
    AccessToken: () => control.accessTokenSeconds,
    AuthorizationCode: 60,
    Grant: 86_400,
    IdToken: 3600,
    Interaction: 3600,
    RefreshToken: 86_400,
    Session: 86_400,
  },
  clientBasedCORS: (_, origin) => origin === APP_ORIGIN,
  features: {
    devInteractions: { enabled: true },
    dPoP: { enabled: true, nonceSecret: randomBytes(32), requireNonce: () => true },
    introspection: {
      enabled: true,
      allowedPolicy: (_, client, token) => token.clientId === client.clientId,
    },
    pushedAuthorizationRequests: { enabled: true },
    resourceIndicators: { enabled: false },
    revocation: {
      enabled: true,
      allowedPolicy: (_, client, token) => token.clientId === client.clientId,
    },
    rpInitiatedLogout: { enabled: true },
    userinfo: { enabled: true },
  },
});

provider.use(async (context, next) => {
  await next();
  if (context.oidc?.route !== 'token') return;
  const { client, params } = context.oidc;
  // A first proof of possession without the server's nonce is refused before the
  // server has looked at the request.
  if (context.body?.error === 'use_dpop_nonce') return;
  const counts = (control.requests[client?.clientId ?? 'unknown'] ??= {});
  counts[params.grant_type] = (counts[params.grant_type] ?? 0) + 1;
  for (const [kind, tokens] of Object.entries(control.issued)) {
    if (context.body?.[kind]) tokens.push(context.body[kind]);
  }
  if (params.grant_type !== 'refresh_token') return;
  const { refresh_token: before } = params;
  if (replaced.has(before)) control.replays += 1;
  if (context.body?.refresh_token && context.body.refresh_token !== before) replaced.add(before);
  if (control.lostAnswers > 0) {
    control.lostAnswers -= 1;
    // The tokens are stored, and the client never sees them. One byte is sent:
    // Chromium repeats a request by itself whose connection closes without any.
    context.respond = false;
    context.res.setHeader('content-length', '1000');
    context.res.write('{', () => context.req.socket.destroy());
  }
});

const handle = provider.callback();
const server = createServer((request, response) => {
  const [path, value] = new URL(request.url, issuer).pathname.split('/').slice(2);
  if (!request.url.startsWith('/control/')) return handle(request, response);
  if (request.method === 'PUT') control[path] = Number(value);
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(control));
});
server.listen(Number(PORT), '127.0.0.1', () => {
  const { version } = createRequire(pathToFileURL(import.meta.filename))('oidc-provider/package.json');
  console.log(JSON.stringify({ issuer, name: 'oidc-provider', version }));
});

// The test that started this process may have been killed.
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
