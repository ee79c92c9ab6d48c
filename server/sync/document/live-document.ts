import type { Connection } from '@hocuspocus/server';
import * as Y from 'yjs';
import { META_ROOT, readTitle } from '../../../document/live.ts';
import type { DocumentHandle, DocumentStore, LoadedDocument, MergeUpdates } from '../../../persistence/document-store.ts';
import type { LogWriter } from '../../../persistence/log-writer.ts';
import { InkwireError } from '../../../protocol/errors.ts';
import { ClientIdClaims, type ClientIdClaimsParts } from './client-id-claims.ts';
import type { ClientUpdate } from './client-ids.ts';
import { shouldCompact, type Tail } from './compaction.ts';
import { RELAYED } from './relayed-typing.ts';
import type { Room } from './room.ts';
import { SchemaLevel } from './schema-level.ts';
import { forgetKnown, without } from './sound-update.ts';
import type { Typing } from './typing.ts';

/** Marks an update that is in the log already, such as the first content of a document created over HTTP. */
export const FROM_LOG = Symbol('from the log');

const COMMIT_LATE = 'The edit is in the live document and will be saved when the database answers again; do not send it twice.';

/** A client's update, decoded as far as it takes to know what becomes of it. */
export interface ClientEdit extends ClientUpdate {
  /** `null` when it does anything else. */
  readonly typing: Typing | null;
}

export interface LiveDocumentParts extends ClientIdClaimsParts {
  readonly store: Pick<DocumentStore, 'setTitle' | 'raiseSchemaVersion' | 'compact'>;
  readonly writer: LogWriter;
  readonly merge: MergeUpdates;
  /** Who made a change, from the transaction's origin; `null` when unknown. */
  readonly authorOf: (origin: unknown) => string | null;
  /** Something that kept the document in memory has ended. */
  readonly onQuiet: () => void;
  readonly onError: (what: string, error: unknown) => void;
}

/**
 * A document in memory, tied to its log: every change is appended before its acknowledgement can be
 * sent, the title is copied for lists, and the tail is folded when it has grown long enough.
 */
export class LiveDocument {
  readonly document: Room;
  readonly handle: DocumentHandle;
  readonly schema: SchemaLevel;
  readonly #parts: LiveDocumentParts;
  readonly #clientIds: ClientIdClaims;
  readonly #tail: Tail;
  #snapshotBytes: number;
  #title: string;
  #copyingTitle = false;
  #compacting = false;
  #foldDue = false;
  #reporting = false;
  #gone = false;
  readonly #loadedHead: number;
  readonly #waiting = new Set<(reason: InkwireError) => void>();

