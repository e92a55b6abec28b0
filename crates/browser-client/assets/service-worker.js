// The client kind `worker` (RFC 10017, section 7.4): tokens live in this
// worker's memory and nowhere else. Pages ask by message and get views; what
// they fetch from the APIs gets the token here, on its way out.
//
// The server puts `const SETTINGS = {…};` before this text. Settings sent by
// pages would let any script in a page have the token sent anywhere.
"use strict";

const LIMIT = 10_000;
const KEPT = 100;
const hex = (bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
// Another one after every restart, so that a page can tell.
const instance = hex(crypto.getRandomValues(new Uint8Array(8)));

let grant = null;
let ended = null;
let flight = null;
let metadata = null;
let change = null;
let count = 0;
const exchanges = [];

class Failure extends Error {
  constructor(code, message, retryAfter = null) {
    super(message);
    this.code = code;
    this.retryAfter = retryAfter;
  }
}

// What is written down: fingerprints of secrets, never the secrets.

const KINDS = {
  access_token: "at", token: "at", refresh_token: "rt", id_token: "id",
  code: "code", state: "once", nonce: "once", code_verifier: "once",
};
const PLAIN = new Set([
  "active", "aud", "client_id", "email", "email_verified", "error", "exp", "expires_in",
  "family_name", "given_name", "grant_type", "iat", "iss", "name", "preferred_username",
  "redirect_uri", "scope", "sub", "token_type", "token_type_hint", "username",
]);

async function fingerprint(kind, secret) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(secret));
  return `${kind}·${hex(new Uint8Array(digest, 0, 3))}`;
}

async function parameters(pairs) {
  const refresh = pairs.some(([name, text]) => name === "token_type_hint" && text === "refresh_token");
  return Promise.all(pairs.map(async ([name, value]) => {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    const kind = name === "token" && refresh ? "rt" : KINDS[name];
    if (kind) return { name, value: { token: await fingerprint(kind, text) } };
    return { name, value: PLAIN.has(name) ? { text: text.slice(0, 200) } : "secret" };
  }));
}

async function record(to, method, url, sent, at, began, status, body) {
  const took = Math.round(performance.now() - began);
  const { pathname: path, searchParams } = new URL(url);
  const received = body && typeof body === "object" && !Array.isArray(body) ? Object.entries(body) : [];
  const exchange = {
    id: 0, from: "browser", to, at, took, method, path, status,
    sent: [...sent.given, ...await parameters([...searchParams, ...sent.form])],
    received: await parameters(received),
  };
  exchange.id = ++count;
  exchanges.push(exchange);
  if (exchanges.length > KEPT) exchanges.shift();
}

// The claims of an ID token; none where it is not one.
function payload(token) {
  try {
    const part = String(token).split(".")[1].replace(/-/g, "+").replace(/_/g, "/");
    return JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(part), (c) => c.charCodeAt(0))));
  } catch { return null; }
}

const parsed = (text) => { try { return JSON.parse(text); } catch { return null; } };
const credentials = async (token) =>
  [{ name: "authorization", value: { token: await fingerprint("at", token) } }];

// Talking to the provider. An answer is { status, body, text, retryAfter };
// none at all is { doubt }.
async function ask(method, url, { form = [], token = null } = {}) {
  const at = Date.now(), began = performance.now();
  const signal = AbortSignal.timeout(LIMIT);
  const headers = { accept: "application/json" };
  if (token) headers.authorization = `Bearer ${token}`;
  let answer;
  try {
    const response = await fetch(url, {
      method, headers, signal, credentials: "omit", redirect: "error", cache: "no-store",
      referrerPolicy: "no-referrer", body: form.length ? new URLSearchParams(form) : undefined,
    });
    const { status } = response;
    const retryAfter = parseInt(response.headers.get("retry-after"), 10) || null;
    try {
      const text = await response.text();
      answer = { status, text, body: parsed(text), retryAfter };
    } catch {
      answer = { status, doubt: "The provider's answer broke off.", code: "provider_misbehaved" };
    }
  } catch {
    answer = signal.aborted
      ? { doubt: "The provider did not answer in time.", code: "timed_out" }
      : { doubt: "The provider is unreachable, or its CORS headers are missing: the browser does " +
            "not say which.", code: "unreachable" };
  }
  const given = token ? await credentials(token) : [];
  await record("provider", method, url, { given, form }, at, began, answer.status ?? null, answer.body);
  return answer;
}

