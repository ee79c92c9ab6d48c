import type * as Y from 'yjs';
import type { DocumentInfo, ListOptions, LoggedUpdate, Page } from '../../persistence/document-store.ts';

/** What was written away from the document, such as in a thread. */
export interface Written {
  /** A Yjs update (format V1); `null` when there is nothing to write. */
  readonly update: Uint8Array | null;
  /** The client id it is written under, which is nobody's yet. */
  readonly clientId: number;
}

/** A document as bytes. */
export interface DocumentState {
  /** Yjs updates (format V1) that make it up, to be applied in any order. They may stand in memory that threads share. */
  readonly updates: readonly Uint8Array[];
  readonly title: string;
  /** A version that it holds. */
  readonly version: number;
  /** Names this state: the same key is the same content. `null` while it holds what is not committed yet. */
  readonly key: string | null;
}

/** Who writes without a connection, as people in the document see them. */
export interface Script {
  readonly sub: string;
  readonly name: string;
}

/** The documents as the server's own parts use them. All refuse what is no document's name with `bad-name`. */
export interface Documents {
  /** Creates a document, committed on return, with what was written elsewhere or is written by a function. Throws `document-exists`. */
  create(
    name: string,
    author: string | null,
    content: (Written & { readonly title: string }) | ((document: Y.Doc) => void),
  ): Promise<DocumentInfo>;
  /** What is known of a document; `null` when there is none. */
  info(name: string): Promise<DocumentInfo | null>;
  list(options: ListOptions): Promise<Page<DocumentInfo>>;
  /** Closes its connections and forgets its content. False when there was none. */
  delete(name: string): Promise<boolean>;
  /**
   * Runs `edit` as one transaction on the document in memory; open editors see it at once. Resolves
   * after the commit, with the head of the log. Throws `document-not-found`, and `version-mismatch` when
   * `expectedVersion` is given and the head differs.
   */
  edit(name: string, author: string | null, edit: (document: Y.Doc) => void, expectedVersion?: number): Promise<{ version: number }>;
  /** The document with all that was acknowledged by now, which nobody waits for. Throws `document-not-found`. */
  state(name: string): Promise<DocumentState>;
  /**
   * Writes what `write` makes of the document's state; what others write meanwhile stays, as if both had been written at once. People in the
   * document see `script` among them, while it works and for some seconds after. Resolves and throws as `edit` does.
   */
  rewrite(
    name: string,
    author: string | null,
    write: (state: readonly Uint8Array[]) => Promise<Written>,
    expectedVersion?: number,
    script?: Script,
  ): Promise<{ version: number }>;
  /** Every update of its log, in order. Throws `document-not-found`. */
  log(name: string): Promise<LoggedUpdate[]>;
  /** Who is in the document at this moment, as they call themselves, on this process. */
  present(name: string): readonly { readonly name: string; readonly color: string }[];
}
