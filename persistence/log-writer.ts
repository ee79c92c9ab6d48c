import type { AppendResult, DocumentHandle, DocumentStore, LogHead } from './document-store.ts';
import { LargeAppends } from './large-appends.ts';
import { batchLength, commitsOf } from './log-batch.ts';
import { type Held, Progress, type Recovery, safely } from './log-progress.ts';
import { LogRecovery } from './log-recovery.ts';
import type { LogWriterOptions } from './log-writer-options.ts';
import { retryDelayMs } from './retry-delay.ts';

/**
 * Least time from the start of one commit to the start of the next, ms, unless a batch is well filled
 * before. An edit that comes alone is committed at once; with many typists fewer, larger commits cost a
 * third less CPU a keystroke in rooms of two, and an acknowledgement 1.5 ms.
 */
const COMMIT_INTERVAL_MS = 3;
/**
 * The same while more than so many updates come in a millisecond. Two thousand typists then cost the server a fifth less CPU a
 * keystroke and Postgres a third, and an acknowledgement 5 ms.
 */
const BUSY_INTERVAL_MS = 12;
const BUSY_ROWS_PER_MS = 3;
const FULL_ENOUGH_ROWS = 256;
/**
 * - `idle`: nothing is held.
 * - `gathering`: something is, since this turn of the event loop.
 * - `pausing`: between two commits, while few updates are held.
 * - `committing`: a statement is in flight.
 * - `backing-off`: the last one failed.
 * - `closed`: nothing is committed any more.
 */
type State =
  | { readonly kind: 'idle' }
  | { readonly kind: 'gathering'; readonly immediate: NodeJS.Immediate }
  | { readonly kind: 'pausing'; readonly timer: NodeJS.Timeout }
  | { readonly kind: 'committing' }
  | { readonly kind: 'backing-off'; readonly timer: NodeJS.Timeout }
  | { readonly kind: 'closed' };

/**
 * The group commit: gathers what all documents appended since the last commit into one statement. One
 * statement is in flight at a time, so updates of a document commit in the order they were appended;
 * while it is, the next gathers, and the batch grows with the load by itself. What was sent and failed
 * stays at the head and is sent again: an update may be logged twice, which Yjs ignores, but never lost.
 */
export class LogWriter {
  readonly #store: Pick<DocumentStore, 'append'>;
  readonly #options: LogWriterOptions;
  readonly #progress = new WeakMap<DocumentHandle, Progress>();
  readonly #recovery: LogRecovery;
  readonly #large: LargeAppends;
  #held: Held[] = [];
  #heldBytes = 0;
  #state: State = { kind: 'idle' };
  #attempt = 0;
  /** When the last commit was begun. */
  #startedAt = Number.NEGATIVE_INFINITY;
  #onEmpty: (() => void)[] = [];

