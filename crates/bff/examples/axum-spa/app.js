// The page's side of a backend for frontend. It knows no token, and needs no
// OAuth library: it calls the endpoints of the backend, and the cookie does
// the rest.

const element = (id) => document.getElementById(id);

/**
 * Sends a request to the backend and returns its JSON. The header X-CSRF shows
 * that the request comes from this page: other sites cannot send it.
 */
async function request(method, path, fields) {
  const response = await fetch(path, {
    method,
    headers: { "X-CSRF": "1" },
    body: fields && new URLSearchParams(fields),
  });
  const body = await response.json().catch(() => ({}));
  if (!response.ok) {
    throw new Error(body.message ?? `${path} answered ${response.status}`);
  }
  return body;
}

async function signIn() {
  const fields = { provider: "demo", return_to: "/" };
  const started = await request("POST", "/auth/login/start", fields);
  location.assign(started.authorization_url);
}

async function signOut() {
  await request("POST", "/auth/logout");
  element("answer").hidden = true;
  await showSession();
  return "You are signed out.";
}

async function refresh() {
  showToken(await request("POST", "/auth/refresh"));
  return "The server has a new access token.";
}

async function expire() {
  showToken(await request("POST", "/auth/expire"));
  return "The next call of the API refreshes the access token.";
}

async function callApi() {
  const answer = element("answer");
  answer.textContent = JSON.stringify(await request("GET", "/api/demo/me"), null, 2);
  answer.hidden = false;
  showToken(await request("GET", "/auth/token"));
  return "The API has answered.";
}

async function showSession() {
  const session = await request("GET", "/auth/session");
  const signedIn = session.signed_in;
  element("session").textContent = signedIn
    ? `You are signed in as ${session.name} with ${session.provider_name}.`
    : (session.ended?.message ?? "You are not signed in.");
  element("sign-in").hidden = signedIn;
  for (const id of ["sign-out", "token-section", "api-section"]) {
    element(id).hidden = !signedIn;
  }
  if (signedIn) {
    showToken(await request("GET", "/auth/token"));
  }
}

function showToken(token) {
  element("token-fingerprint").textContent = token.access_token;
  element("token-scopes").textContent = token.scopes.join(" ");
  element("token-expiry").textContent = expiry(token);
}

function expiry(token) {
  if (token.expired) return "marked as expired";
  if (!token.expires_at) return "the provider does not say when";
  // The server's clock decides, whatever the clock of this machine says.
  const seconds = Math.round((token.expires_at - token.now) / 1000);
  return seconds > 0 ? `in ${seconds} s` : "already";
}

/** Runs an action and tells the user what it did, or why it failed. */
async function run(action, button) {
  const status = element("status");
  status.className = "";
  if (button) button.disabled = true;
  try {
    status.textContent = (await action()) ?? "";
  } catch (error) {
    status.className = "failed";
    status.textContent = error.message;
  } finally {
    if (button) button.disabled = false;
  }
}

const actions = { "sign-in": signIn, "sign-out": signOut, refresh, expire, call: callApi };
for (const [id, action] of Object.entries(actions)) {
  const button = element(id);
  button.addEventListener("click", () => run(action, button));
}
run(showSession);
