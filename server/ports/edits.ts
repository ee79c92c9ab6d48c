import type { Span } from '../../document/edits/made-edits.ts';
import type { Change, Operation } from '../../document/edits/operations.ts';
import type { Asker } from './conversions.ts';

/** What somebody asks to be done to a document. */
export interface EditRequest {
  readonly documentName: string;
  /** The operations, the id of the edit that is to be taken back, the version whose content is to come back, or what is to be taken back of a span. */
  readonly what: readonly Operation[] | { readonly undo: string } | { readonly restore: number } | { readonly undoSpan: Span };
  readonly author: string | null;
  /** Who asks: keys of different people are different keys, and people in the document see the name. */
  readonly sub: string;
  readonly name: string;
  /** The `Idempotency-Key`. */
  readonly key: string | undefined;
  /** The version that the document must have. */
  readonly expectedVersion: number | undefined;
  readonly asker: Asker;
  /** Throws when they may not do it any more. */
  readonly stillAllowed: () => void;
}

/** What has been done. */
export interface EditAnswer {
  /** Names the edit, for `undo`; `null` when nothing was to be changed, or nothing was meant to be. */
  readonly id: string | null;
  /** Head of the log after the commit. */
  readonly version: number;
  readonly changes: readonly Change[];
  /** Sentences about what could not be done as it was said. */
  readonly warnings: readonly string[];
}

/** Edits of documents that people are in. */
export interface Edits {
  /**
   * Makes an edit, all of it or nothing; resolves after its commit. With a key that was used for it, resolves with what was answered then. Throws
   * `edit-refused`, `edit-not-found`, `edit-in-progress`, `key-reused`, and as `Documents.rewrite` and `Conversions.makeEdit` do.
   */
  make(request: EditRequest): Promise<EditAnswer>;
  /** What an edit would do. Throws as `make` does. */
  preview(request: EditRequest): Promise<EditAnswer>;
  /** Notes that a file was put in the place of the content, for the history. */
  noteImport(
    edit: { readonly documentName: string; readonly author: string | null; readonly clientId: number },
    version: number,
  ): Promise<void>;
}
