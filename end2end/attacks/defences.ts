import type { BrowserContext } from '@playwright/test';
import type { Edits } from '../support/wiretap.ts';

/** What an answer says of what may load its page, frame it and share its window. */
const POLICIES = ['content-security-policy', 'x-frame-options', 'cross-origin-opener-policy'];

/** Takes the policies away from the pages of an origin. */
export function withoutPolicies(origin: string): Edits {
  return {
    answer: (url, headers) => {
      if (new URL(url).origin !== origin) return headers;
      const names = headers.map((_, index) => headers[index - (index % 2)]!.toLowerCase());
      return headers.filter((_, index) => !POLICIES.includes(names[index]!));
    },
  };
}

/** Lets scripts read the session cookie, whose own name forbids that to every browser. */
export function withReadableSession(origin: string): Edits {
  const policies = withoutPolicies(origin);
  const [kept, readable] = ['__Host-Http-confidant=', 'readable_session='];
  return {
    answer: (url, headers) =>
      policies.answer!(url, headers).map((text) =>
        text.startsWith(kept) ? text.replace(kept, readable).replace(/; *HttpOnly/i, '') : text,
      ),
    request: ({ cookie, ...headers }) =>
      cookie === undefined ? headers : { ...headers, cookie: cookie.replace(readable, kept) },
  };
}

/** Lets the keys of a page be exported. */
export async function withExportableKeys(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const { subtle } = crypto;
    const generate = subtle.generateKey.bind(subtle) as (...call: unknown[]) => Promise<CryptoKeyPair>;
    Object.assign(subtle, {
      generateKey: (algorithm: unknown, _: boolean, usages: unknown) => generate(algorithm, true, usages),
    });
  });
}
