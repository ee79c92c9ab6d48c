import type { NamedVersion } from '../../persistence/version-name-store.ts';

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

/** A session with the names that versions of it have. */
export interface NamedSession extends Session {
  readonly names: readonly NamedVersion[];
}

/** Who wrote in a document. */
export interface Author {
  readonly author: string | null;
  readonly edits: number;
  readonly firstAt: number;
  readonly lastAt: number;
}

/** A document as it was. */
export interface PastState {
  readonly version: number;
  /** When it was committed, milliseconds since 1970. */
  readonly at: number;
  /** Who made the update that led to it. */
  readonly author: string | null;
  /** Yjs updates (format V1) that make it up, in the order of the log. */
  readonly updates: readonly Uint8Array[];
}

/** What has been in documents: their logs, read. All throw `document-not-found`. */
export interface History {
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
  /** A version, or the last one at a time (milliseconds since 1970). Throws `version-not-found`. */
  past(documentName: string, which: { readonly version: number } | { readonly at: number }): Promise<PastState>;
}
