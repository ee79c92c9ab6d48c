import { TokenBucket } from './token-bucket.ts';

/** Keys that are remembered; more are at it at once only when somebody makes them up. */
const MAX_KEYS = 50_000;

/** How often each key, such as an address, does something: at most `perMinute` times a minute, a minute's worth at once. */
export class Rates {
  readonly #perMinute: number;
  readonly #buckets = new Map<string, TokenBucket>();

  constructor(perMinute: number) {
    this.#perMinute = perMinute;
  }

  /** Keys remembered. */
  get size(): number {
    return this.#buckets.size;
  }

  /** Counts one time; false when that is one too many, which is not counted. */
  take(key: string, now: number): boolean {
    let bucket = this.#buckets.get(key);
    if (bucket === undefined) {
      if (this.#buckets.size >= MAX_KEYS) this.#forget(now);
      bucket = new TokenBucket(this.#perMinute, now);
    }
    if (bucket.available(now) < 1) return false;
    // Behind all others: the map is in the order of last use.
    this.#buckets.delete(key);
    this.#buckets.set(key, bucket);
    bucket.spend(1);
    return true;
  }

  /** How many times more a key may at this moment. */
  left(key: string, now: number): number {
    return Math.max(0, Math.floor(this.#buckets.get(key)?.available(now) ?? this.#perMinute));
  }

  /** A full bucket is as good as none. If the one used longest ago is not full, it goes all the same, so that made-up keys take no memory. */
  #forget(now: number): void {
    let mustGo = true;
    for (const [key, bucket] of this.#buckets) {
      if (!mustGo && bucket.available(now) < this.#perMinute) return;
      this.#buckets.delete(key);
      mustGo = false;
    }
  }
}
