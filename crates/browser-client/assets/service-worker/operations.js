// What pages may ask of the worker. They get views, never a token.

// Changes with every start of the worker, so that a page notices a restart.
const instance = hex(crypto.getRandomValues(new Uint8Array(8)));

// Leaves out what contains a token or another secret, however deep.
function shownExtras({ extras, accessToken, refreshToken }) {
  const words = [...PROTOCOL.secret_words, accessToken, refreshToken].filter(Boolean);
  const isSecret = (entry) => words.some((word) => JSON.stringify(entry).includes(word));
  return Object.fromEntries(Object.entries(extras).filter(([name, value]) => !isSecret({ [name]: value })));
}

async function view(held) {
  const now = Date.now();
  const obtained = Math.round(now - age(held));
  const { access_token, refresh_token } = PROTOCOL.fingerprinted;
  return {
    access_token: await fingerprint(access_token, held.accessToken),
    refresh_token: held.refreshToken && await fingerprint(refresh_token, held.refreshToken),
    generation: held.generation, token_type: held.tokenType, scopes: held.scopes,
    obtained_at: obtained, expires_at: held.lifetime === null ? null : obtained + held.lifetime,
    now, expired: held.expired, extras: shownExtras(held),
    may_be_spent: held.mayBeSpent && !pendingRefresh && SETTINGS.reuse !== "reusable",
  };
}

// The claims of an ID token, or null if it has none.
function payload(token) {
  try {
    const part = String(token).split(".")[1].replace(/-/g, "+").replace(/_/g, "/");
    return JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(part), (c) => c.charCodeAt(0))));
  } catch { return null; }
}

// A newer token than one that an API refused, or null if there is no way to one
// and the response stands.
async function newer(held) {
  if (grant && grant.serial > held.serial) return grant;
  return signedIn().refreshToken ? current(held.serial) : null;
}

const operations = {
  async exchange({ code, verifier, nonce, silent }) {
    const { token_endpoint } = await discover();
    const sent = reading();
    const outcome = classify(await ask("POST", token_endpoint, { form: [
      ["grant_type", "authorization_code"], ["code", code], ["redirect_uri", SETTINGS.redirect_uri],
      ["client_id", SETTINGS.client_id], ["code_verifier", verifier],
    ] }), "authorization_code");
    if (outcome.name !== "success") throw failureOf(outcome, "dead_code");
    const { idToken } = outcome.token;
    const claims = idToken ? payload(idToken) : {};
    if (idToken && claims?.nonce !== nonce) throw new Failure("bad_id_token");
    const renewed = silent && grant ? await view(grant) : null;
    grant = grantFrom(outcome.token, null, sent);
    grant.subject = claims.sub ?? "";
    grant.name = claims.name || claims.preferred_username || claims.email || claims.sub || "";
    ended = cooldown = null;
    change = renewed && { cause: "renewal", before: renewed, after: await view(grant) };
    // The page checks the claims, which are no token.
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
  async refresh() { return view(await current(signedIn().serial, "manual")); },
  async expire() { signedIn().expired = true; return view(grant); },
  async profile() {
    const { userinfo_endpoint: url } = await discover();
    if (!url) throw new Failure("not_offered");
    let held = await current();
    let answer = await ask("GET", url, { token: held.accessToken });
    if (answer.status === 401 && (held = await newer(held))) {
      answer = await ask("GET", url, { token: held.accessToken });
    }
    if (answer.status !== 200 || !answer.body) throw refused(answer);
    return answer.body;
  },
  async validate() {
    const { tokeninfo_endpoint, userinfo_endpoint } = await discover();
    const token = signedIn().accessToken;
    if (!tokeninfo_endpoint && !userinfo_endpoint) throw new Failure("not_offered");
    const answer = tokeninfo_endpoint
      ? await ask("GET", `${tokeninfo_endpoint}?${new URLSearchParams({ access_token: token })}`)
      : await ask("GET", userinfo_endpoint, { token });
    if (answer.status === 200 && !answer.body) throw new Failure("unreadable_validation");
    if (![200, 400, 401].includes(answer.status)) throw refused(answer);
    const by = tokeninfo_endpoint ? "tokeninfo" : "userinfo";
    return { active: answer.status === 200, by, answer: answer.body ?? {} };
  },
  async sign_out() {
    // A token that comes later would not be revoked.
    await pendingRefresh?.catch(() => {});
    const before = grant;
    grant = ended = change = null;
    const { revocation_endpoint, end_session_endpoint } = await discover().catch(() => ({}));
    let revoked = false;
    if (before && revocation_endpoint) {
      const [token, hint] = before.refreshToken
        ? [before.refreshToken, "refresh_token"] : [before.accessToken, "access_token"];
      const answer = await ask("POST", revocation_endpoint, { form: [
        ["token", token], ["token_type_hint", hint], ["client_id", SETTINGS.client_id],
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
    const operation = Object.hasOwn(operations, message.op) ? operations[message.op] : null;
    if (!operation) throw new Failure("unknown_operation");
    reply = { ok: await operation(message) };
  } catch (error) {
    const { code, message, retryAfter } = error instanceof Failure ? error : new Failure("worker_failed");
    reply = { error: { code, message, retry_after: retryAfter } };
  }
  // The exchanges since this page last asked.
  const known = message.instance === instance ? message.known : 0;
  const news = exchanges.filter(({ id }) => id > known);
  port?.postMessage(JSON.stringify({ ...reply, instance, exchanges: news, change }));
}