  /** Fills the empty `document` with what was loaded, then listens. */
  constructor(document: Room, loaded: LoadedDocument, parts: LiveDocumentParts) {
    this.document = document;
    this.handle = loaded.handle;
    this.#parts = parts;
    const { handle } = loaded;
    const storeVersion = (version: number) => parts.store.raiseSchemaVersion(handle, version);
    this.schema = new SchemaLevel(loaded.schemaVersion, storeVersion, () => setImmediate(parts.onQuiet));
    document.on('destroy', () => this.schema.stop());
    this.#clientIds = new ClientIdClaims(document, loaded, parts);
    this.#loadedHead = loaded.head;
    this.#snapshotBytes = loaded.snapshot?.length ?? 0;
    this.#tail = { rows: loaded.updates.length, bytes: loaded.updates.reduce((sum, update) => sum + update.length, 0) };
    fill(document, loaded);
    forgetKnown(document as unknown as Y.Doc);
    this.#title = readTitle(document);
    document.on('update', this.#onUpdate);
  }

  /** It was deleted: nothing of it will be committed any more. */
  get gone(): boolean {
    return this.#gone;
  }

  /** It may not leave memory: something of it is not committed, or a copy of it is being written. */
  get busy(): boolean {
    return !this.#gone && (this.#compacting || this.#copyingTitle || this.schema.storing || this.#parts.writer.pending(this.handle));
  }

  /** It holds all the uncommitted edits it may ([D6]). */
  get full(): boolean {
    return this.#parts.writer.isFull(this.handle);
  }

  /** Calls `onQuiet` once what is appended by now is committed. What else keeps it in memory says so itself when it ends. */
  reportCommit(): void {
    if (this.#reporting || !this.#parts.writer.pending(this.handle)) return;
    this.#reporting = true;
    this.#parts.writer.afterCommit(this.handle, () => {
      this.#reporting = false;
      // The next turn: the commit's acknowledgements come first.
      setImmediate(this.#parts.onQuiet);
    });
  }

  /** Anything was ever written to it, committed or on its way. */
  get exists(): boolean {
    return !this.#gone && (this.handle.id !== null || this.#parts.writer.pending(this.handle));
  }

  /** Its size as stored, bytes: the snapshot and what was appended since. Deleted text counts until it is folded away. */
  get bytes(): number {
    return this.#snapshotBytes + this.#tail.bytes;
  }

  /** The head of the log as far as this process knows it. */
  get version(): number {
    return this.#parts.writer.committedSeq(this.handle) ?? this.#loadedHead;
  }

  /** Called when the document was deleted: listens no more, and whoever waits for a commit learns of it. */
  markGone(): void {
    this.#gone = true;
    this.document.off('update', this.#onUpdate);
    for (const reject of this.#waiting) reject(new InkwireError('document-deleted'));
    this.#waiting.clear();
  }

  /**
   * Resolves when everything appended so far is committed. Throws `document-deleted`, and
   * `database-unavailable` after `timeoutMs`: the edit stays in the live document and is committed later.
   */
  async committed(timeoutMs: number): Promise<void> {
    if (this.#gone) throw new InkwireError('document-deleted');
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

  /** Calls back once everything appended so far is committed: at once when it is, never when the document was deleted. */
  afterCommit(callback: () => void): void {
    if (!this.#gone) this.#parts.writer.afterCommit(this.handle, callback);
  }

  /** `read` sees all that was acknowledged, and must not change it. */
  read<T>(read: (document: Y.Doc) => T): T {
    this.document.applyRelayed();
    return read(this.document as unknown as Y.Doc);
  }

  /** One transaction of the server's own, such as an edit over HTTP. The log names `author`. */
  edit(author: string | null, edit: (document: Y.Doc) => void): void {
    this.#clientIds.claimForServer();
    this.document.applyRelayed();
    const document = this.document as unknown as Y.Doc;
    document.transact(() => edit(document), { source: 'local', context: { author } });
  }

  /**
   * Takes a client's update: nothing of it when it throws `client-id-taken`, and what its sender wrote
   * themselves when it throws `author-awaited` ([P1]). Throws `malformed-update`.
   *
   * Typing is sent on and logged as it came, and applied when somebody looks at the document.
   */
  receive(edit: ClientEdit, connection: Connection): void {
    const { typing } = edit;
    const relays = typing !== null && this.document.mayRelay(typing);
    const awaited = this.#clientIds.admit(edit, connection);
    if (relays) {
      // A copy: the bytes are a view into what the socket received.
      const update = edit.update.slice();
      this.#append(update, { connection });
      this.document.relay(update, typing, connection);
    } else if (awaited === null) this.#apply(edit.update, connection);
    else {
      // Two who have seen each other's lost edits need each other's first, so the part that is theirs is taken from both.
      this.#apply(without(edit.update, awaited), connection);
      throw new InkwireError('author-awaited');
    }
  }

  /**
   * Applies an update and keeps what Yjs only parks. [D3] An update whose dependencies are missing
   * raises no `update` event, so its raw bytes are appended: it is acknowledged like any other.
   */
  #apply(update: Uint8Array, connection: Connection): void {
    const { store } = this.document;
    // Yjs grows `pendingStructs` in place, so its bytes are what tells.
    const structs = store.pendingStructs?.update;
    const deletes = store.pendingDs;
    try {
      this.document.applyFrom(connection, update);
    } catch (error) {
      // What it did before that is in the log like any edit: an `update` event told of it.
      throw new InkwireError('malformed-update', undefined, { cause: error });
    }
    forgetKnown(this.document as unknown as Y.Doc);
    const parked = grew(structs, store.pendingStructs?.update) || grew(deletes, store.pendingDs);
    // A copy: the bytes are a view into what the socket received.
    if (parked) this.#append(update.slice(), { connection });
  }

  /**
   * Folds the tail into the snapshot when that pays, and says whether it does. Never throws: what
   * failed is tried again when the document is next loaded or has grown.
   */
  compact(unloading: boolean): boolean {
    if (this.#gone || this.#compacting || this.handle.id === null) return false;
    if (!shouldCompact(this.#tail, this.#snapshotBytes, unloading)) return false;
    void this.#fold();
    return true;
  }

  async #fold(): Promise<void> {
    this.#compacting = true;
    const { rows, bytes } = this.#tail;
    try {
      const done = await this.#parts.store.compact(this.handle, this.#parts.merge);
      if (done !== null) this.#snapshotBytes = done.snapshotBytes;
    } catch (error) {
      this.#parts.onError('compaction', error);
    }
    // Also after a failure: the next attempt waits until as much again has been written.
    this.#tail.rows -= rows;
    this.#tail.bytes -= bytes;
    this.#compacting = false;
    this.#foldDue = false;
    this.#parts.onQuiet();
  }

  readonly #onUpdate = (update: Uint8Array, origin: unknown, _document: unknown, { changed }: Y.Transaction): void => {
    if (origin === FROM_LOG) return;
    if (origin !== RELAYED) this.#append(update, origin);
    const meta = this.document.share.get(META_ROOT);
    if (meta !== undefined && changed.has(meta) && readTitle(this.document) !== this.#title) this.#copyTitle();
  };

  #append(update: Uint8Array, origin: unknown): void {
    this.#tail.rows += 1;
    this.#tail.bytes += update.length;
    this.#parts.writer.append(this.handle, update, this.#parts.authorOf(origin));
    if (!this.#foldDue && shouldCompact(this.#tail, this.#snapshotBytes, false)) {
      this.#foldDue = true;
      this.#parts.writer.afterCommit(this.handle, () => void this.compact(false));
    }
  }

  /** One copy at a time, after the commit that made the row; whatever the title has become by then is written. */
  #copyTitle(): void {
    if (this.#copyingTitle) return;
    this.#copyingTitle = true;
    this.#parts.writer.afterCommit(this.handle, async () => {
      const title = readTitle(this.document);
      try {
        await this.#parts.store.setTitle(this.handle, title);
        this.#title = title;
      } catch (error) {
        this.#parts.onError('copying the title', error);
      } finally {
        this.#copyingTitle = false;
      }
      if (!this.#gone && this.#title === title && readTitle(this.document) !== title) this.#copyTitle();
      else this.#parts.onQuiet();
    });
  }
}

/** A function of its own: a closure beside those that live as long as the document would keep the snapshot as long. */
function fill(document: Room, { snapshot, updates }: LoadedDocument): void {
  document.transact(() => {
    if (snapshot !== null) Y.applyUpdate(document, snapshot, FROM_LOG);
    for (const update of updates) Y.applyUpdate(document, update, FROM_LOG);
  }, FROM_LOG);
}

function grew(before: Uint8Array | null | undefined, after: Uint8Array | null | undefined): boolean {
  if (after === null || after === undefined || after === before) return false;
  return before === null || before === undefined || before.length !== after.length || before.some((byte, at) => byte !== after[at]);
}
