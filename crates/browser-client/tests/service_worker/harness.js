// Runs the service worker's script in a context of its own and answers the
// steps that a test sends on standard input. The network, the timers and the
// clocks are models; a case starts with a fresh worker.
"use strict";

const vm = require("node:vm");
const { webcrypto } = require("node:crypto");

const METADATA = {
  issuer: "https://op.example", token_endpoint: "https://op.example/token",
  userinfo_endpoint: "https://op.example/userinfo", revocation_endpoint: "https://op.example/revoke",
};

class Worker {
  constructor(script) {
    this.listeners = {};
    this.responses = [];
    this.requests = [];
    this.slept = [];
    this.now = 1_700_000_000_000;
    const worker = this;
    const globals = {
      addEventListener: (name, listener) => { worker.listeners[name] = listener; },
      clients: { claim: async () => {} },
      crypto: webcrypto, TextEncoder, TextDecoder, URL, URLSearchParams, Headers, Response, atob, AbortSignal,
      Date: { now: () => worker.now },
      performance: { now: () => worker.now },
      setTimeout: (wake, ms) => { worker.slept.push(ms); worker.now += ms; queueMicrotask(wake); },
      fetch: (url, options) => worker.fetch(String(url), options),
    };
    this.context = vm.createContext(globals);
    vm.runInContext(script, this.context);
  }

  async fetch(url, options = {}) {
    if (url.endsWith("/.well-known/openid-configuration")) return response({ body: JSON.stringify(METADATA) });
    this.requests.push({ url, body: String(options.body ?? "") });
    // Other operations run while a request is on its way.
    await new Promise((resolve) => setImmediate(resolve));
    const index = this.responses.findIndex(({ path }) => path === undefined || url.endsWith(path));
    const [next] = index < 0 ? [] : this.responses.splice(index, 1);
    if (!next) throw new Error(`no response is prepared for ${url}`);
    if (next.lost) throw new TypeError("lost");
    return response(next);
  }

  evaluate(expression) { return vm.runInContext(`(${expression})`, this.context); }

  send(message) {
    return new Promise((resolve) => {
      const port = { postMessage: (text) => resolve(JSON.parse(text)) };
      this.listeners.message({ data: JSON.stringify(message), ports: [port], waitUntil: () => {} });
    });
  }
}

function response({ status = 200, content_type = "application/json", body = "", retry_after = null }) {
  const headers = { "content-type": content_type, "retry-after": retry_after };
  return {
    status, headers: { get: (name) => headers[name.toLowerCase()] ?? null },
    text: async () => body,
  };
}

async function run({ script, steps }) {
  const worker = new Worker(script);
  const results = [];
  for (const step of steps) {
    if (step.respond) worker.responses.push(...step.respond);
    if (step.pass) worker.now += step.pass;
    if (step.evaluate) results.push((await worker.evaluate(step.evaluate)) ?? null);
    if (step.send) results.push(await worker.send(step.send));
    if (step.together) results.push(await Promise.all(step.together.map((message) => worker.send(message))));
  }
  return { results, requests: worker.requests, slept: worker.slept };
}

let input = "";
process.stdin.on("data", (chunk) => { input += chunk; });
process.stdin.on("end", async () => {
  const runs = [];
  for (const one of JSON.parse(input)) runs.push(await run(one));
  process.stdout.write(JSON.stringify(runs));
});
