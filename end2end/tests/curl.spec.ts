import { Curl, hidden } from '../support/curl.ts';
import { expect, test } from '../support/test.ts';

test('curl alone signs in, refreshes and signs out', async ({ site }, info) => {
  const curl = new Curl(info.outputDir);
  const auth = `${site.origin}/auth`;
  expect(JSON.parse((await curl.get(`${auth}/session`)).body)).toMatchObject({ signed_in: false });

  const started = await curl.post(`${auth}/login/start`, { provider: 'demo' });
  expect(started.status).toBe(200);
  const { authorization_url } = JSON.parse(started.body) as { authorization_url: string };

  const login = await curl.get(authorization_url);
  const [, password = ''] = /alice.*?<td><code>([^<]+)/s.exec(login.body) ?? [];
  const loggedIn = await curl.post(`${site.issuer}/login`, {
    ...hidden(login.body),
    username: 'alice',
    password,
    decision: 'sign_in',
  });
  const consent = loggedIn.status === 303 ? await curl.get(loggedIn.location) : loggedIn;
  const allowed = await curl.post(`${site.issuer}/consent`, {
    ...hidden(consent.body),
    decision: 'allow',
  });
  expect(allowed.status).toBe(303);

  const callback = new URL(allowed.location);
  expect(callback.origin + callback.pathname).toBe(`${site.origin}/callback`);
  const finished = await curl.post(`${auth}/login/finish`, Object.fromEntries(callback.searchParams));
  expect(finished.status).toBe(200);
  expect(JSON.parse(finished.body)).toEqual({ return_to: '/bff/menu' });

  const token = JSON.parse((await curl.get(`${auth}/token`)).body) as { access_token: string };
  const refreshed = await curl.post(`${auth}/refresh`);
  expect(refreshed.status).toBe(200);
  expect((JSON.parse(refreshed.body) as typeof token).access_token).not.toBe(token.access_token);
  expect(JSON.parse((await curl.get(`${auth}/profile`)).body)).toMatchObject({
    email: 'alice@example.com',
  });
  expect(JSON.parse((await curl.get(`${auth}/validate`)).body)).toMatchObject({ active: true });

  expect((await curl.post(`${auth}/logout`)).status).toBe(200);
  const gone = await curl.get(`${auth}/token`);
  expect(gone.status).toBe(401);
  expect(JSON.parse(gone.body)).toMatchObject({ code: 'not_signed_in' });
});
