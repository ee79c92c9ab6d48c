import { TokenBucket } from './token-bucket.ts';

/** Keys that are remembered; more are at it at once only when somebody makes them up. */
const MOST_KEYS = 50_000;

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
      if (this.#buckets.size >= MOST_KEYS) this.#forget(now);
      bucket = new TokenBucket(this.#perMinute, now);
      this.#buckets.set(key, bucket);
    }
    if (bucket.available(now) < 1) return false;
    bucket.spend(1);
    return true;
  }

  /** A full bucket is as good as none. When that is not enough, the oldest goes: whoever makes up keys gains no memory by it. */
  #forget(now: number): void {
    for (const [key, bucket] of this.#buckets) if (bucket.available(now) >= this.#perMinute) this.#buckets.delete(key);
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size >= MOST_KEYS && oldest !== undefined) this.#buckets.delete(oldest);
  }
}