function refused({ status, doubt, code, retryAfter }) {
  if (doubt) return new Failure(code, doubt);
  if (status === 429 || status === 503) {
    return new Failure("provider_unavailable", "The provider is busy. Try again.", retryAfter ?? 1);
  }
  return new Failure("provider_misbehaved", `The provider answered with status ${status}.`);
}

async function discover() {
  if (metadata) return metadata;
  const base = SETTINGS.issuer.replace(/\/+$/, "");
  const answer = await ask("GET", `${base}/.well-known/openid-configuration`);
  if (answer.status !== 200) throw refused(answer);
  if (answer.body?.issuer !== SETTINGS.issuer || !answer.body.token_endpoint) {
    throw new Failure("provider_misbehaved", "The provider's metadata are those of another issuer.");
  }
  metadata = answer.body;
  return metadata;
}

// The class of a token answer, as `classify` has it for the other kinds.
function classify(answer) {
  const { status, body, doubt } = answer;
  if (doubt) return { kind: "ambiguous", why: refused(answer) };
  const error = typeof body?.error === "string" && /^[\w.-]{1,64}$/.test(body.error)
    ? body.error : body?.error ? "unspecified" : null;
  if (status === 429 || status === 503 || error === "temporarily_unavailable" || error === "slow_down") {
    return { kind: "transient", why: refused({ status: 503, retryAfter: answer.retryAfter }) };
  }
  if (status >= 500) {
    const words = "The provider, or a gateway before it, failed.";
    return { kind: "ambiguous", why: new Failure("provider_misbehaved", words) };
  }
  if (["invalid_grant", "interaction_required", "bad_refresh_token"].includes(error)) {
    const words = `The provider no longer honours this sign-in (${error}). Sign in again.`;
    return { kind: "dead", why: new Failure("grant_dead", words) };
  }
  if (error || status < 200 || status >= 300) {
    const words = `The provider refuses this client (${error ?? `status ${status}`}).`;
    return { kind: "misconfigured", why: new Failure("client_misconfigured", words) };
  }
  const type = String(body?.token_type ?? "Bearer").toLowerCase();
  if (typeof body?.access_token !== "string" || !body.access_token || type !== "bearer") {
    const words = "The provider's answer is not a token answer.";
    return { kind: "ambiguous", why: new Failure("provider_misbehaved", words) };
  }
  return { kind: "success", body };
}

function tokens(body, before, sent) {
  const { access_token, refresh_token, token_type, expires_in, scope, id_token, ...extras } = body;
  const rotated = refresh_token && refresh_token !== before?.refresh_token;
  return {
    access_token, extras,
    refresh_token: refresh_token || before?.refresh_token || null,
    token_type: token_type ?? "Bearer",
    scopes: typeof scope === "string" ? scope.split(/[ ,]+/).filter(Boolean) : before?.scopes ?? SETTINGS.scopes,
    life: Number(expires_in) > 0 ? Number(expires_in) * 1000 : null,
    sent, expired: false, doubtful: false,
    generation: before ? before.generation + (rotated ? 1 : 0) : 1,
    serial: (before?.serial ?? 0) + 1,
    subject: before?.subject, name: before?.name, since: before?.since ?? sent.wall,
  };
}

const reading = () => ({ wall: Date.now(), steady: performance.now() });
// The wall clock may be set, the steady one may stand still in sleep: the
// larger difference errs towards a refresh too many.
const age = (it) => Math.max(Date.now() - it.sent.wall, performance.now() - it.sent.steady, 0);
const usable = (it) => !it.expired && (it.life === null || age(it) < it.life);
const endsSoon = (it) => it.life !== null &&
  it.life - age(it) <= Math.min(Math.max(it.life / 10, 60_000), it.life / 4);

// Not one that holds a token or another secret, as `wire::shown_extras` has it.
function shownExtras({ extras, access_token, refresh_token }) {
  const words = ['_token"', "secret", "assertion", "password", access_token, refresh_token].filter(Boolean);
  const holdsOne = (entry) => words.some((word) => JSON.stringify(entry).includes(word));
  return Object.fromEntries(Object.entries(extras).filter(([name, value]) => !holdsOne({ [name]: value })));
}

