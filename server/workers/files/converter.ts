import type { ContentNode, Warn } from '../../../document/content.ts';
import type { ExportedAs } from '../../ports/conversions.ts';
import type { FindPicture } from './pictures.ts';

/** Who made a change, by the id of its mark, and when (RFC 3339). */
export type ChangedBy = (id: unknown) => { readonly author: string; readonly date: string };

/** A document that is to be written down. */
export interface Source {
  /** All of it, as one Yjs update (format V1), made anew on each call. */
  readonly state: () => Uint8Array;
  readonly title: string;
  /** What the state holds as ProseMirror JSON, read anew on each call; it may hold what the schema does not know. */
  readonly content: () => ContentNode;
  readonly picture: FindPicture;
  /** Who made the changes that are marked; of suggestions nothing is known. */
  readonly changedBy?: ChangedBy | undefined;
  readonly as: ExportedAs;
}

/** A document as the bytes of a file. */
export type Export = (source: Source, warn: Warn) => Uint8Array | Promise<Uint8Array>;

/** A file's bytes as content of the schema, and the title it carries. Throws `bad-content`. */
export type Import = (file: Uint8Array, warn: Warn) => ImportedContent | Promise<ImportedContent>;

export interface ImportedContent {
  readonly content: ContentNode;
  readonly title: string | null;
}
