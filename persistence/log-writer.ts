import type { Append, AppendResult, DocumentHandle, DocumentStore } from './document-store.ts';

export interface LogWriterOptions {
  /** Most bytes held uncommitted before `isFull` says so, over all documents and for one. */
  readonly maxHeldBytes: number;
  readonly maxHeldBytesPerDocument: number;
  /** The document was deleted: nothing of this handle will commit any more. Called once per handle. */
  onStale(handle: DocumentHandle): void;
  /** A commit failed and will be tried again; `attempt` from 1. */
  onRetry(error: unknown, attempt: number): void;
  /** A commit went through after at least one failure. */
  onRecovered?(): void;
}

/**
 * Least time from the start of one commit to the start of the next, ms, unless a batch is well filled
 * before. An edit that comes alone is committed at once; with many typists fewer, larger commits cost a
 * third less CPU a keystroke in rooms of two, and an acknowledgement 1.5 ms.
 */
const COMMIT_INTERVAL_MS = 3;
const FULL_ENOUGH_ROWS = 256;
/** Bounds of one statement: what is held beyond them waits for the next. */
const MAX_BATCH_ROWS = 2_000;
const MAX_BATCH_BYTES = 4 * 1024 * 1024;
/** What holding an update costs beside its bytes: about what V8 spends on the objects around it. */
const ENTRY_OVERHEAD_BYTES = 128;
const RETRY_LEAST_MS = 50;
const RETRY_MOST_MS = 2_000;

/** One document's way through the writer. Counts grow only; an update is the `appended`th of its handle. */
interface Progress {
  readonly handle: DocumentHandle;
  appended: number;
  committed: number;
  committedSeq: number | undefined;
  heldBytes: number;
  stale: boolean;
  /** In order of `after`: each runs once `committed` has reached it. */
  waiting: { readonly after: number; readonly callback: () => void }[];
}

interface Held extends Append {
  readonly progress: Progress;
}

