import type { z } from 'zod';
import type { AssetView } from '../assets.ts';
import type { DocumentView } from '../document-view.ts';
import type { CreatedDocument as CreatedDocumentView } from '../documents.ts';
import type { Blocks as BlocksView, Change as ChangeView, EditMade as EditMadeView, OperationBody } from '../edits.ts';
import type { Contribution as ContributionView, Difference as DifferenceView } from '../version.ts';
import type { Author as AuthorView, NamedVersion as NamedVersionView, Version as VersionView } from '../versions.ts';

// What the API answers and takes, by the schemas that the server validates with.

/** A document as it is listed and read. */
export type Document = z.infer<typeof DocumentView>;
/** A document that was made, and what of its file could not be kept. */
export type CreatedDocument = z.infer<typeof CreatedDocumentView>;
/** A picture or file of a document. */
export type Asset = z.infer<typeof AssetView>;
/** One thing to do to a document; see docs/api.md. */
export type Operation = z.infer<typeof OperationBody>;
/** What an edit has done. */
export type EditMade = z.infer<typeof EditMadeView>;
/** What has become of an outermost block, or of the title. */
export type Change = z.infer<typeof ChangeView>;

export type Difference = z.infer<typeof DifferenceView>;

export type Contribution = z.infer<typeof ContributionView>;
/** A document as blocks. */
export type Blocks = z.infer<typeof BlocksView>;

/** A stretch of writing in a document's history. */
export type Version = z.infer<typeof VersionView>;
/** A version that somebody gave a name. */
export type NamedVersion = z.infer<typeof NamedVersionView>;
/** Who wrote in a document. */
export type Author = z.infer<typeof AuthorView>;

/** Something has changed in a document that is followed. */
export interface ChangeEvent {
  /** The version it led to. */
  readonly version: number;
  /** Who made the last edit of it; `null` when unknown. */
  readonly updatedBy: string | null;
  readonly changes: readonly Change[];
}

/** How a document is exported; what each format makes of these is in docs/formats.md. */
export interface ExportOptions {
  readonly assets?: 'inline' | 'link';
  readonly root?: string;
  readonly fragment?: boolean;
  readonly suggestions?: 'keep' | 'accept' | 'reject';
  readonly paper?: 'a3' | 'a4' | 'a5' | 'letter' | 'legal';
  /** mm */
  readonly margin?: number;
  readonly signal?: AbortSignal;
}

export interface EditOptions {
  /** Refuse when the document has changed since this version. */
  readonly ifVersion?: number;
  /** Names the edit among yours of this document for 24 hours: sent again it is not made again. */
  readonly idempotencyKey?: string;
  /** Say what would change, and change nothing. */
  readonly dryRun?: boolean;
  readonly signal?: AbortSignal;
}
