/**
 * The port between the server and wherever pictures and files live. Its contract is the suite in
 * `persistence/testing/asset-contract.ts`, which every implementation must pass.
 */

/** A picture or file as it is kept: once, whatever documents it is in. */
export interface Asset {
  /** SHA-256 of the bytes, 64 digits of lower-case hex. */
  readonly hash: string;
  /** What the bytes are, as far as they tell. */
  readonly mediaType: string;
  /** Bytes. */
  readonly size: number;
}

/** An asset as a document has it. */
export interface DocumentAsset extends Asset {
  readonly documentName: string;
  /** What it was called where it came from. */
  readonly fileName: string;
}

/** What bytes are known to be once they have all come. */
export interface FinishedUpload extends DocumentAsset {
  /** Who uploaded it, `null` when unknown. */
  readonly author: string | null;
  /** Most bytes that all assets of the document may have. */
  readonly maxDocumentBytes: number;
}

/** What became of an upload. */
export type UploadResult =
  /** Committed: the document has it. */
  | 'stored'
  /** The document was deleted. */
  | 'deleted'
  /** The document would have more bytes than it may. */
  | 'full'
  /** Bytes of it are not there any more; it may be tried again. */
  | 'lost';

/** Bytes on their way in, which belong to no document yet. */
export interface AssetUpload {
  /** Takes further bytes; resolves when they are stored or may wait in memory, of which an upload takes a chunk's worth. */
  write(bytes: Uint8Array): Promise<void>;
  /** All bytes were written: makes them an asset of a document. Whatever becomes of it, the upload has ended. */
  finish(asset: FinishedUpload): Promise<UploadResult>;
  /** Forgets what was written. Safe to call at any time, and again. */
  abandon(): Promise<void>;
}

/** An asset that nothing needs. */
export interface UnneededAsset extends DocumentAsset {
  readonly uploadedAt: Date;
}

/** Where bytes may lie outside of the database. Everything rejects with `storage-unavailable` when it is away. */
export interface ObjectStore {
  /** Bytes of this length and SHA-256 (hex) under a key; what was there is replaced. */
  put(key: string, bytes: AsyncIterable<Uint8Array>, size: number, hash: string): Promise<void>;
  /** The bytes `from` to `to` (without it); nothing when there is no such object. */
  get(key: string, from: number, to: number): AsyncIterable<Uint8Array>;
  /** There may be none. */
  remove(key: string): Promise<void>;
}

/** What a collection removed, or would. */
export interface Collection {
  /** Assets that neither their document nor its history names. */
  readonly assets: readonly UnneededAsset[];
  /** Uploads that ended without a word, such as those of a server that died. */
  readonly uploads: number;
}

export interface CollectOptions {
  /** What is younger stays: its edit may be on the way. */
  readonly olderThan: Date;
  /** Look, and remove nothing. */
  readonly dryRun?: boolean | undefined;
  /** Ends it early, between two assets. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Where the pictures and files of documents are kept. Everything rejects with `database-unavailable` when it is away, and
 * `read` with `storage-unavailable` when only what it asks for is.
 */
export interface AssetStore {
  begin(): AssetUpload;
  /** `null` when the document has no such asset. */
  find(documentName: string, hash: string): Promise<DocumentAsset | null>;
  /** The bytes `from` to `to` (without it) of an asset; fewer when it is removed meanwhile. In pieces of a chunk at most. */
  read(hash: string, from: number, to: number): AsyncIterable<Uint8Array>;
  /**
   * Removes what is not needed: assets that no committed edit of their document names, be it in the log, the snapshot
   * or history, and uploads that were never finished. Any number of nodes may collect at once.
   */
  collect(options: CollectOptions): Promise<Collection>;
  /**
   * Moves bytes of assets out to the object store there is, until none is left here. Returns how many it moved. What is moved twice,
   * by two nodes or after one died, lies in the same place.
   */
  moveOut(signal?: AbortSignal): Promise<number>;
  /** Ends the connections. Safe to call twice. */
  close(): Promise<void>;
}
