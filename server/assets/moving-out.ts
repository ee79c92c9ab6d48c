import type { AssetStore } from '../../persistence/assets/asset-store.ts';

/** The pause after a failure: the first, and the longest, ms. */
const RETRY_MS = { first: 5_000, longest: 300_000 } as const;

interface MovingParts {
  readonly store: Pick<AssetStore, 'moveOut'>;
  /** The storage is away, once until it is back. */
  readonly onAway: (error: unknown) => void;
  readonly onBack: () => void;
}

/**
 * Moves pictures and files out to the storage there is, soon after they have come. While that is away they stay in the database and
 * are served from there: an upload never waits for it.
 */
export class MovingOut {
  readonly #parts: MovingParts;
  readonly #stopped = new AbortController();
  #running: Promise<void> | null = null;
  #again = false;
  #failures = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: MovingParts) {
    this.#parts = parts;
  }

  /** There may be something to move. */
  kick(): void {
    if (this.#stopped.signal.aborted) return;
    this.#again = true;
    // While it is away, the timer asks.
    if (this.#failures === 0) this.#run();
  }

  /** Ends it; resolves when nothing is under way. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    clearTimeout(this.#timer);
    await this.#running;
  }

  #run(): void {
    this.#running ??= this.#move().finally(() => {
      this.#running = null;
      if (this.#again && this.#failures === 0 && !this.#stopped.signal.aborted) this.#run();
    });
  }

  async #move(): Promise<void> {
    this.#again = false;
    try {
      await this.#parts.store.moveOut(this.#stopped.signal);
      if (this.#failures > 0) this.#parts.onBack();
      this.#failures = 0;
    } catch (error) {
      if (this.#stopped.signal.aborted) return;
      if (this.#failures === 0) this.#parts.onAway(error);
      const pause = Math.min(RETRY_MS.longest, RETRY_MS.first * 2 ** this.#failures);
      this.#failures += 1;
      this.#timer = setTimeout(() => this.#run(), pause);
      this.#timer.unref();
    }
  }
}