async function view(it) {
  const now = Date.now();
  const obtained = Math.round(now - age(it));
  return {
    access_token: await fingerprint("at", it.access_token),
    refresh_token: it.refresh_token && await fingerprint("rt", it.refresh_token),
    generation: it.generation, token_type: it.token_type, scopes: it.scopes,
    obtained_at: obtained, expires_at: it.life === null ? null : obtained + it.life,
    now, expired: it.expired, may_be_spent: it.doubtful && !flight, extras: shownExtras(it),
  };
}

function signedIn() {
  if (grant) return grant;
  if (ended) throw ended;
  throw new Failure("not_signed_in", "Nobody is signed in.");
}

// One refresh at a time; all who ask meanwhile get its result.
function refresh(cause) {
  flight ??= fly(signedIn(), cause).finally(() => { flight = null; });
  return flight;
}

async function fly(before, cause) {
  const again = "The answer to the last refresh was lost. Its refresh token may be spent and is not " +
    "sent again: this sign-in has to be renewed at the provider.";
  if (!before.refresh_token) {
    const words = "The token has run out, and the provider gave none to refresh it with.";
    throw new Failure("no_refresh_token", words);
  }
  if (before.doubtful) throw new Failure("reauthorize", again);
  const { token_endpoint } = await discover();
  const sent = reading();
  // Until the answer is here nobody knows whether the token is spent.
  before.doubtful = true;
  const answer = await ask("POST", token_endpoint, { form: [
    ["grant_type", "refresh_token"], ["refresh_token", before.refresh_token],
    ["client_id", SETTINGS.client_id],
  ] });
  const outcome = classify(answer);
  // Signed out or in anew meanwhile.
  if (grant !== before) return signedIn();
  if (outcome.kind === "success") {
    grant = tokens(outcome.body, before, sent);
    change = { cause, before: await view(before), after: await view(grant) };
    return grant;
  }
  if (outcome.kind === "ambiguous") throw new Failure("reauthorize", `${outcome.why.message} ${again}`);
  before.doubtful = false;
  if (outcome.kind === "dead") { grant = null; ended = outcome.why; }
  throw outcome.why;
}

async function current() {
  const it = signedIn();
  if (!usable(it)) return refresh("automatic");
  // Behind the caller, who goes on with the token in hand.
  if (endsSoon(it) && !it.doubtful) refresh("automatic").catch(() => {});
  return it;
}

// A newer token than one that was refused; null where none is to be had, and
// what was answered stands.
async function newer(it) {
  if (grant && grant.serial > it.serial) return grant;
  return signedIn().refresh_token ? refresh("automatic") : null;
}

// What pages may ask.
const operations = {
  async exchange({ code, verifier, nonce }) {
    const { token_endpoint } = await discover();
    const sent = reading();
    const outcome = classify(await ask("POST", token_endpoint, { form: [
      ["grant_type", "authorization_code"], ["code", code], ["redirect_uri", SETTINGS.redirect_uri],
      ["client_id", SETTINGS.client_id], ["code_verifier", verifier],
    ] }));
    if (outcome.kind === "dead") throw new Failure("code_refused", outcome.why.message);
    if (outcome.kind !== "success") throw outcome.why;
    const claims = outcome.body.id_token ? payload(outcome.body.id_token) : {};
    if (outcome.body.id_token && claims?.nonce !== nonce) {
      throw new Failure("bad_id_token", "The ID token cannot be read, or is about another sign-in.");
    }
    grant = tokens(outcome.body, null, sent);
    grant.subject = claims.sub ?? "";
    grant.name = claims.name || claims.preferred_username || claims.email || claims.sub || "";
    ended = change = null;
    // For the page to check; claims are not a token.
    return claims;
  },
  async forget() { grant = null; return null; },
  async session() {
    return {
      signed_in: grant && { subject: grant.subject, name: grant.name, since: grant.since },
      ended: ended && { code: ended.code, message: ended.message },
    };
  },
  async token() { return view(signedIn()); },
  async refresh() { return view(await refresh("manual")); },
  async expire() { signedIn().expired = true; return view(grant); },
  async profile() {
    const { userinfo_endpoint: url } = await discover();
    if (!url) throw new Failure("not_offered", "The provider has no endpoint for this.");
    let token = await current();
    let answer = await ask("GET", url, { token: token.access_token });
    if (answer.status === 401 && (token = await newer(token))) {
      answer = await ask("GET", url, { token: token.access_token });
    }
    if (answer.status !== 200 || !answer.body) throw refused(answer);
    return answer.body;
  },
  async validate() {
    const { tokeninfo_endpoint, userinfo_endpoint } = await discover();
    const token = signedIn().access_token;
    if (!tokeninfo_endpoint && !userinfo_endpoint) {
      throw new Failure("not_offered", "The provider has no endpoint for this.");
    }
    const answer = tokeninfo_endpoint
      ? await ask("GET", `${tokeninfo_endpoint}?${new URLSearchParams({ access_token: token })}`)
      : await ask("GET", userinfo_endpoint, { token });
    if (answer.status === 200 && !answer.body) {
      throw new Failure("provider_misbehaved", "What the provider says of the token cannot be read.");
    }
    if (![200, 400, 401].includes(answer.status)) throw refused(answer);
    const by = tokeninfo_endpoint ? "tokeninfo" : "userinfo";
    return { active: answer.status === 200, by, answer: answer.body ?? {} };
  },
  async sign_out() {
    // What it brings would not be revoked.
    await flight?.catch(() => {});
    const before = grant;
    grant = ended = change = null;
    const { revocation_endpoint, end_session_endpoint } = await discover().catch(() => ({}));
    let revoked = false;
    if (before && revocation_endpoint) {
      const hint = before.refresh_token ? "refresh_token" : "access_token";
      const answer = await ask("POST", revocation_endpoint, { form: [
        ["token", before[hint]], ["token_type_hint", hint], ["client_id", SETTINGS.client_id],
      ] });
      revoked = answer.status === 200;
    }
    return { revoked, end_session_endpoint: end_session_endpoint ?? null };
  },
  async report() { return null; },
  async claim() { await clients.claim(); return null; },
};

