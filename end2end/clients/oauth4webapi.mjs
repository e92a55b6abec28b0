// npm's `oauth4webapi` as a confidential client of the demo provider that sends its
// secret in the body, its tokens bound to a key by DPoP (RFC 9449).

import * as oauth from 'oauth4webapi';
import { CLIENT_ID, CLIENT_SECRET, ISSUER, REDIRECT_URI, authorize, report } from './authorize.mjs';

const options = { [oauth.allowInsecureRequests]: true };
const issuer = new URL(ISSUER);
const server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, options));
const client = { client_id: CLIENT_ID };
const authentication = oauth.ClientSecretPost(CLIENT_SECRET);
const DPoP = oauth.DPoP(client, await oauth.generateKeyPair('ES256'));
const verifier = oauth.generateRandomCodeVerifier();
const [state, nonce] = [oauth.generateRandomState(), oauth.generateRandomNonce()];

const url = new URL(server.authorization_endpoint);
url.search = new URLSearchParams({
  response_type: 'code',
  client_id: CLIENT_ID,
  redirect_uri: REDIRECT_URI,
  scope: 'openid profile email offline_access',
  prompt: 'consent',
  code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
  code_challenge_method: 'S256',
  state,
  nonce,
});
const parameters = oauth.validateAuthResponse(server, client, await authorize(url), state);

/** Sends a request again, with the nonce that the server asked for. */
async function withNonce(send) {
  try {
    return await send();
  } catch (error) {
    if (!oauth.isDPoPNonceError(error)) throw error;
    return send();
  }
}

const first = await withNonce(async () => {
  const response = await oauth.authorizationCodeGrantRequest(
    server, client, authentication, parameters, REDIRECT_URI, verifier, { ...options, DPoP },
  );
  const expected = { expectedNonce: nonce, requireIdToken: true };
  return oauth.processAuthorizationCodeResponse(server, client, response, expected);
});
const { sub } = oauth.getValidatedIdTokenClaims(first);
const { email } = await withNonce(async () => {
  const response = await oauth.userInfoRequest(server, client, first.access_token, { ...options, DPoP });
  return oauth.processUserInfoResponse(server, client, sub, response);
});
const second = await withNonce(async () => {
  const response = await oauth.refreshTokenGrantRequest(
    server, client, authentication, first.refresh_token, { ...options, DPoP },
  );
  return oauth.processRefreshTokenResponse(server, client, response);
});
const introspect = async () => {
  const response = await oauth.introspectionRequest(server, client, authentication, second.access_token, options);
  return (await oauth.processIntrospectionResponse(server, client, response)).active;
};
const activeBefore = await introspect();
const token = second.refresh_token ?? first.refresh_token;
await oauth.processRevocationResponse(
  await oauth.revocationRequest(server, client, authentication, token, options),
);
report({
  email,
  tokenType: second.token_type,
  refreshed: second.access_token !== first.access_token,
  activeBefore,
  activeAfter: await introspect(),
});
