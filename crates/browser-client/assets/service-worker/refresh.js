// The grant, and when its token is served, refreshed or refused. The decisions
// and their numbers are those of the crate `confidant-protocol`.

let grant = null;
let ended = null;
let pendingRefresh = null;
let cooldown = null;
let change = null;

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const reading = () => ({ wall: Date.now(), steady: performance.now() });

function grantFrom(token, before, sent) {
  const rotated = token.refreshToken && token.refreshToken !== before?.refreshToken;
  return {
    ...token, sent,
    id: before?.id ?? hex(crypto.getRandomValues(new Uint8Array(8))),
    refreshToken: token.refreshToken ?? before?.refreshToken ?? null,
    scopes: token.scopes ?? before?.scopes ?? SETTINGS.scopes,
    lifetime: token.expiresIn === null ? null : token.expiresIn * 1000,
    expired: false, mayBeSpent: false,
    generation: before ? before.generation + (rotated ? 1 : 0) : 1,
    serial: (before?.serial ?? 0) + 1,
    subject: before?.subject, name: before?.name, since: before?.since ?? sent.wall,
  };
}

// The wall clock may be set, the steady clock may stand still during sleep: the
// larger difference errs towards a refresh too many.
const age = ({ sent }) => Math.max(Date.now() - sent.wall, performance.now() - sent.steady, 0);

// Differs between grants and between their tokens. Only its last six bits are
// used, which 32-bit arithmetic computes like the 64 bits of the crate.
const spread = (id, serial) =>
  [...new TextEncoder().encode(id)].reduce((sum, byte) => (Math.imul(sum, 31) + byte) >>> 0, serial);

function refreshWindow(lifetime, spread) {
  const { minimum_ms, lifetime_part, lifetime_limit } = PROTOCOL.refresh_ahead;
  const half = Math.min(Math.max(lifetime / lifetime_part, minimum_ms), lifetime / lifetime_limit) / 2;
  return half + (half * (spread % PROTOCOL.spread_steps)) / PROTOCOL.spread_steps;
}

// `newerThan` is a serial for an explicit refresh or a refused token, else null.
function stateOf(held, newerThan) {
  return {
    has_access_token: !held.expired && (newerThan === null || held.serial > newerThan),
    remaining: held.lifetime === null ? null : Math.max(held.lifetime - age(held), 0),
    refresh_ahead: held.lifetime === null ? 0 : refreshWindow(held.lifetime, spread(held.id, held.serial)),
    has_refresh_token: held.refreshToken !== null,
    may_present: !held.mayBeSpent || SETTINGS.reuse === "reusable",
  };
}

function decide(state, notExpiringSoon = false) {
  const usable = state.has_access_token && state.remaining !== 0;
  const expiresSoon = state.remaining !== null && state.remaining <= state.refresh_ahead;
  const refusal = !state.has_refresh_token ? "no_refresh_token" : !state.may_present ? "reauthorize" : null;
  if (!usable) return refusal ?? "refresh";
  if (refusal || !expiresSoon) return "serve";
  return notExpiringSoon ? "refresh" : "serve_and_refresh";
}

// How long to wait before the same refresh token is presented once more; null if
// the outcome stands.
function retryWait(outcome, reuse, random) {
  const { default_wait_ms, longest_wait_ms, jitter_ms } = PROTOCOL.retry;
  if (outcome.name === "ambiguous") return reuse === "strict" ? null : 0;
  if (outcome.name !== "transient" && outcome.name !== "rate_limited") return null;
  const wait = outcome.retryAfter === null ? default_wait_ms : outcome.retryAfter * 1000;
  return wait <= longest_wait_ms ? wait + random * jitter_ms : null;
}

function signedIn() {
  if (grant) return grant;
  if (ended) throw ended;
  throw new Failure("not_signed_in");
}

function coolDown(failure) {
  const wait = Math.max((failure.retryAfter ?? 0) * 1000, PROTOCOL.retry.cooldown_ms);
  cooldown = { until: performance.now() + wait, failure };
  return failure;
}

function cooling() {
  if (!cooldown || performance.now() >= cooldown.until) return null;
  const { failure, until } = cooldown;
  if (failure.retryAfter !== null) failure.retryAfter = Math.ceil((until - performance.now()) / 1000);
  return failure;
}

// A grant with a token that meets the demand.
async function current(newerThan = null, cause = "automatic") {
  const held = signedIn();
  switch (decide(stateOf(held, newerThan))) {
    case "serve": return held;
    case "serve_and_refresh":
      if (!pendingRefresh && !cooling()) refresh({ newerThan, cause, behind: true }).catch(() => {});
      return held;
    default: return refresh({ newerThan, cause, behind: false });
  }
}

// One refresh at a time. Callers that waited for another one decide again.
async function refresh({ newerThan, cause, behind }) {
  while (pendingRefresh) await pendingRefresh.catch(() => {});
  const held = signedIn();
  const decision = decide(stateOf(held, newerThan), behind);
  if (decision === "serve" || decision === "serve_and_refresh") return held;
  if (decision !== "refresh") throw new Failure(decision);
  const failure = cause === "automatic" && cooling();
  if (failure) throw failure;
  pendingRefresh = send(held, cause, behind).finally(() => { pendingRefresh = null; });
  return pendingRefresh;
}

// Presents the refresh token: once, and once more if that is harmless and a
// caller waits for it.
async function send(before, cause, behind) {
  const { token_endpoint } = await discover();
  const form = [
    ["grant_type", "refresh_token"], ["refresh_token", before.refreshToken],
    ["client_id", SETTINGS.client_id],
  ];
  if (SETTINGS.profile.redirect_uri_at_refresh) form.push(["redirect_uri", SETTINGS.redirect_uri]);
  const present = async () => {
    const sent = reading();
    return { sent, outcome: classify(await ask("POST", token_endpoint, { form }), "refresh_token") };
  };
  // Before the response is here the token may be spent.
  before.mayBeSpent = true;
  let attempt = await present();
  const wait = behind ? null : retryWait(attempt.outcome, SETTINGS.reuse, Math.random());
  if (wait !== null) {
    await sleep(wait);
    attempt = await present();
  }
  return apply(before, cause, attempt);
}

async function apply(before, cause, { sent, outcome }) {
  // Meanwhile the user signed out, or in again.
  if (grant !== before) return signedIn();
  if (outcome.name === "success") {
    const { idToken } = outcome.token;
    if (idToken && before.subject && payload(idToken)?.sub !== before.subject) {
      grant = null;
      throw ended = new Failure("refreshed_for_other_user");
    }
    grant = grantFrom(outcome.token, before, sent);
    cooldown = null;
    change = { cause, before: await view(before), after: await view(grant) };
    return grant;
  }
  const failure = failureOf(outcome, "dead_grant");
  if (outcome.name === "ambiguous") {
    if (SETTINGS.reuse === "reusable") throw coolDown(failure);
    const again = new Failure("reauthorize");
    again.message = `${failure.message} ${again.message}`;
    throw coolDown(again);
  }
  before.mayBeSpent = false;
  if (outcome.name !== "dead") throw coolDown(failure);
  grant = null;
  ended = failure;
  throw failure;
}
