import type { Append, DocumentHandle } from './document-store.ts';

/** What holding an update costs beside its bytes: about what V8 spends on the objects around it. */
const ENTRY_OVERHEAD_BYTES = 128;

/** An update that is not committed yet. */
export interface Held extends Append {
  readonly progress: Progress;
  /** How many of its document's updates are committed with it; one, but for what fills a gap. */
  readonly counts: number;
  /** What it costs in memory. */
  readonly bytes: number;
}

/** What waits for the log to have again what it has lost. */
export interface Recovery {
  /** Updates that are in the log, behind the gap: they count as committed once it is filled. */
  behindGap: number;
  /** Appended since, or not taken. */
  readonly held: Held[];
  timer: NodeJS.Timeout | null;
}

/** One document's way through the log writer. Counts grow only; an update is the `appended`th of its handle. */
export class Progress {
  readonly handle: DocumentHandle;
  appended = 0;
  committed = 0;
  /** The head of the log that was known when its last append was sent: the next row has a larger number, or the log has fallen back. */
  headAtSend = 0;
  heldBytes = 0;
  deleted = false;
  /** Set while the log lacks what it once had. */
  recovery: Recovery | null = null;
  /** Its updates that are to be committed together with those of others, or are on their way. */
  queued = 0;
  /** A large update, and what was appended behind it; `null` while there is none. */
  behind: Held[] | null = null;
  /** Callbacks in order of `after`: each runs once `committed` has reached it. */
  #waiting: { readonly after: number; readonly callback: () => void }[] = [];

  constructor(handle: DocumentHandle) {
    this.handle = handle;
  }

  /** Whether something is not committed yet. */
  get pending(): boolean {
    return !this.deleted && (this.committed < this.appended || this.recovery !== null);
  }

  hold(update: Uint8Array, author: string | null, counts: number): Held {
    const bytes = update.length + ENTRY_OVERHEAD_BYTES;
    this.heldBytes += bytes;
    return { handle: this.handle, update, author, progress: this, counts, bytes };
  }

  /** Calls back at once if nothing is pending, else in the order asked; never for a deleted document. */
  afterCommit(callback: () => void): void {
    if (this.deleted) return;
    if (this.pending) this.#waiting.push({ after: this.appended, callback });
    else callback();
  }

  /** Calls what waited for no more than is committed. */
  runWaiting(): void {
    let due = 0;
    while (due < this.#waiting.length && (this.#waiting[due]?.after ?? 0) <= this.committed) due++;
    for (const { callback } of this.#waiting.splice(0, due)) safely(callback);
  }

  /** The document was deleted: nothing of it is committed any more. */
  drop(): void {
    this.deleted = true;
    this.recovery = null;
    this.heldBytes = 0;
    this.queued = 0;
    this.behind = null;
    this.#waiting = [];
  }
}

/** A callback that throws must not keep the others from their acknowledgements; its error still surfaces. */
export function safely(callback: () => void): void {
  try {
    callback();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
