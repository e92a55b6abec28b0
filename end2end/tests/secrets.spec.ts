import { disguises } from '../support/disguises.ts';
import { kindOf, shownToken, signInTo } from '../support/kinds.ts';
import { Site } from '../support/site.ts';
import { hydrated, fingerprint, headline, signIn } from '../support/steps.ts';
import { expect, test } from '../support/test.ts';
import { TokenTap } from '../support/token_tap.ts';
import { Wiretap } from '../support/wiretap.ts';

/** The demo, its endpoints written down so that the token requests pass the tap. */
function tapped(tap: TokenTap) {
  return ({ issuer, origin, provider }: { issuer: string; origin: string; provider: string }) => `
public_url = "${origin}"
demo = true
demo_provider = "${provider}"

[[providers]]
id = "demo"
issuer = "${issuer}"
authorization_endpoint = "${issuer}/authorize"
token_endpoint = "${tap.endpoint(issuer)}"
userinfo_endpoint = "${issuer}/userinfo"
introspection_endpoint = "${issuer}/introspect"
revocation_endpoint = "${issuer}/revoke"
end_session_endpoint = "${issuer}/end_session"
jwks_uri = "${issuer}/jwks"
client_id = "confidant-web"
client_secret = { env = "DEMO_CLIENT_SECRET" }
mediated = true
scopes = ["openid", "profile", "email", "offline_access"]
`;
}

test('no byte that the browser received holds a secret', async ({ browser, guard }, info) => {
  const tap = await TokenTap.start();
  const wire = await Wiretap.start();
  const site = await Site.start(info.outputPath('tapped'), { config: tapped(tap) });
  const context = await browser.newContext({ baseURL: site.origin, proxy: wire.proxy() });
  guard.watch(context);
  try {
    const page = await context.newPage();
    await signIn(page, 'alice');
    await hydrated(page);
    const shown = await fingerprint(page);
    await page.getByRole('button', { name: 'Expire and call' }).click();
    await expect(headline(page, 'The token had expired. Nobody noticed.')).toBeVisible();
    await page.goto('/bff/manual_refresh');
    await page.getByRole('button', { name: 'Refresh', exact: true }).click();
    await expect(headline(page, 'Refreshed, because you asked.')).toBeVisible();
    for (const path of ['menu', 'profile', 'automatic_refresh', 'manual_refresh', 'validate']) {
      await page.goto(`/bff/${path}`);
    }
    for (const path of ['session', 'token', 'profile', 'validate', 'providers', 'log']) {
      const status = await page.evaluate(async (url) => (await fetch(url, { headers: { 'X-CSRF': '1' } })).status, `/auth/${path}`);
      expect(status, path).toBe(200);
    }
    const held = JSON.stringify(await context.storageState({ indexedDB: true }));
    await page.goto('/');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await expect(page.getByRole('heading', { name: 'You are signed out' })).toBeVisible();

    const received = [
      ...wire.answers.map(({ url, headers, body }) => ({
        what: url,
        bytes: Buffer.concat([Buffer.from(`${url}\n${headers}\n`), body]),
      })),
      { what: 'cookies and storage', bytes: Buffer.from(held) },
    ];
    const holding = (text: string) =>
      received.filter(({ bytes }) => bytes.includes(text)).map(({ what }) => what);

    // The search can find something: else it would prove nothing.
    expect(holding(shown), 'the fingerprint that the page showed').not.toEqual([]);
    expect(holding('__Host-Http-confidant'), 'the session cookie').toContain('cookies and storage');
    expect(holding('\0asm').some((what) => what.includes('.wasm')), 'the WebAssembly').toBe(true);
    expect(tap.tokens.access.size).toBe(3);
    expect(tap.tokens.refresh.size).toBe(3);
    expect(tap.tokens.id.size).toBeGreaterThan(0);

    const secrets = {
      'the client secret': [site.secret],
      'an access token': [...tap.tokens.access],
      'a refresh token': [...tap.tokens.refresh],
      'an ID token': [...tap.tokens.id],
    };
    for (const [name, values] of Object.entries(secrets)) {
      for (const form of values.flatMap(disguises)) {
        expect(holding(form), `${name}, as ${form.slice(0, 6)}…`).toEqual([]);
      }
    }
  } finally {
    await context.close();
    await site.stop();
    await Promise.all([tap.stop(), wire.stop()]);
  }
});

test('of a mediated session the browser receives access tokens and stores nothing', async ({ browser, guard }, info) => {
  const tap = await TokenTap.start();
  const wire = await Wiretap.start();
  const site = await Site.start(info.outputPath('tapped'), { config: tapped(tap) });
  const context = await browser.newContext({ baseURL: site.origin, proxy: wire.proxy() });
  guard.watch(context);
  const kind = kindOf('mediated');
  // The page that asks to sign in.
  guard.expectStatus(401, '/mediated/menu');
  try {
    const page = await context.newPage();
    await signInTo(page, kind);
    await page.getByRole('button', { name: 'Get profile' }).click();
    await expect(headline(page, 'Your account, as the provider knows it')).toBeVisible();
    await page.goto(`/${kind.id}/automatic_refresh`);
    await page.getByRole('button', { name: 'Expire and call' }).click();
    await expect(headline(page, 'The token had expired. Nobody noticed.')).toBeVisible();
    const held = JSON.stringify(await context.storageState({ indexedDB: true }));
    const shown = await shownToken(page, 'access').textContent();
    const where = (text: string) =>
      wire.answers
        .filter(({ url, headers, body }) => Buffer.concat([Buffer.from(url + headers), body]).includes(text))
        .map(({ url }) => new URL(url).pathname);

    // What was handed out is where it was handed out, and nowhere else.
    expect([...tap.tokens.access]).toContain(shown);
    expect(where(shown!)).toEqual(['/auth/mediated/token']);
    expect(tap.tokens.refresh.size).toBeGreaterThan(2);
    const secrets = [site.secret, ...tap.tokens.refresh, ...tap.tokens.id];
    for (const form of secrets.flatMap(disguises)) expect(where(form), form.slice(0, 6)).toEqual([]);
    for (const form of [...secrets, ...tap.tokens.access].flatMap(disguises)) expect(held).not.toContain(form);
  } finally {
    await context.close();
    await site.stop();
    await Promise.all([tap.stop(), wire.stop()]);
  }
});
