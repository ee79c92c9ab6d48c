import type { Held, Progress, Recovery } from './log-progress.ts';
import type { LogWriterOptions } from './log-writer-options.ts';
import { retryDelayMs } from './retry-delay.ts';

/** Takes what the log lacks, and what is to be committed behind it. */
type GiveBack = (missing: readonly Held[], waiting: readonly Held[]) => void;

/**
 * Fills the gap of a log that has fallen back ([D13]): asks for what the log lacks until it is told, and gives
 * it back in front of all that waits. Nothing of such a document is sent before.
 */
export class LogRecovery {
  readonly #options: Pick<LogWriterOptions, 'onFellBack' | 'onRetry'>;
  readonly #giveBack: GiveBack;
  readonly #recovering = new Set<Progress>();
  #closed = false;

  constructor(options: Pick<LogWriterOptions, 'onFellBack' | 'onRetry'>, giveBack: GiveBack) {
    this.#options = options;
    this.#giveBack = giveBack;
  }

  /** Documents whose log has fallen back. */
  get size(): number {
    return this.#recovering.size;
  }

  /** The log of a document has fallen back. `later` is what was held of it, which waits from then on. */
  begin(progress: Progress, later: readonly Held[]): Recovery {
    const recovery = { behindGap: 0, held: [...later], timer: null };
    progress.recovery = recovery;
    this.#recovering.add(progress);
    return recovery;
  }

  /** Asks for what the log of a document lacks, and holds it. */
  async fill(progress: Progress, attempt = 1): Promise<void> {
    const { recovery } = progress;
    if (recovery === null) return;
    let updates: readonly Uint8Array[];
    try {
      updates = await this.#options.onFellBack(progress.handle);
    } catch (error) {
      if (this.#closed || progress.deleted) return;
      recovery.timer = setTimeout(() => void this.fill(progress, attempt + 1), retryDelayMs(attempt));
      this.#options.onRetry(error, attempt);
      return;
    }
    if (this.#closed || progress.deleted) return;
    progress.recovery = null;
    this.#recovering.delete(progress);
    const last = updates.length - 1;
    const missing = updates.map((update, at) => progress.hold(update, null, at === last ? recovery.behindGap : 0));
    if (last < 0) {
      progress.committed += recovery.behindGap;
      progress.runWaiting();
    }
    this.#giveBack(missing, recovery.held);
  }

  forget(progress: Progress): void {
    this.#recovering.delete(progress);
  }

  close(): void {
    this.#closed = true;
    for (const { recovery } of this.#recovering) if (recovery?.timer != null) clearTimeout(recovery.timer);
    this.#recovering.clear();
  }
}
