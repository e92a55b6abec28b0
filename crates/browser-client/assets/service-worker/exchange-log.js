// What the worker sent and received, for the page to show. Secrets are replaced
// by fingerprints; what is not known to be harmless is left out.

const MAX_EXCHANGES = 100;
const hex = (bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const parsed = (text) => { try { return JSON.parse(text); } catch { return null; } };

let exchangeCount = 0;
const exchanges = [];

async function fingerprint(kind, secret) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(secret));
  return `${kind}·${hex(new Uint8Array(digest, 0, 3))}`;
}

async function redact(pairs) {
  const isRefreshToken = pairs.some(([name, text]) => name === "token_type_hint" && text === "refresh_token");
  return Promise.all(pairs.map(async ([name, value]) => {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    const kinds = PROTOCOL.fingerprinted;
    const kind = name === "token" && isRefreshToken ? kinds.refresh_token
      : Object.hasOwn(kinds, name) ? kinds[name] : null;
    if (kind) return { name, value: { token: await fingerprint(kind, text) } };
    if (!PROTOCOL.shown.includes(name)) return { name, value: "secret" };
    return { name, value: { text: [...text].slice(0, PROTOCOL.max_shown).join("") } };
  }));
}

const credentials = async (token) =>
  [{ name: "authorization", value: { token: await fingerprint(PROTOCOL.fingerprinted.access_token, token) } }];

async function record(to, method, url, sent, at, began, status, received) {
  const took = Math.round(performance.now() - began);
  const { pathname: path, searchParams } = new URL(url);
  const exchange = {
    id: 0, from: "browser", to, at, took, method, path, status,
    sent: [...sent.given, ...await redact([...searchParams, ...sent.form])],
    received: await redact(isObject(received) ? Object.entries(received) : []),
  };
  exchange.id = ++exchangeCount;
  exchanges.push(exchange);
  if (exchanges.length > MAX_EXCHANGES) exchanges.shift();
}
