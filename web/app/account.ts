import type { AccessPatterns } from '../../protocol/identity.ts';
import { ApiError, readSession } from './api.ts';
import { store, stored } from './storage.ts';

/** Somebody who signed in with a token. */
export interface Account {
  readonly sub: string;
  readonly name: string;
  readonly access: AccessPatterns;
  readonly token: string;
}

/** What the server makes of this browser: it asks nobody, it knows who this is, or it wants a token (`why`: the code of the refusal). */
export type Standing =
  | { readonly kind: 'open' }
  | { readonly kind: 'signed-in'; readonly account: Account }
  | { readonly kind: 'signed-out'; readonly why: string };

const KEY = 'inkwire.token';
/** Where storage is blocked, the page remembers. */
let token: string | null = stored('sessionStorage', KEY);
let known: Standing | null = null;

/** Whether there is a token to sign in with; it may have run out. */
export function hasToken(): boolean {
  return token !== null;
}

/** Asks the server once, and again after a change. Throws `ApiError` when it cannot be reached. */
export async function standing(): Promise<Standing> {
  known ??= await ask(token);
  return known;
}

/** Signs in with a token; one the server refuses changes nothing and is thrown as `ApiError`. */
export async function signIn(candidate: string): Promise<void> {
  const answer = await ask(candidate);
  if (answer.kind === 'signed-out') throw new ApiError(refusalWords(answer.why), answer.why);
  remember(candidate, answer);
}

/** Forgets the token; `why` is said on the sign-in page. */
export function signOut(why = 'sign-in-required'): void {
  remember(null, { kind: 'signed-out', why });
}

/** What happened to a token, in a sentence. */
export function refusalWords(code: string): string {
  if (code === 'token-expired') return 'Your token has expired.';
  if (code === 'token-revoked') return 'Your token was revoked.';
  if (code === 'token-invalid') return 'This server does not know that token.';
  return '';
}

function remember(next: string | null, answer: Standing): void {
  token = next;
  known = answer;
  store('sessionStorage', KEY, next);
}

async function ask(candidate: string | null): Promise<Standing> {
  try {
    const { mode, sub, name, access } = await readSession(candidate);
    if (mode === 'open') return { kind: 'open' };
    return { kind: 'signed-in', account: { sub, name, access, token: candidate ?? '' } };
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return { kind: 'signed-out', why: error.code ?? 'sign-in-required' };
    throw error;
  }
}
