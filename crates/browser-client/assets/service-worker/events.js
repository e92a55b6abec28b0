// The worker's events: messages from pages, and what pages fetch from the APIs,
// which gets the token here, on its way out.

// Whether a URL belongs to one of the APIs. The URL is as the browser sends it,
// with dots resolved.
const covers = (url) => SETTINGS.apis.some((prefix) => {
  const api = new URL(prefix).href.replace(/\/$/, "");
  return url.startsWith(api) && (url.length === api.length || "/?".includes(url[api.length]));
});

// The pages fetch the provider's metadata themselves. They need no token, and may
// lie below an API's address.
const isMetadata = (url) => url.startsWith(`${SETTINGS.issuer.replace(/\/$/, "")}/.well-known/`);

async function forward(request) {
  const body = ["GET", "HEAD"].includes(request.method) ? undefined : await request.arrayBuffer();
  const send = async (held) => {
    const at = Date.now(), began = performance.now();
    const headers = new Headers(request.headers);
    headers.set("authorization", `Bearer ${held.accessToken}`);
    const sent = { given: await credentials(held.accessToken), form: [] };
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
    const held = await current();
    const response = await send(held);
    if (response.status !== 401) return response;
    const next = await newer(held);
    return next ? await send(next) : response;
  } catch (failure) {
    if (!(failure instanceof Failure)) return Response.error();
    const { code, message, retryAfter } = failure;
    const headers = { "content-type": "application/json", "x-worker-error": code };
    return new Response(JSON.stringify({ code, message, retry_after: retryAfter }), { status: 401, headers });
  }
}

// A new version waits until the last page of the old one is closed: taking over
// at once would discard the tokens of pages that use them.
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("message", (event) => event.waitUntil(answer(event)));
addEventListener("fetch", (event) => {
  const { request } = event;
  // Only what scripts fetch: a navigation or a frame would show the response.
  if (request.destination !== "" || request.mode !== "cors") return;
  const url = request.url.split("#")[0];
  if (covers(url) && !isMetadata(url)) event.respondWith(forward(request));
});
