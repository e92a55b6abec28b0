// npm's `openid-client` as a confidential client of the demo provider.

import * as client from 'openid-client';
import { CLIENT_ID, CLIENT_SECRET, ISSUER, REDIRECT_URI, authorize, report } from './authorize.mjs';

const authentication = client.ClientSecretBasic(CLIENT_SECRET);
const config = await client.discovery(new URL(ISSUER), CLIENT_ID, undefined, authentication, {
  execute: [client.allowInsecureRequests],
});
const pkceCodeVerifier = client.randomPKCECodeVerifier();
const [expectedState, expectedNonce] = [client.randomState(), client.randomNonce()];
const callback = await authorize(
  client.buildAuthorizationUrl(config, {
    redirect_uri: REDIRECT_URI,
    scope: 'openid profile email offline_access',
    prompt: 'consent',
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    state: expectedState,
    nonce: expectedNonce,
  }),
);
const first = await client.authorizationCodeGrant(config, callback, {
  pkceCodeVerifier,
  expectedState,
  expectedNonce,
  idTokenExpected: true,
});
const { email } = await client.fetchUserInfo(config, first.access_token, first.claims().sub);
const second = await client.refreshTokenGrant(config, first.refresh_token);
const before = await client.tokenIntrospection(config, second.access_token);
await client.tokenRevocation(config, second.refresh_token);
const after = await client.tokenIntrospection(config, second.access_token);
report({
  email,
  refreshed: second.access_token !== first.access_token,
  rotated: second.refresh_token !== first.refresh_token,
  activeBefore: before.active,
  activeAfter: after.active,
});
