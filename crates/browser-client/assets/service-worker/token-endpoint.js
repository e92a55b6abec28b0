// Requests to the provider, and what its responses mean. The tables of codes
// and statuses are those of the crate `confidant-protocol`.

const PROVIDER_LIMIT_MS = 10_000;

let metadata = null;

// An error with a fixed code. `values` fill the placeholders of its message.
class Failure extends Error {
  constructor(name, values = {}) {
    const { code, message } = ERRORS[name];
    super(message.replace("{code}", values.code ?? ""));
    this.code = code;
    this.retryAfter = values.retryAfter ?? null;
  }
}

// Sends a request and records it. A response is { status, contentType, text,
// body, retryAfter }; without one there is { ambiguity }.
async function ask(method, url, { form = [], token = null } = {}) {
  const at = Date.now(), began = performance.now();
  const signal = AbortSignal.timeout(PROVIDER_LIMIT_MS);
  const headers = { accept: "application/json" };
  if (token) headers.authorization = `Bearer ${token}`;
  let answer;
  try {
    const response = await fetch(url, {
      method, headers, signal, credentials: "omit", redirect: "error", cache: "no-store",
      referrerPolicy: "no-referrer", body: form.length ? new URLSearchParams(form) : undefined,
    });
    const { status } = response;
    const wait = response.headers.get("retry-after")?.trim() ?? "";
    const retryAfter = /^\d+$/.test(wait) ? Number(wait) : null;
    const contentType = response.headers.get("content-type") ?? "";
    try {
      const text = await response.text();
      answer = { status, contentType, text, body: parsed(text), retryAfter };
    } catch {
      answer = { status, ambiguity: "cut_short" };
    }
  } catch {
    answer = { ambiguity: signal.aborted ? "timed_out" : "no_response" };
  }
  const given = token ? await credentials(token) : [];
  await record("provider", method, url, { given, form }, at, began, answer.status ?? null, answer.body);
  return answer;
}

// The failure of a response that is not the expected one.
function refused({ status, ambiguity, retryAfter }) {
  if (ambiguity) return new Failure(ambiguity);
  const { busy_statuses, rate_limited_statuses } = SETTINGS.profile.token_errors;
  if (busy_statuses.includes(status) || rate_limited_statuses.includes(status)) return busy(retryAfter);
  return new Failure("status", { code: status });
}

const busy = (retryAfter) => new Failure("busy", { retryAfter: retryAfter ?? 1 });

async function discover() {
  if (metadata) return metadata;
  const base = SETTINGS.issuer.replace(/\/+$/, "");
  const answer = await ask("GET", `${base}/.well-known/openid-configuration`);
  if (answer.status !== 200) throw refused(answer);
  if (answer.body?.issuer !== SETTINGS.issuer || !answer.body.token_endpoint) throw new Failure("other_issuer");
  metadata = answer.body;
  return metadata;
}

// The members of a token response: a JSON object, or a form.
function membersOf({ contentType, text, body }) {
  const mediaType = contentType.split(";")[0].trim().toLowerCase();
  if (mediaType === "application/x-www-form-urlencoded") return Object.fromEntries(new URLSearchParams(text));
  return isObject(body) ? body : null;
}

// The error code of a response that reports an error, whatever its status.
function errorCode(members) {
  const { unspecified, max_code_length } = PROTOCOL;
  const checked = (code) =>
    typeof code === "string" && code.length <= max_code_length && /^[A-Za-z0-9_.-]*$/.test(code) ? code : unspecified;
  const { error, errors, ok, success } = members;
  if (isObject(error) && Number.isSafeInteger(error.code) && error.code >= 0) return String(error.code);
  if (error !== undefined && error !== null && error !== "") return checked(error);
  if (Array.isArray(errors) && errors.length) return checked(errors[0]?.errorType);
  return ok === false || success === false ? unspecified : null;
}

// The class of a token response. `request` is "authorization_code" or
// "refresh_token"; this worker asks for no scope of its own at refresh.
function classify(answer, request) {
  if (answer.ambiguity) return { name: "ambiguous", ambiguity: answer.ambiguity };
  const { status, text, retryAfter } = answer;
  const rules = SETTINGS.profile.token_errors;
  const members = membersOf(answer);
  const code = members && errorCode(members);
  const description = String(members?.error_description ?? "").toLowerCase();
  const isRateLimited = rules.rate_limited_statuses.includes(status) || (code && (
    rules.rate_limited.includes(code) || rules.rate_limited_descriptions.some((part) => description.includes(part))));
  if (rules.busy_statuses.includes(status)) return { name: "transient", retryAfter };
  if (isRateLimited) return { name: "rate_limited", retryAfter };
  if (rules.busy.includes(code)) return { name: "transient", retryAfter };
  if (status >= 500 || rules.ambiguous.includes(code)) return { name: "ambiguous", ambiguity: "server_error" };
  if (!code && status >= 200 && status < 300) {
    const token = members && tokenResponse(members);
    // A bound token is not the one that was asked for.
    const isExpected = token && token.tokenType.toLowerCase() !== "dpop";
    return isExpected ? { name: "success", token } : { name: "ambiguous", ambiguity: "unreadable" };
  }
  const shown = code ?? `status ${status}`;
  const isVague = code ? rules.vague.includes(code) : status === 400 && !text.trim();
  const isDead = rules.dead.includes(code) ||
    (!rules.misconfigured.includes(code) && request === "refresh_token" && isVague && rules.vague_is_dead);
  return { name: isDead ? "dead" : "misconfigured", code: shown };
}

// The failure of a token request that yielded no token.
function failureOf(outcome, dead) {
  switch (outcome.name) {
    case "dead": return new Failure(dead, { code: outcome.code });
    case "transient":
    case "rate_limited": return busy(outcome.retryAfter);
    case "ambiguous": return new Failure(outcome.ambiguity);
    default: return new Failure("misconfigured", { code: outcome.code });
  }
}

// The contents of a successful response, in all spellings that providers use.
function tokenResponse(found) {
  const { nested_token, default_lifetime } = SETTINGS.profile;
  let members = found;
  if (nested_token && typeof found.access_token !== "string" && isObject(found[nested_token])) {
    const { [nested_token]: nested, ...others } = found;
    members = { ...others, ...nested };
  }
  const { access_token, token_type, expires_in, scope, refresh_token, id_token, ...extras } = members;
  const text = (value) => (typeof value === "string" && value ? value : null);
  if (!text(access_token)) return null;
  const seconds = typeof expires_in === "number" ? Math.trunc(expires_in)
    : typeof expires_in === "string" && /^\d+(\.\d*)?$/.test(expires_in.trim()) ? Math.trunc(Number(expires_in)) : 0;
  const scopes = Array.isArray(scope) ? scope.filter((one) => typeof one === "string")
    : typeof scope === "string" ? scope.split(/[ ,]/).filter(Boolean) : [];
  return {
    accessToken: access_token, extras,
    tokenType: text(token_type) ?? "Bearer",
    expiresIn: seconds > 0 ? seconds : default_lifetime,
    scopes: scopes.length ? scopes : null,
    refreshToken: text(refresh_token),
    idToken: text(id_token),
  };
}
