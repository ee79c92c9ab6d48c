/**
 * The port between the live path and wherever documents live. Its contract is the suite in
 * `testing/contract.ts`, which every implementation must pass.
 */

/** What lists and `GET /api/documents/{name}` show. */
export interface DocumentInfo {
  readonly name: string;
  /** The shared title as last copied from the document; '' when it has none. */
  readonly title: string;
  /** Head of the log: the `seq` of the last committed update, 0 when nothing was written. */
  readonly version: number;
  /** Committed bytes: the snapshot, and the updates not yet folded into it. */
  readonly snapshotBytes: number;
  readonly logBytes: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** Author of the last update, `null` when unknown. */
  readonly updatedBy: string | null;
}

/**
 * One document as a process holds it open. `id` is `null` until the first append creates the row
 * (looking at a document leaves nothing behind); the store fills it in.
 */
export interface DocumentHandle {
  readonly name: string;
  id: string | null;
  /** Grows with each delete; an append that carries an older one is stale. */
  epoch: number;
  /**
   * Yjs client ids claimed in this process and not committed yet, with their owners' `sub`: the next
   * append of the document commits them with its updates, and takes them out of here. One that was
   * claimed first by somebody else stays theirs; the next load tells.
   */
  claimed?: Map<number, string>;
}

/** What a load returns: the snapshot and every committed update after it, in order. */
export interface LoadedDocument {
  readonly handle: DocumentHandle;
  readonly snapshot: Uint8Array | null;
  /** The last `seq` the snapshot contains; 0 without one. */
  readonly snapshotSeq: number;
  readonly updates: readonly Uint8Array[];
  /** `seq` of the last committed update. */
  readonly head: number;
  /** Version of the document schema the content was written under; 1 when nobody said. */
  readonly schemaVersion: number;
  /** Whose each Yjs client id is: the owner's `sub`, empty for the server's own. Ids that nobody claimed are not in it. */
  readonly clientIds: ReadonlyMap<number, string>;
  /**
   * Present when the stored snapshot was damaged: a sentence for the log. The snapshot is left out
   * then, and `updates` are all there ever were.
   */
  readonly damage?: string;
}

/** One update to append. Entries of one document commit in the order given. */
export interface Append {
  readonly handle: DocumentHandle;
  /** A Yjs update, format V1. */
  readonly update: Uint8Array;
  /** Who made it, `null` when unknown. */
  readonly author: string | null;
}

/** The fate of one append: its place in the log, or `stale` when the document was deleted meanwhile. */
export type AppendResult = { readonly status: 'committed'; readonly seq: number } | { readonly status: 'stale' };

/** A page of a list; `next` is the cursor of the following page, `null` at the end. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

export interface ListOptions {
  /** Opaque, from a previous page's `next`; a damaged one throws `bad-request`. */
  readonly cursor?: string | undefined;
  /** 1–200. */
  readonly limit: number;
  /** Only documents whose name or title contains this, case folded. */
  readonly search?: string | undefined;
  /** Only documents with one of these names, or whose name begins with one of these prefixes (each ends in "/"); all without it. */
  readonly within?: { readonly names: readonly string[]; readonly prefixes: readonly string[] } | undefined;
}

/** What a document is created with. */
export interface CreateOptions {
  readonly title?: string;
  /** A Yjs update, format V1. */
  readonly update?: Uint8Array;
  /** Who made it, `null` when unknown. */
  readonly author?: string | null;
  /** The client id it was written under, which belongs to the server from then on. */
  readonly clientId?: number;
}

/** Folds a snapshot and updates into one snapshot; deterministic, pure. */
export type MergeUpdates = (snapshot: Uint8Array | null, updates: readonly Uint8Array[]) => Uint8Array | Promise<Uint8Array>;

/** Outcome of a compaction: what was folded, or `null` when there was nothing to do or another process was first. */
export type Compaction = { readonly folded: number; readonly snapshotSeq: number; readonly snapshotBytes: number } | null;

export interface DocumentStore {
  /**
   * Creates a document, committed on return, with `update` as its first update when given, written
   * under the server's own client id `clientId`.
   * Throws `document-exists`. A name that was deleted may be created again, under a new epoch.
   */
  create(name: string, options?: CreateOptions): Promise<DocumentInfo>;
  /** The document's facts, or `null` when there is none (or it was deleted). */
  info(name: string): Promise<DocumentInfo | null>;
  /** Pages of documents, most recently updated first. */
  list(options: ListOptions): Promise<Page<DocumentInfo>>;
  /** True when there was one to delete. Its content is gone and its epoch raised. */
  delete(name: string): Promise<boolean>;
  /**
   * Everything needed to open the document, from one consistent read. A name that has never existed
   * opens empty; one that was deleted throws `document-deleted`. A damaged snapshot is replaced by the
   * updates it was made of, for this reader only; `internal` is thrown when history lacks some.
   */
  load(name: string): Promise<LoadedDocument>;
  /**
   * Commits all entries in one transaction and returns their fates in the same order. Gapless `seq`
   * per document, whose order is commit order on any number of nodes. A handle without an `id` gets
   * its row here, and the client ids it has claimed are committed with it. Rejects as a whole when the database refuses: then nothing was committed, or the
   * connection died and it is unknown (a Yjs update may safely be appended again).
   */
  append(entries: readonly Append[]): Promise<AppendResult[]>;
  /** Copies the shared title for lists. A stale handle changes nothing. */
  setTitle(handle: DocumentHandle, title: string): Promise<void>;
  /** Commits that the content is of this version of the document schema, or of a later one if it was. A stale handle changes nothing. */
  raiseSchemaVersion(handle: DocumentHandle, version: number): Promise<void>;
  /**
   * Folds every committed update into the snapshot in one transaction, and packs the folded rows into
   * history. A damaged snapshot is made anew from history.
   */
  compact(handle: DocumentHandle, merge: MergeUpdates): Promise<Compaction>;
  /** Number of documents that are not deleted. */
  count(): Promise<number>;
  /** Resolves when the database answers; rejects otherwise. For `/readyz`. */
  ping(): Promise<void>;
  /** Ends the connections. Safe to call twice. */
  close(): Promise<void>;
}
