import { TokenBucket } from './token-bucket.ts';

/** How long a connection may stay slowed before it is closed, ms. */
export const PATIENCE_MS = 30_000;

/** The share of a minute's worth that must have come back before a connection counts as calm again. */
const CALM = 0.1;

/** What one connection may send, a minute's worth at once. */
export interface PaceLimits {
  readonly maxMessagesPerMinute: number;
  readonly maxBytesPerMinute: number;
}

/**
 * What one connection sends in the long run. [L2] Beyond its allowance it is slowed – its socket is not
 * read, so TCP holds it back – and when it keeps at it, closed. Times are ms of one clock.
 */
export class Pace {
  readonly #messages: TokenBucket;
  readonly #bytes: TokenBucket;
  /** The time since which it has been over its allowance without calming down; `null` when it is not. */
  #overSince: number | null = null;

  constructor({ maxMessagesPerMinute, maxBytesPerMinute }: PaceLimits, now: number) {
    this.#messages = new TokenBucket(maxMessagesPerMinute, now);
    this.#bytes = new TokenBucket(maxBytesPerMinute, now);
  }

  /** Counts what was handled since the last time; says whether to handle more, to wait, or to close. */
  charge(messages: number, bytes: number, now: number): 'go' | 'wait' | 'stop' {
    this.#messages.spend(messages);
    this.#bytes.spend(bytes);
    const left = Math.min(this.#messages.available(now) / this.#messages.perMinute, this.#bytes.available(now) / this.#bytes.perMinute);
    if (left >= CALM) this.#overSince = null;
    if (left > 0) return 'go';
    this.#overSince ??= now;
    return now - this.#overSince >= PATIENCE_MS ? 'stop' : 'wait';
  }
}