async function answer(event) {
  const [port] = event.ports;
  const message = parsed(event.data) ?? {};
  let reply;
  try {
    if (typeof SETTINGS === "undefined") throw new Failure("worker_unavailable", "The worker has no settings.");
    const operation = Object.hasOwn(operations, message.op) ? operations[message.op] : null;
    if (!operation) throw new Failure("worker_unavailable", "The worker does not know this operation.");
    reply = { ok: await operation(message) };
  } catch (failure) {
    const { code = "worker_unavailable", message, retryAfter = null } = failure;
    const words = failure instanceof Failure ? message : "The worker failed.";
    reply = { error: { code, message: words, retry_after: retryAfter } };
  }
  // What happened since this page last asked.
  const known = message.instance === instance ? message.known : 0;
  const news = exchanges.filter(({ id }) => id > known);
  port?.postMessage(JSON.stringify({ ...reply, instance, exchanges: news, change }));
}

// The APIs, and nothing else of theirs: the URL is as the browser sends it,
// with dots resolved.
const covers = (url) => SETTINGS.apis.some((prefix) => {
  const api = new URL(prefix).href.replace(/\/$/, "");
  return url.startsWith(api) && (url.length === api.length || "/?".includes(url[api.length]));
});

async function forward(request) {
  const body = ["GET", "HEAD"].includes(request.method) ? undefined : await request.arrayBuffer();
  const send = async (token) => {
    const at = Date.now(), began = performance.now();
    const headers = new Headers(request.headers);
    headers.set("authorization", `Bearer ${token.access_token}`);
    const sent = { given: await credentials(token.access_token), form: [] };
    let response = null;
    try {
      response = await fetch(request.url, {
        method: request.method, headers, body, signal: request.signal, mode: "cors",
        credentials: "omit", redirect: "error", cache: "no-store", referrerPolicy: "no-referrer",
      });
      return response;
    } finally {
      await record("api", request.method, request.url, sent, at, began, response?.status ?? null, null);
    }
  };
  try {
    const token = await current();
    const response = await send(token);
    if (response.status !== 401) return response;
    const next = await newer(token);
    return next ? await send(next) : response;
  } catch (failure) {
    if (!(failure instanceof Failure)) return Response.error();
    const { code, message, retryAfter } = failure;
    const headers = { "content-type": "application/json", "x-worker-error": code };
    return new Response(JSON.stringify({ code, message, retry_after: retryAfter }), { status: 401, headers });
  }
}

// A new version waits until the last page of the old one is closed: taking over
// at once would throw the tokens away under the pages that use them.
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("message", (event) => event.waitUntil(answer(event)));
addEventListener("fetch", (event) => {
  const { request } = event;
  // Only what scripts fetch: a navigation or a frame would show the answer.
  if (typeof SETTINGS === "undefined" || request.destination !== "" || request.mode !== "cors") return;
  if (covers(request.url.split("#")[0])) event.respondWith(forward(request));
});
