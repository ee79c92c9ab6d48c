import type { DocumentAsset } from '../../persistence/assets/asset-store.ts';

/** A file on its way in. */
export interface IncomingFile {
  /** As the sender calls it. */
  readonly fileName: string;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** What a file is stored with. */
export interface NewAsset {
  readonly documentName: string;
  /** Begins to read the file, once it is its turn. */
  readonly open: () => Promise<IncomingFile>;
  /** Whom the document's log would name, `null` for a guest. */
  readonly author: string | null;
  /** Whose turn it is counted as: one user's uploads wait for each other before those of others do. */
  readonly user: string;
  /** Throws when the sender may not do this any more; asked before anything is kept. */
  readonly stillAllowed: () => void;
}

/** The pictures and files of documents, as the HTTP part uses them. */
export interface Assets {
  /** The largest file that is taken, bytes. */
  readonly maxBytes: number;
  /**
   * Reads a file to its end and commits it as an asset of the document. Throws `body-too-large` as soon as too much has
   * come, `unsupported-media-type` for what is not taken, `document-too-large`, `document-deleted` and `overloaded`.
   */
  store(asset: NewAsset): Promise<DocumentAsset>;
  /** `null` when the document has no such asset. */
  find(documentName: string, hash: string): Promise<DocumentAsset | null>;
  /** The bytes `from` to `to` (without it), piece by piece as they are asked for. */
  read(hash: string, from: number, to: number): AsyncIterable<Uint8Array>;
}
