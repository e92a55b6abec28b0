// What the JavaScript programs in this folder share: the test drives the browser.

import { once } from 'node:events';
import { createInterface } from 'node:readline';

const lines = createInterface({ input: process.stdin });

/** Has the test's user authorize at this URL. Returns the address that came back. */
export async function authorize(url) {
  console.log(JSON.stringify({ authorize: String(url) }));
  const [address] = await once(lines, 'line');
  lines.close();
  return new URL(address);
}

/** Tells the test what happened, and ends. */
export function report(result) {
  console.log(JSON.stringify({ result }));
}

/** The environment: where the provider is, and which client this is there. */
export const { ISSUER, CLIENT_ID, CLIENT_SECRET, REDIRECT_URI } = process.env;
