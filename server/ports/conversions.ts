import type { AssetAddresses } from '../../document/asset-addresses.ts';
import type { ContentNode } from '../../document/content.ts';

/** A document as a file. */
export interface Exported {
  readonly body: Uint8Array;
  /** Sentences about what the format could not say. */
  readonly warnings: string[];
}

/** A file as a document. */
export interface Imported {
  readonly content: ContentNode;
  /** The title that the file carries; `null` when it carries none. */
  readonly title: string | null;
  /** Sentences about what could not be kept as it was. */
  readonly warnings: string[];
}

/** Conversions between documents and files. All throw `unknown-format`, `content-too-complex`, `conversion-timeout`, `overloaded`, `shutting-down`. */
export interface Conversions {
  /** A Yjs state (format V1) → a file of the format, which names pictures as the document does unless `addresses` says otherwise. */
  toFormat(format: string, state: Uint8Array, title: string, addresses?: AssetAddresses): Promise<Exported>;
  /** A file → content of the schema. Throws `bad-content` beside these. */
  fromFormat(format: string, file: Uint8Array): Promise<Imported>;
}