  constructor(store: Pick<DocumentStore, 'append'>, options: LogWriterOptions) {
    this.#store = store;
    this.#options = options;
    this.#recovery = new LogRecovery(options, (missing, waiting) => {
      for (const { bytes } of missing) this.#heldBytes += bytes;
      this.#hold([...missing, ...waiting]);
    });
    this.#large = new LargeAppends(options, (held, result, rest) => {
      this.#settle([held], [result]);
      for (const later of rest) this.#queue(later);
      this.#reportEmpty();
    });
  }

  /** Bytes held for all documents, with an allowance for each update's bookkeeping. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** Takes an update to commit. Never throws and never refuses: the caller asks `isFull` before it accepts an edit. */
  append(handle: DocumentHandle, update: Uint8Array, author: string | null): void {
    const progress = this.#of(handle);
    if (progress.deleted || this.#state.kind === 'closed') return;
    progress.appended += 1;
    const held = progress.hold(update, author, 1);
    this.#heldBytes += held.bytes;
    this.#queue(held);
  }

  /**
   * Calls back once everything of this handle appended so far is committed: at once when it is,
   * else in the order asked; never when the document was deleted.
   */
  afterCommit(handle: DocumentHandle, callback: () => void): void {
    this.#of(handle).afterCommit(callback);
  }

  /** Whether something of this handle is not committed yet. */
  pending(handle: DocumentHandle): boolean {
    return this.#progress.get(handle)?.pending ?? false;
  }

  /** Whether a bound is passed: no further edit of this document should be accepted. */
  isFull(handle: DocumentHandle): boolean {
    if (this.#heldBytes > this.#options.maxHeldBytes) return true;
    return (this.#progress.get(handle)?.heldBytes ?? 0) > this.#options.maxHeldBytesPerDocument;
  }

  /**
   * The database says where the log of a document stands; `known` is what its handle said before it was asked.
   * A log that has fallen back is given what it lacks, as at an append.
   */
  verify(handle: DocumentHandle, known: number, head: LogHead): void {
    const progress = this.#of(handle);
    // An append under way tells by itself, and what was read before a commit says nothing of it.
    if (this.pending(handle) || handle.head !== known || progress.deleted || this.#state.kind === 'closed') return;
    if (head === 'deleted') this.#drop(progress);
    else if (head === 'missing' ? known > 0 : head < known) {
      this.#fellBack(progress);
      void this.#recovery.fill(progress);
    }
  }

  /** Somebody else has seen the log of a document fall back: it is given what it lacks, as at an append. */
  recover(handle: DocumentHandle): void {
    const progress = this.#of(handle);
    // What is on its way is waited for.
    progress.afterCommit(() => this.#recover(progress));
  }

  #recover(progress: Progress): void {
    if (progress.deleted || progress.recovery !== null || this.#isClosed()) return;
    if (progress.behind !== null) {
      progress.afterCommit(() => this.#recover(progress));
      return;
    }
    this.#fellBack(progress);
    void this.#recovery.fill(progress);
  }

  /** Resolves true once nothing is held, false after `timeoutMs`. */
  drain(timeoutMs: number): Promise<boolean> {
    if (this.#isEmpty()) return Promise.resolve(true);
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), timeoutMs);
      this.#onEmpty.push(() => {
        clearTimeout(timer);
        resolve(true);
      });
    });
  }

  /** Commits nothing more and drops what is held; none of that was acknowledged. */
  close(): void {
    if (this.#state.kind === 'gathering') clearImmediate(this.#state.immediate);
    if (this.#state.kind === 'backing-off' || this.#state.kind === 'pausing') clearTimeout(this.#state.timer);
    this.#recovery.close();
    this.#large.close();
    this.#state = { kind: 'closed' };
    this.#held = [];
    this.#heldBytes = 0;
  }

  #of(handle: DocumentHandle): Progress {
    let progress = this.#progress.get(handle);
    if (progress === undefined) {
      progress = new Progress(handle);
      this.#progress.set(handle, progress);
    }
    return progress;
  }

  #queue(held: Held): void {
    const { recovery, deleted } = held.progress;
    if (deleted) return;
    if (recovery !== null) recovery.held.push(held);
    else if (!this.#large.takes(held)) this.#hold([held]);
  }

  #hold(entries: readonly Held[]): void {
    for (const entry of entries) {
      entry.progress.queued += 1;
      this.#held.push(entry);
    }
    // The next turn: what one turn of the event loop reads from all sockets shares a commit.
    if (this.#state.kind === 'idle') this.#gather();
    else if (this.#state.kind === 'pausing' && this.#held.length >= FULL_ENOUGH_ROWS) {
      clearTimeout(this.#state.timer);
      this.#gather();
    }
  }

  #gather(): void {
    this.#state = { kind: 'gathering', immediate: setImmediate(() => this.#commit()) };
  }

  async #commit(): Promise<void> {
    this.#state = { kind: 'committing' };
    const startedAt = performance.now();
    const batch = this.#held.slice(0, batchLength(this.#held));
    const isBusy = batch.length > BUSY_ROWS_PER_MS * (startedAt - this.#startedAt);
    this.#startedAt = startedAt;
    for (const { progress } of batch) progress.headAtSend = progress.handle.head;
    let results: AppendResult[];
    try {
      results = batch.length === 0 ? [] : await this.#store.append(batch);
    } catch (error) {
      this.#retryLater(error);
      return;
    }
    if (this.#isClosed()) return;
    this.#held.splice(0, batch.length);
    for (const { progress } of batch) progress.queued -= 1;
    this.#settle(batch, results);
    for (const { progress } of batch) if (progress.behind !== null) this.#large.begin(progress);
    if (this.#attempt > 0) {
      this.#attempt = 0;
      this.#options.onRecovered?.();
    }
    if (this.#isClosed()) return;
    if (this.#held.length > 0) {
      this.#continue(startedAt + (isBusy ? BUSY_INTERVAL_MS : COMMIT_INTERVAL_MS) - performance.now());
      return;
    }
    this.#state = { kind: 'idle' };
    this.#reportEmpty();
  }

  /** The next commit, after a pause when there is little to commit. */
  #continue(pauseMs: number): void {
    if (pauseMs < 1 || this.#held.length >= FULL_ENOUGH_ROWS || this.#onEmpty.length > 0) void this.#commit();
    else this.#state = { kind: 'pausing', timer: setTimeout(() => this.#commit(), pauseMs) };
  }

  #isClosed(): boolean {
    return this.#state.kind === 'closed';
  }

  #isEmpty(): boolean {
    return this.#held.length === 0 && this.#recovery.size === 0 && this.#large.size === 0;
  }

  #reportEmpty(): void {
    if (this.#isEmpty()) for (const done of this.#onEmpty.splice(0)) done();
  }

  #retryLater(error: unknown): void {
    if (this.#isClosed()) return;
    this.#attempt += 1;
    this.#state = { kind: 'backing-off', timer: setTimeout(() => this.#commit(), retryDelayMs(this.#attempt)) };
    this.#options.onRetry(error, this.#attempt);
  }

  #settle(batch: readonly Held[], results: readonly AppendResult[]): void {
    const touched = new Set<Progress>();
    for (const [index, held] of batch.entries()) {
      const { progress } = held;
      const result = results[index] as AppendResult;
      const isFirst = !touched.has(progress);
      touched.add(progress);
      if (result.status === 'deleted') progress.deleted = true;
      else if (result.status === 'missing') this.#fellBack(progress).held.push(held);
      else if (isFirst && result.seq <= progress.headAtSend) this.#fellBack(progress).behindGap += this.#release(held);
      else if (progress.recovery !== null) progress.recovery.behindGap += this.#release(held);
      else {
        progress.committed += this.#release(held);
        // Rows of others may be known that are later.
        progress.handle.head = Math.max(progress.handle.head, result.seq);
      }
    }
    const { onCommitted } = this.#options;
    if (onCommitted !== undefined) for (const commit of commitsOf(batch, results)) safely(() => onCommitted(commit));
    for (const progress of touched) {
      if (progress.deleted) this.#drop(progress);
      else if (progress.recovery !== null) void this.#recovery.fill(progress);
      else progress.runWaiting();
    }
  }

  /** An update is held no more; for how many it counts. */
  #release({ progress, counts, bytes }: Held): number {
    progress.heldBytes -= bytes;
    this.#heldBytes -= bytes;
    return counts;
  }

  /** Holds back what the document appends, until its gap is filled. */
  #fellBack(progress: Progress): Recovery {
    if (progress.recovery !== null) return progress.recovery;
    const later = this.#held.filter((entry) => entry.progress === progress);
    if (later.length > 0) this.#held = this.#held.filter((entry) => entry.progress !== progress);
    progress.queued = 0;
    return this.#recovery.begin(progress, [...later, ...this.#large.forget(progress)]);
  }

  #drop(progress: Progress): void {
    this.#recovery.forget(progress);
    this.#large.forget(progress);
    this.#heldBytes -= progress.heldBytes;
    progress.drop();
    this.#held = this.#held.filter((entry) => entry.progress !== progress);
    safely(() => this.#options.onDeleted(progress.handle));
  }
}
