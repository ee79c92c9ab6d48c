/** A minute, ms: a bucket holds what may be spent in one, so that a burst of that size goes unnoticed. */
const MINUTE_MS = 60_000;

/**
 * An allowance that refills evenly: `perMinute` may be spent at once, and that much in every minute
 * after. It may be overdrawn, for what is only counted once it is done. Times are ms of one clock.
 */
export class TokenBucket {
  readonly perMinute: number;
  #tokens: number;
  #at: number;

  constructor(perMinute: number, now: number) {
    this.perMinute = perMinute;
    this.#tokens = perMinute;
    this.#at = now;
  }

  /** What may be spent at this moment; negative while it is overdrawn. */
  available(now: number): number {
    const elapsed = now - this.#at;
    if (elapsed > 0) {
      this.#tokens = Math.min(this.perMinute, this.#tokens + (elapsed * this.perMinute) / MINUTE_MS);
      this.#at = now;
    }
    return this.#tokens;
  }

  spend(amount: number): void {
    this.#tokens -= amount;
  }
}
