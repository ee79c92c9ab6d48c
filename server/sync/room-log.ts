import type { Compaction, DocumentHandle, DocumentStore, LoadedDocument } from '../../persistence/document-store.ts';
import type { LogWriter } from '../../persistence/log-writer.ts';
import { InkwireError } from '../../protocol/errors.ts';
import { shouldCompact, type Tail } from './compaction.ts';

const COMMIT_LATE = 'The edit is in the live document and will be saved when the database answers again; do not send it twice.';

export interface RoomLogParts {
  readonly store: Pick<DocumentStore, 'setTitle'>;
  readonly writer: LogWriter;
  /** As `DocumentStore.compact`, away from the event loop. */
  readonly compact: (handle: DocumentHandle) => Promise<Compaction>;
  /** Something that kept the room in memory has ended. */
  readonly onQuiet: () => void;
  readonly onError: (what: string, error: unknown) => void;
}

/**
 * A room's tie to its log: what is appended, what is committed, the copy of the title that lists show,
 * and the compaction of a tail that has grown long enough.
 */
export class RoomLog {
  readonly handle: DocumentHandle;
  readonly #parts: RoomLogParts;
  readonly #readTitle: () => string;
  #tail: Tail;
  #snapshotBytes: number;
  /** The title as it was last copied. */
  #title: string;
  #copyingTitle = false;
  #compacting = false;
  #compactionDue = false;
  #reporting = false;
  #deleted = false;
  readonly #waiting = new Set<(reason: InkwireError) => void>();

  /** `readTitle` reads the title of the document in memory, which holds what was loaded. */
  constructor(loaded: LoadedDocument, parts: RoomLogParts, readTitle: () => string) {
    this.handle = loaded.handle;
    this.#parts = parts;
    this.#readTitle = readTitle;
    this.#snapshotBytes = loaded.snapshot?.length ?? 0;
    this.#tail = tailOf(loaded);
    this.#title = readTitle();
  }

  /** The document was deleted: nothing of it will be committed any more. */
  get deleted(): boolean {
    return this.#deleted;
  }

  /** The room may not leave memory: something of it is not committed, or a copy of it is being written. */
  get busy(): boolean {
    return !this.#deleted && (this.#compacting || this.#copyingTitle || this.#parts.writer.pending(this.handle));
  }

  /** It holds all the uncommitted edits it may ([D6]). */
  get full(): boolean {
    return this.#parts.writer.isFull(this.handle);
  }

  /** Anything was ever written, committed or on its way. */
  get exists(): boolean {
    return !this.#deleted && (this.handle.id !== null || this.#parts.writer.pending(this.handle));
  }

  /** The document's size as stored, bytes: the snapshot and what was appended since. Deleted text counts until a compaction. */
  get bytes(): number {
    return this.#snapshotBytes + this.#tail.bytes;
  }

  /** Appends an update (format V1), which must not be changed later. The log names `author`. */
  append(update: Uint8Array, author: string | null): void {
    this.#count(update);
    this.#parts.writer.append(this.handle, update, author);
    if (!this.#compactionDue && shouldCompact(this.#tail, this.#snapshotBytes, false)) {
      this.#compactionDue = true;
      this.#parts.writer.afterCommit(this.handle, () => void this.compact(false));
    }
  }

  /** Somebody else has committed an update to the log. */
  received(update: Uint8Array): void {
    this.#count(update);
  }

  /** Calls back once everything appended so far is committed: at once when it is, never when the document was deleted. */
  afterCommit(callback: () => void): void {
    if (!this.#deleted) this.#parts.writer.afterCommit(this.handle, callback);
  }

  /**
   * Resolves when everything appended so far is committed. Throws `document-deleted`, and
   * `database-unavailable` after `timeoutMs`: the edit stays in the live document and is committed later.
   */
  async committed(timeoutMs: number): Promise<void> {
    if (this.#deleted) throw new InkwireError('document-deleted');
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = setTimeout(() => reject(new InkwireError('database-unavailable', COMMIT_LATE)), timeoutMs);
    this.#waiting.add(reject);
    this.#parts.writer.afterCommit(this.handle, resolve);
    try {
      await promise;
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(reject);
    }
  }

  /** Calls `onQuiet` once what is appended by then is committed. What else keeps the room in memory says so itself when it ends. */
  reportCommit(): void {
    if (this.#reporting || !this.#parts.writer.pending(this.handle)) return;
    this.#reporting = true;
    this.#parts.writer.afterCommit(this.handle, () => {
      this.#reporting = false;
      // The next turn: the commit's acknowledgements come first.
      setImmediate(this.#parts.onQuiet);
    });
  }

  /** The document was deleted: those who wait for a commit learn of it. */
  markDeleted(): void {
    this.#deleted = true;
    for (const reject of this.#waiting) reject(new InkwireError('document-deleted'));
    this.#waiting.clear();
  }

  /**
   * Compacts the tail into the snapshot when that pays, and says whether it does. Never throws: what
   * failed is tried again when the document is next loaded or has grown.
   */
  compact(unloading: boolean): boolean {
    if (this.#deleted || this.#compacting || this.handle.id === null) return false;
    if (!shouldCompact(this.#tail, this.#snapshotBytes, unloading)) return false;
    void this.#compact();
    return true;
  }

  /** The title may have changed: copies it after the commit that made the row, one copy at a time, whatever it has become by then. */
  titleChanged(): void {
    if (this.#copyingTitle || this.#deleted || this.#readTitle() === this.#title) return;
    this.#copyingTitle = true;
    this.#parts.writer.afterCommit(this.handle, () => void this.#copyTitle());
  }

  /** The log has fallen back, and holds this ([D13]). */
  restart(stored: LoadedDocument): void {
    this.#tail = tailOf(stored);
    this.#snapshotBytes = stored.snapshot?.length ?? 0;
    this.#title = '';
  }

  async #copyTitle(): Promise<void> {
    const title = this.#readTitle();
    try {
      await this.#parts.store.setTitle(this.handle, title);
      this.#title = title;
    } catch (error) {
      this.#parts.onError('copying the title', error);
    } finally {
      this.#copyingTitle = false;
    }
    // After a failure the next change tries again: an outage is ridden out elsewhere.
    if (this.#title === title) this.titleChanged();
    if (!this.#copyingTitle) this.#parts.onQuiet();
  }

  async #compact(): Promise<void> {
    this.#compacting = true;
    const { rows, bytes } = this.#tail;
    try {
      const done = await this.#parts.compact(this.handle);
      if (done !== null) this.#snapshotBytes = done.snapshotBytes;
    } catch (error) {
      this.#parts.onError('compaction', error);
    }
    // A failed attempt counts too: the next one waits until as much again has been written.
    this.#tail.rows -= rows;
    this.#tail.bytes -= bytes;
    this.#compacting = false;
    this.#compactionDue = false;
    this.#parts.onQuiet();
  }

  #count(update: Uint8Array): void {
    this.#tail.rows += 1;
    this.#tail.bytes += update.length;
  }
}

function tailOf({ updates }: LoadedDocument): Tail {
  return { rows: updates.length, bytes: updates.reduce((sum, update) => sum + update.length, 0) };
}
