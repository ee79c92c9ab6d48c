import type * as Y from 'yjs';
import type { DocumentInfo, ListOptions, Page } from '../../persistence/document-store.ts';

/** The documents as the server's own parts use them. All refuse what is no document's name with `bad-name`. */
export interface Documents {
  /** Creates a document, committed on return; `fill` writes its first content. Throws `document-exists`. */
  create(name: string, author: string | null, fill: (document: Y.Doc) => void): Promise<DocumentInfo>;
  /** What is known of a document; `null` when there is none. */
  info(name: string): Promise<DocumentInfo | null>;
  list(options: ListOptions): Promise<Page<DocumentInfo>>;
  /** Closes its connections and forgets its content. False when there was none. */
  delete(name: string): Promise<boolean>;
  /**
   * Calls `read` with the document as it is in memory and the head of its log, synchronously, and
   * returns its result. The document holds at least that version. Throws `document-not-found`. `read`
   * must not change the document.
   */
  read<T>(name: string, read: (document: Y.Doc, version: number) => T): Promise<T>;
  /**
   * Runs `edit` as one transaction on the document in memory; open editors see it at once. Resolves
   * after the commit, with the head of the log. Throws `document-not-found`, and `version-mismatch` when
   * `expectedVersion` is given and the head differs.
   */
  edit(name: string, author: string | null, edit: (document: Y.Doc) => void, expectedVersion?: number): Promise<{ version: number }>;
  /** Who is in the document at this moment, as they call themselves, on this process. */
  present(name: string): readonly { readonly name: string; readonly color: string }[];
}
