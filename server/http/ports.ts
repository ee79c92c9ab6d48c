import type * as Y from 'yjs';
import type { ContentNode } from '../../document/content.ts';
import type { DocumentInfo, ListOptions, Page } from '../../persistence/document-store.ts';

/** What the HTTP API needs of the rest of the server; `app.ts` hands it in. */
export interface Documents {
  /** Creates a document, committed on return; `fill` writes its first content. Throws `document-exists`. */
  create(name: string, author: string | null, fill: (document: Y.Doc) => void): Promise<DocumentInfo>;
  info(name: string): Promise<DocumentInfo | null>;
  list(options: ListOptions): Promise<Page<DocumentInfo>>;
  /** Closes its sockets and forgets its content. False when there was none. */
  delete(name: string): Promise<boolean>;
  /**
   * Calls `read` with the live document and the head of its log, synchronously, and returns its result.
   * The document holds at least that version. Throws `document-not-found`. `read` must not change the document.
   */
  read<T>(name: string, read: (document: Y.Doc, version: number) => T): Promise<T>;
  /**
   * Runs `edit` as one transaction on the live document; open editors see it at once. Resolves after
   * the commit, with the head of the log. Throws `document-not-found`, and `version-mismatch` when
   * `expectedVersion` is given and the head differs.
   */
  edit(name: string, author: string | null, edit: (document: Y.Doc) => void, expectedVersion?: number): Promise<{ version: number }>;
  /** How many people are in the document at this moment. */
  present(name: string): readonly { readonly name: string; readonly color: string }[];
}

/** Runs conversions away from the event loop, within a time limit (`conversion-timeout`). Throws `bad-content`. */
export interface Conversions {
  /** A Yjs state (format V1) of a document → the file's bytes, and sentences about what could not be said in the format. */
  toFormat(format: string, state: Uint8Array, title: string): Promise<{ body: Uint8Array; warnings: string[] }>;
  /** A file's bytes → ProseMirror JSON of the schema. */
  fromFormat(format: string, body: Uint8Array): Promise<{ content: ContentNode; title: string | null; warnings: string[] }>;
}

/** Health as `/readyz` reports it; each check is true when good. */
export type Readiness = () => Promise<{ readonly ready: boolean; readonly checks: Readonly<Record<string, boolean>> }>;

/** Whom the server answers; `app.ts` hands in the rules of the access subject. Headers as sent, `undefined` when absent. */
export interface Admission {
  hostAllowed(host: string | undefined): boolean;
  originAllowed(origin: string | undefined): boolean;
}

/** Where failures are written (pino's shape). Never given the content of a document. */
export interface Log {
  error(fields: Record<string, unknown>, message: string): void;
}
