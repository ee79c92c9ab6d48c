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
  /** Committed bytes: the snapshot, and the updates after it. */
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
  /** Which life of the name: it grows with each delete, and an append of an earlier one is refused. */
  epoch: number;
  /** The document's version: `seq` of the last committed update as far as this process knows it. */
  head: number;
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
  /** Client ids of the earlier lives of the name: nothing written under one may be taken. */
  readonly retiredClientIds: ReadonlySet<number>;
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

/** The fate of one append. */
export type AppendResult =
  /** Its place in the log. One that the handle's head had reached says that the log has fallen back. */
  | { readonly status: 'committed'; readonly seq: number }
  /** The document was deleted meanwhile. */
  | { readonly status: 'deleted' }
  /** The log has fallen back to before the document, or this life of it. */
  | { readonly status: 'missing' };

/** One update as the log or history holds it. */
export interface LoggedUpdate {
  readonly seq: number;
  /** Who made it, `null` when unknown. */
  readonly author: string | null;
  /** When it was committed, milliseconds since 1970. */
  readonly at: number;
  /** A Yjs update, format V1. */
  readonly data: Uint8Array;
}

/** Where the log of a document stands: its head, or what the handle's append would be told. */
export type LogHead = number | 'deleted' | 'missing';

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
  /** What the name or the title must contain, case folded. */
  readonly search?: string | undefined;
  /** The names that are wanted, and the prefixes of names (each ends in "/"); all documents without it. */
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

/** Merges a snapshot and updates into one snapshot; deterministic, pure. */
export type MergeUpdates = (snapshot: Uint8Array | null, updates: readonly Uint8Array[]) => Uint8Array | Promise<Uint8Array>;

/** Outcome of a compaction: how many updates, or `null` when there was nothing to do or another process was first. */
export type Compaction = { readonly compacted: number; readonly snapshotSeq: number; readonly snapshotBytes: number } | null;

export interface DocumentStore {
  /**
   * Creates a document, committed on return, with `update` as its first update when given, written
   * under the server's own client id `clientId`.
   * Throws `document-exists`. A name that was deleted may be created again, under a new epoch.
   */
  create(name: string, options?: CreateOptions): Promise<{ readonly info: DocumentInfo; readonly handle: DocumentHandle }>;
  /** The document's facts, or `null` when there is none (or it was deleted). */
  info(name: string): Promise<DocumentInfo | null>;
  /** Pages of documents, most recently updated first. */
  list(options: ListOptions): Promise<Page<DocumentInfo>>;
  /** True when there was one to delete. Its content is gone, its epoch raised, and its client ids are retired ([D12]). */
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
  /**
   * The updates with a larger `seq`, in order, from history and the log as one list: at most `limit` (10,000),
   * or those of one chunk of history when that holds more. Empty at the end, and for a handle of a deleted document.
   */
  updatesAfter(handle: DocumentHandle, seq: number, limit?: number): Promise<LoggedUpdate[]>;
  /** The version of the document schema that a document asks for; 1 for a handle of a deleted document, and of one that was never written. */
  schemaVersion(handle: DocumentHandle): Promise<number>;
  /**
   * Commits client ids as those of `sub`, which is empty for the server, where nobody has them, and returns whose each is then: of several
   * nodes that claim one id at the same moment one wins. A handle without an `id` gets its row here. Nothing for a handle of a deleted document.
   */
  claimClientIds(handle: DocumentHandle, clientIds: readonly number[], sub: string): Promise<ReadonlyMap<number, string>>;
  /** Where the logs of these handles stand, in their order. */
  heads(handles: readonly DocumentHandle[]): Promise<LogHead[]>;
  /**
   * After a log has fallen back: gives the document its row back under the handle's epoch, fills in the handle
   * from it and returns what the log holds. Throws `document-deleted` when the name is in a later life.
   */
  reclaim(handle: DocumentHandle): Promise<LoadedDocument>;
  /** Copies the shared title for lists. A handle of a deleted document changes nothing. */
  setTitle(handle: DocumentHandle, title: string): Promise<void>;
  /** Commits that the content is of this version of the document schema, or of a later one if it was. A handle of a deleted document changes nothing. */
  raiseSchemaVersion(handle: DocumentHandle, version: number): Promise<void>;
  /**
   * Merges every committed update into the snapshot in one transaction, and packs those updates into
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
