import type { Contribution, Difference } from '../../document/differences/difference.ts';
import type { EditMark, Span } from '../../document/edits/made-edits.ts';
import type { Change } from '../../document/edits/operations.ts';
import type { MadeEdit as MadeOverHttp } from '../../persistence/history-store.ts';
import type { NamedVersion } from '../../persistence/version-name-store.ts';
import type { Asker, MadeEdit } from './conversions.ts';

/** A stretch of writing, as the timeline of a document shows it. Times are milliseconds since 1970. */
export interface Session {
  /** The first and the last version of it. */
  readonly from: number;
  readonly version: number;
  readonly startedAt: number;
  readonly endedAt: number;
  /** Each who wrote in it, who wrote most first; `null` for who is not known. */
  readonly authors: readonly { readonly author: string | null; readonly edits: number }[];
}

/** A session with the names that versions of it have, and what was done in it over HTTP. */
export interface NamedSession extends Session {
  readonly names: readonly NamedVersion[];
  readonly edits: readonly MadeOverHttp[];
}

/** Who wrote in a document. */
export interface Author {
  readonly author: string | null;
  readonly edits: number;
  readonly firstAt: number;
  readonly lastAt: number;
}

/** A version by its number, or the last one at a time (milliseconds since 1970). */
export type Asked = { readonly version: number } | { readonly at: number };

/** A document as it was. */
export interface PastState {
  readonly version: number;
  /** When it was committed, milliseconds since 1970. */
  readonly at: number;
  /** Who made the update that led to it. */
  readonly author: string | null;
  /** A Yjs update (format V1), in memory that threads share. */
  readonly state: Uint8Array;
}

/** What became of a document from one version to another. */
export interface DifferenceOfVersions {
  readonly from: number;
  readonly to: number;
  readonly title: Difference['title'];
  /** Of the outermost blocks. */
  readonly changes: readonly Change[];
  /** Both versions in one, as `mergedContent` describes it; `null` from a later version to an earlier one. */
  readonly content: Difference['content'] | null;
  /** Who did what of it; the `id` of a mark in `content` is a place in it. */
  readonly contributions: readonly (Omit<Contribution, 'firstAt' | 'lastAt'> & {
    /** What their token called the author last. */
    readonly name: string | null;
    /** RFC 3339. */
    readonly firstAt: string;
    readonly lastAt: string;
  })[];
}

/** What is read of history, away from the event loop. All throw `document-not-found`, and what a conversion that was given up does. */
export interface HistoryReader {
  /** Throws `version-not-found`. */
  past(documentName: string, asked: Asked, asker?: Asker): Promise<PastState>;
  /**
   * What became of a document from one version to another, a `DifferenceOfVersions` as JSON: it may be megabytes, which the event loop has no
   * business to look into. Version 0 is the document before anything was written. Without `blocks` it has no `changes`, which take longer than all
   * the rest. Throws `version-not-found`.
   */
  difference(
    documentName: string,
    which: { readonly from: number; readonly to: number; readonly blocks: boolean },
    asker?: Asker,
  ): Promise<Uint8Array>;
  /** What takes back what was written in a span, under the mark's client id. Throws `version-not-found`, `edit-refused`. */
  undoSpan(documentName: string, span: Span, mark: EditMark, asker?: Asker): Promise<MadeEdit>;
}

/** What has been in documents: their logs, read. All throw as `HistoryReader` does. */
export interface History extends HistoryReader {
  /** Sessions that end before a version, the last ones first. */
  sessions(
    documentName: string,
    options: { readonly before: number | undefined; readonly limit: number },
  ): Promise<{ sessions: NamedSession[]; next: number | null }>;
  authors(documentName: string): Promise<Author[]>;
  /** Gives a version a name, the last one without a number. Throws `version-not-found`, `bad-request` for one name too many. */
  nameVersion(
    documentName: string,
    named: { readonly version: number | null; readonly name: string; readonly by: string | null },
  ): Promise<NamedVersion>;
  /** Takes a name away; the version stays. False when there is no such name. */
  removeName(documentName: string, id: string): Promise<boolean>;
  /** How authors are shown: what their tokens called them last, and those who were forgotten by a number. */
  shownAuthors(subs: readonly (string | null)[]): Promise<(sub: string | null) => ShownAuthor>;
  /** Forgets what somebody is called. Their edits stay, and are shown as those of a number. */
  forgetPerson(sub: string): Promise<ShownAuthor>;
}

/** An author as histories show them: by their `sub`, and a name where one is known. */
export interface ShownAuthor {
  readonly author: string | null;
  readonly name: string | null;
}
