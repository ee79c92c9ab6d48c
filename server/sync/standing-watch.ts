import type { Standing, StandingAccess } from './standing.ts';

/** Bounds of the wait for what is due next, ms: how often standings may be gone through, and how soon a clock that was set is noticed. */
const MIN_WAIT_MS = 20;
const MAX_WAIT_MS = 1_000;

/**
 * One clock for everybody whose stay in a document can end, and one ear for revocations. Going through
 * 5,000 of them takes a tenth of a millisecond; a timer each would cost more, and keep more in memory.
 */
export class StandingWatch {
  readonly #access: StandingAccess;
  readonly #now: () => number;
  readonly #watched = new Set<Standing>();
  #timer: NodeJS.Timeout | null = null;
  #timerAt = Number.POSITIVE_INFINITY;
  #stopListening: (() => void) | null = null;

  /** `now` is a clock, ms since 1970. */
  constructor(access: StandingAccess, now: () => number) {
    this.#access = access;
    this.#now = now;
  }

  add(standing: Standing): void {
    this.#watched.add(standing);
    this.#stopListening ??= this.#access.onRevocation(() => this.#revoked());
    this.expect(standing.dueAt);
  }

  /** One of those watched has something to do at this time. */
  expect(at: number): void {
    if (at < this.#timerAt) this.#schedule(at);
  }

  remove(standing: Standing): void {
    if (!this.#watched.delete(standing) || this.#watched.size > 0) return;
    this.#stopListening?.();
    this.#stopListening = null;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#timerAt = Number.POSITIVE_INFINITY;
  }

  #revoked(): void {
    for (const standing of this.#watched) standing.checkRevocation();
    this.#sweep();
  }

  #sweep(): void {
    const now = this.#now();
    let next = Number.POSITIVE_INFINITY;
    for (const standing of this.#watched) {
      standing.advance(now);
      next = Math.min(next, standing.dueAt);
    }
    if (this.#watched.size > 0) this.#schedule(next);
  }

  #schedule(at: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timerAt = at;
    const wait = Math.min(Math.max(at - this.#now(), MIN_WAIT_MS), MAX_WAIT_MS);
    this.#timer = setTimeout(() => this.#sweep(), wait);
    this.#timer.unref();
  }
}
