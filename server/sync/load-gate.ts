/** Loads at once: as many as the store has connections for reads, and some to wait for them. */
const AT_ONCE = 8;
const MIN_BACKOFF_MS = 50;
const MAX_BACKOFF_MS = 2_000;

/**
 * Bounds the reads that open documents. A few run at once, the others wait in line; after a failure
 * none is tried for a while, longer each time: when a database goes away a thousand clients come back
 * at once, and one with short delays made 22 attempts in 1.2 s.
 */
export class LoadGate {
  readonly #now: () => number;
  readonly #line: (() => void)[] = [];
  #running = 0;
  #closedUntil = 0;
  #backoffMs = 0;
  #cause: unknown;

  /** `now` is a clock, ms. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Runs `load` in its turn. Rejects with the last failure, without trying, while the gate is closed. `isFailure` tells a refusal, which closes nothing. */
  async run<T>(load: () => Promise<T>, isFailure: (error: unknown) => boolean): Promise<T> {
    if (this.#running >= AT_ONCE) await new Promise<void>((enter) => this.#line.push(enter));
    this.#running++;
    try {
      if (this.#now() < this.#closedUntil) throw this.#cause;
      const loaded = await load();
      this.#backoffMs = 0;
      return loaded;
    } catch (error) {
      if (error !== this.#cause && isFailure(error)) this.#close(error);
      throw error;
    } finally {
      this.#running--;
      this.#line.shift()?.();
    }
  }

  #close(error: unknown): void {
    this.#cause = error;
    this.#backoffMs = Math.min(Math.max(this.#backoffMs * 2, MIN_BACKOFF_MS), MAX_BACKOFF_MS);
    this.#closedUntil = this.#now() + this.#backoffMs;
  }
}
