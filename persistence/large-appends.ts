import type { AppendResult } from './document-store.ts';
import type { Held, Progress } from './log-progress.ts';
import type { LogWriterOptions } from './log-writer-options.ts';
import { retryDelayMs } from './retry-delay.ts';

/** Longer updates are committed by themselves, bytes: they take Postgres and the driver longer than others should wait. */
const LARGE_BYTES = 256 * 1024;

/** What becomes of a large update: `rest` was appended behind it. */
type Settle = (held: Held, result: AppendResult, rest: readonly Held[]) => void;

/**
 * The large updates of all documents, each committed beside what the others append ([L4]). Within a document the order stays: a large
 * one begins when all before it is committed, and what comes behind it waits.
 */
export class LargeAppends {
  readonly #options: Pick<LogWriterOptions, 'appendLarge' | 'onRetry' | 'onRecovered'>;
  readonly #settle: Settle;
  /** Documents with a large update, and whether that is on its way. */
  readonly #documents = new Map<Progress, boolean>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #closed = false;

  constructor(options: Pick<LogWriterOptions, 'appendLarge' | 'onRetry' | 'onRecovered'>, settle: Settle) {
    this.#options = options;
    this.#settle = settle;
  }

  /** How many documents have one. */
  get size(): number {
    return this.#documents.size;
  }

  /** Takes an update that is large, or comes behind one; `false` for any other. */
  takes(held: Held): boolean {
    const { progress } = held;
    if (progress.behind !== null) {
      progress.behind.push(held);
      return true;
    }
    if (held.update.length < LARGE_BYTES || this.#options.appendLarge === undefined) return false;
    progress.behind = [held];
    this.#documents.set(progress, false);
    this.begin(progress);
    return true;
  }

  /** Begins with a document's large update, if there is one and nothing stands before it. */
  begin(progress: Progress): void {
    if (progress.queued > 0 || this.#documents.get(progress) !== false) return;
    this.#documents.set(progress, true);
    void this.#commit(progress, 1);
  }

  /** Gives back what waits of a document: its log has fallen back, or it was deleted. */
  forget(progress: Progress): Held[] {
    const { behind } = progress;
    progress.behind = null;
    this.#documents.delete(progress);
    return behind ?? [];
  }

  close(): void {
    this.#closed = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#documents.clear();
  }

  async #commit(progress: Progress, attempt: number): Promise<void> {
    const [held] = progress.behind ?? [];
    if (held === undefined || this.#closed) return;
    progress.headAtSend = progress.handle.head;
    let result: AppendResult;
    try {
      result = await this.#options.appendLarge!(held);
    } catch (error) {
      if (this.#closed || progress.deleted) return;
      const timer = setTimeout(() => {
        this.#timers.delete(timer);
        void this.#commit(progress, attempt + 1);
      }, retryDelayMs(attempt));
      this.#timers.add(timer);
      this.#options.onRetry(error, attempt);
      return;
    }
    if (this.#closed || progress.deleted) return;
    if (attempt > 1) this.#options.onRecovered?.();
    this.#settle(held, result, this.forget(progress).slice(1));
  }
}
