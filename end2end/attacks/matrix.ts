import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** What an attack came to. `access token`: that was used, and no refresh token was had. */
export type Verdict = 'fails' | 'access token' | 'succeeds' | 'not decided';

/** One attack of RFC 10017, section 5.1. */
export type Attack = { id: string; name: string; script: string };

export const ATTACKS: Attack[] = [
  { id: '5.1.1', name: 'Single-execution token theft', script: 'single_theft' },
  { id: '5.1.2', name: 'Persistent token theft', script: 'persistent_theft' },
  { id: '5.1.3', name: 'Acquisition and extraction of new tokens', script: 'new_tokens' },
  { id: '5.1.4', name: 'Proxying requests through the browser', script: 'proxying' },
];

/** What the RFC says of each kind, in the order of {@link ATTACKS}. */
export const EXPECTED: Record<string, Verdict[]> = {
  bff: ['fails', 'fails', 'fails', 'succeeds'],
  mediated: ['access token', 'access token', 'fails', 'succeeds'],
  browser: ['succeeds', 'succeeds', 'succeeds', 'succeeds'],
  'browser-dpop': ['fails', 'fails', 'succeeds', 'succeeds'],
  worker: ['fails', 'fails', 'succeeds', 'succeeds'],
};

/** What an attack runs into. */
export type Conditions = {
  /** The part of the cell's name; empty for the RFC's own case. */
  id: string;
  /** Whether the pages have the policies of their headers, or these were taken away. */
  policy: boolean;
  /** The attacks that the conditions matter for. */
  attacks: string[];
  /** How the provider answers in a frame, and with which session cookie. */
  framing: 'silent' | 'refused';
  /** Whether the browser sends cookies to a frame of another site. */
  thirdPartyCookies: boolean;
  /** Whether the attack opens a window in place of a frame. */
  popup: boolean;
};

const RFC: Conditions = {
  id: '',
  policy: false,
  attacks: ATTACKS.map(({ id }) => id),
  framing: 'silent',
  thirdPartyCookies: true,
  popup: false,
};

/**
 * The RFC's own case first: pages without a policy, a provider that answers in
 * frames, a browser that sends its cookie there. Then what changes with one
 * defence, or one way round it.
 */
export const CONDITIONS: Conditions[] = [
  RFC,
  { ...RFC, id: 'policy', policy: true },
  { ...RFC, id: 'third-party cookies blocked', attacks: ['5.1.3'], thirdPartyCookies: false },
  { ...RFC, id: 'provider refuses frames', attacks: ['5.1.3'], framing: 'refused' },
  { ...RFC, id: 'pop-up', attacks: ['5.1.3'], framing: 'refused', thirdPartyCookies: false, popup: true },
  { ...RFC, id: 'pop-up, policy', attacks: ['5.1.3'], policy: true, thirdPartyCookies: false, popup: true },
];

/** A cell that differs from the RFC's, and why. */
export type Difference = { verdict: Verdict; reason: string };

/** The differences that are known: by conditions, or by `kind/attack/conditions`. */
const DIFFERENCES = JSON.parse(
  readFileSync(resolve(import.meta.dirname, 'differences.json'), 'utf8'),
) as Record<string, Difference>;

/** The known difference of a cell. */
export function difference(kind: string, attack: string, conditions: string): Difference | undefined {
  return DIFFERENCES[`${kind}/${attack}/${conditions}`] ?? DIFFERENCES[`${attack}/${conditions}`];
}

/** One measured cell. */
export type Cell = {
  kind: string;
  attack: string;
  conditions: string;
  browser: string;
  /** What the RFC says. */
  expected: Verdict;
  verdict: Verdict;
  /** Why it differs from what the RFC says, if that is known. */
  reason?: string;
  /** What stopped the script in the browser. */
  blocked_by?: string;
  /** The provider's refusal of the script's authorization request. */
  refused?: string;
  /** Where the script found what it took. */
  found_in: string[];
  /** Each request that rests on what the script sent, and its answer. */
  evidence: { request: string; status: number; answer: string }[];
};
