import type { IncomingMessage } from 'node:http';
import type * as Y from 'yjs';
import type { ContentNode } from '../../document/content.ts';
import type { ShareLink } from '../../persistence/access-store.ts';
import type { DocumentInfo, ListOptions, Page } from '../../persistence/document-store.ts';
import type { ErrorCode, InkwireError } from '../../protocol/errors.ts';
import type { AccessPatterns, Identity } from '../../protocol/identity.ts';
import type { Role } from '../../protocol/role.ts';

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

/**
 * Whom the server answers; `app.ts` hands in the rules of the edge. Headers as sent, `undefined` when
 * absent; `incoming` is the request as Node has it, `undefined` for one made in process.
 */
export interface Admission {
  hostAllowed(host: string | undefined, incoming?: IncomingMessage): boolean;
  originAllowed(origin: string | undefined, incoming?: IncomingMessage): boolean;
  /** Origins that may use this server beside its own; they may frame `/embed`. */
  readonly origins: readonly string[];
  /** The address of the client: the other end of the connection, or who a trusted proxy says it serves. */
  addressOf(incoming: IncomingMessage | undefined): string;
  /** Whether the request came by TLS, here or to a trusted proxy. */
  isSecure(incoming: IncomingMessage | undefined): boolean;
  /**
   * Counts a request; a refusal when that is too many. Called first with `null`, which counts for the
   * address, and once the token is known with its identity, which counts for that alone.
   */
  request(address: string, identity: Identity | null): InkwireError | null;
  /** Counts a try with a token or a share link's secret that is not valid. A code when that is too many. */
  badToken(address: string): ErrorCode | null;
  /** A request of this address met a refusal: it is counted, and written to the log. */
  refused(code: ErrorCode, address: string): void;
}

/** Who may do what; `app.ts` hands in the access subject. */
export interface Access {
  /** `open`: no tokens are configured, everyone is a guest who may do all. */
  readonly mode: 'open' | 'tokens';
  /** Who a token speaks for. Throws `sign-in-required` (for ''), `token-invalid`, `token-expired`, `token-revoked`; in open mode nothing. */
  identify(token: string): Promise<Identity>;
  /** Whether the token behind this identity was revoked since; from memory. */
  isRevoked(identity: Identity): boolean;
  /** Makes a token. `expiresAt` in milliseconds since 1970. */
  mint(claims: { sub: string; name: string; access: AccessPatterns; expiresInSeconds: number }): Promise<{
    token: string;
    tokenId: string;
    expiresAt: number;
  }>;
  /** Invalidates a token, or all tokens of a `sub` that were issued until this moment. */
  revoke(what: { tokenId: string } | { sub: string }): Promise<void>;
  readonly shareLinks: ShareLinks;
}

/** Times are in milliseconds since 1970. */
export interface ShareLinks {
  /** `secret` is told this once. Throws `bad-request` for a name or role that cannot be shared. */
  create(link: {
    documentName: string;
    role: Role;
    expiresAt: number | null;
    createdBy: string;
  }): Promise<{ link: ShareLink; secret: string }>;
  /** The links of a document that are not revoked, expired ones included. */
  list(documentName: string): Promise<ShareLink[]>;
  find(id: string): Promise<ShareLink | null>;
  change(id: string, to: { role?: Role; expiresAt?: number | null }): Promise<ShareLink>;
  /** False when there was none to revoke. */
  revoke(id: string): Promise<boolean>;
  /** A token for a visitor, who stays the same person with the token they had before. */
  redeem(
    secret: string,
    visitor: { name?: string; previousToken?: string },
  ): Promise<{ token: string; documentName: string; role: Role; expiresAt: number }>;
}

/** Where failures are written (pino's shape). Never given the content of a document. */
export interface Log {
  error(fields: Record<string, unknown>, message: string): void;
}
