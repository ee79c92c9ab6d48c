/**
 * How long a token lets somebody stay in a document. Every time is one of the server's clock, in
 * milliseconds since 1970, and handed in.
 */
export type Lifetime =
  /** `askAt`: when the client is asked for the token that follows. */
  | { readonly kind: 'valid'; readonly expiresAt: number; readonly askAt: number }
  /** The token is no good any more: nothing may be written, and the client is asked for another until `endsAt`. */
  | { readonly kind: 'grace'; readonly reason: EndReason; readonly endsAt: number; readonly askAt: number }
  /** No other token came. */
  | { readonly kind: 'over'; readonly reason: EndReason };

export type EndReason = 'expired' | 'revoked';

/** The part of a token's life after which another is asked for. */
const ASK_AFTER = 0.8;

/** How often a client whose token is no good is asked for another, ms. */
const ASK_AGAIN_MS = 5_000;

/**
 * A stay that begins, or goes on, with a token. Its life counts from when it came: `iat` is of
 * another's clock, and a token out of a cache may be old.
 */
export function begin(expiresAt: number, now: number): Lifetime {
  return { kind: 'valid', expiresAt, askAt: nextAsk(expiresAt, now) };
}

/** Where the stay stands at `now`, and whether to ask the client for a token. */
export function advance(lifetime: Lifetime, now: number, graceMs: number): { readonly lifetime: Lifetime; readonly ask: boolean } {
  if (lifetime.kind === 'valid') {
    if (now >= lifetime.expiresAt) return { lifetime: grace('expired', now, now + graceMs), ask: true };
    if (now < lifetime.askAt) return { lifetime, ask: false };
    // Unanswered, it is asked again after four fifths of what is left: a token of an hour asks five times in its last ten minutes.
    return { lifetime: { ...lifetime, askAt: nextAsk(lifetime.expiresAt, now) }, ask: true };
  }
  if (lifetime.kind === 'over') return { lifetime, ask: false };
  if (now >= lifetime.endsAt) return { lifetime: { kind: 'over', reason: lifetime.reason }, ask: false };
  if (now < lifetime.askAt) return { lifetime, ask: false };
  return { lifetime: grace(lifetime.reason, now, lifetime.endsAt), ask: true };
}

/** The token was revoked at `now`; asking for another is due at once. One that had expired gains no time by it. */
export function revoke(lifetime: Lifetime, now: number, graceMs: number): Lifetime {
  if (lifetime.kind === 'over' || (lifetime.kind === 'grace' && lifetime.reason === 'revoked')) return lifetime;
  const endsAt = lifetime.kind === 'grace' ? lifetime.endsAt : now + graceMs;
  return { kind: 'grace', reason: 'revoked', endsAt, askAt: now };
}

/** When `advance` has something to do next. */
export function dueAt(lifetime: Lifetime): number {
  if (lifetime.kind === 'over') return Number.POSITIVE_INFINITY;
  return Math.min(lifetime.askAt, lifetime.kind === 'valid' ? lifetime.expiresAt : lifetime.endsAt);
}

function nextAsk(expiresAt: number, now: number): number {
  return now + ASK_AFTER * Math.max(0, expiresAt - now);
}

function grace(reason: EndReason, now: number, endsAt: number): Lifetime {
  return { kind: 'grace', reason, endsAt, askAt: now + ASK_AGAIN_MS };
}