type State =
  | { readonly kind: 'idle' }
  | { readonly kind: 'gathering'; readonly immediate: NodeJS.Immediate }
  /** Between two commits, while few updates are held. */
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
  #held: Held[] = [];
  #heldBytes = 0;
  #state: State = { kind: 'idle' };
  #attempt = 0;
  #onEmpty: (() => void)[] = [];

  constructor(store: Pick<DocumentStore, 'append'>, options: LogWriterOptions) {
    this.#store = store;
    this.#options = options;
  }

  /** Bytes held for all documents, with an allowance for each update's bookkeeping. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** Takes an update to commit. Never throws and never refuses: whoever calls asks `isFull` before accepting an edit. */
  append(handle: DocumentHandle, update: Uint8Array, author: string | null): void {
    const progress = this.#of(handle);
    if (progress.stale || this.#state.kind === 'closed') return;
    const bytes = update.length + ENTRY_OVERHEAD_BYTES;
    progress.appended += 1;
    progress.heldBytes += bytes;
    this.#heldBytes += bytes;
    this.#held.push({ handle, update, author, progress });
    // The next turn: what one turn of the event loop reads from all sockets shares a commit.
    if (this.#state.kind === 'idle') this.#gather();
    else if (this.#state.kind === 'pausing' && this.#held.length >= FULL_ENOUGH_ROWS) {
      clearTimeout(this.#state.timer);
      this.#gather();
    }
  }

  /**
   * Calls back once everything of this handle appended so far is committed: at once when it is,
   * else in the order asked; never when the document was deleted.
   */
  afterCommit(handle: DocumentHandle, callback: () => void): void {
    const progress = this.#of(handle);
    if (progress.stale) return;
    if (progress.committed === progress.appended) callback();
    else progress.waiting.push({ after: progress.appended, callback });
  }

  /** Whether something of this handle is not committed yet. */
  pending(handle: DocumentHandle): boolean {
    const progress = this.#progress.get(handle);
    return progress !== undefined && !progress.stale && progress.committed < progress.appended;
  }

  /** Past a bound: no further edit of this document should be accepted. */
  isFull(handle: DocumentHandle): boolean {
    if (this.#heldBytes > this.#options.maxHeldBytes) return true;
    return (this.#progress.get(handle)?.heldBytes ?? 0) > this.#options.maxHeldBytesPerDocument;
  }

  /** `seq` of the last update of this handle that this writer committed. */
  committedSeq(handle: DocumentHandle): number | undefined {
    return this.#progress.get(handle)?.committedSeq;
  }

  /** Resolves true once nothing is held, false after `timeoutMs`. */
  drain(timeoutMs: number): Promise<boolean> {
    if (this.#held.length === 0) return Promise.resolve(true);
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
    this.#state = { kind: 'closed' };
    this.#held = [];
    this.#heldBytes = 0;
  }

  #of(handle: DocumentHandle): Progress {
    let progress = this.#progress.get(handle);
    if (progress === undefined) {
      progress = { handle, appended: 0, committed: 0, committedSeq: undefined, heldBytes: 0, stale: false, waiting: [] };
      this.#progress.set(handle, progress);
    }
    return progress;
  }

  #gather(): void {
    this.#state = { kind: 'gathering', immediate: setImmediate(() => this.#commit()) };
  }

  async #commit(): Promise<void> {
    this.#state = { kind: 'committing' };
    const startedAt = performance.now();
    const batch = this.#held.slice(0, batchLength(this.#held));
    let results: AppendResult[];
    try {
      results = await this.#store.append(batch);
    } catch (error) {
      this.#retryLater(error);
      return;
    }
    if (this.#isClosed()) return;
    this.#settle(batch, results);
    if (this.#attempt > 0) {
      this.#attempt = 0;
      this.#options.onRecovered?.();
    }
    if (this.#isClosed()) return;
    if (this.#held.length > 0) {
      this.#continue(startedAt + COMMIT_INTERVAL_MS - performance.now());
      return;
    }
    this.#state = { kind: 'idle' };
    for (const done of this.#onEmpty.splice(0)) done();
  }

  /** The next commit, after a pause when there is little to commit. */
  #continue(pauseMs: number): void {
    if (pauseMs < 1 || this.#held.length >= FULL_ENOUGH_ROWS || this.#onEmpty.length > 0) void this.#commit();
    else this.#state = { kind: 'pausing', timer: setTimeout(() => this.#commit(), pauseMs) };
  }

  #isClosed(): boolean {
    return this.#state.kind === 'closed';
  }

  #retryLater(error: unknown): void {
    if (this.#isClosed()) return;
    this.#attempt += 1;
    const delayMs = Math.min(RETRY_LEAST_MS * 2 ** (this.#attempt - 1), RETRY_MOST_MS) * (0.5 + Math.random() / 2);
    this.#state = { kind: 'backing-off', timer: setTimeout(() => this.#commit(), delayMs) };
    this.#options.onRetry(error, this.#attempt);
  }

  #settle(batch: readonly Held[], results: readonly AppendResult[]): void {
    this.#held.splice(0, batch.length);
    const touched = new Set<Progress>();
    for (const [index, { progress, update }] of batch.entries()) {
      const bytes = update.length + ENTRY_OVERHEAD_BYTES;
      progress.heldBytes -= bytes;
      this.#heldBytes -= bytes;
      const result = results[index] as AppendResult;
      if (result.status === 'committed') {
        progress.committed += 1;
        progress.committedSeq = result.seq;
      } else progress.stale = true;
      touched.add(progress);
    }
    for (const progress of touched) {
      if (progress.stale) this.#drop(progress);
      else runWaiting(progress);
    }
  }

  #drop(progress: Progress): void {
    progress.waiting = [];
    this.#heldBytes -= progress.heldBytes;
    progress.heldBytes = 0;
    this.#held = this.#held.filter((entry) => entry.progress !== progress);
    safely(() => this.#options.onStale(progress.handle));
  }
}

function runWaiting(progress: Progress): void {
  const { waiting, committed } = progress;
  let due = 0;
  while (due < waiting.length && (waiting[due]?.after ?? 0) <= committed) due++;
  for (const { callback } of waiting.splice(0, due)) safely(callback);
}

/** A callback that throws must not keep the others from their acknowledgements; its error still surfaces. */
function safely(callback: () => void): void {
  try {
    callback();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}

function batchLength(held: readonly Held[]): number {
  let bytes = 0;
  for (let length = 0; length < held.length && length < MAX_BATCH_ROWS; length++) {
    bytes += held[length]?.update.length ?? 0;
    if (bytes > MAX_BATCH_BYTES && length > 0) return length;
  }
  return Math.min(held.length, MAX_BATCH_ROWS);
}
