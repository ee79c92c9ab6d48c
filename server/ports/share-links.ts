import type { ShareLink } from '../../persistence/access-store.ts';
import type { Role } from '../../protocol/role.ts';

/** Who comes by a share link. */
export interface LinkVisitor {
  /** What others see; "Guest" without one. */
  readonly name?: string | undefined;
  /** A token the visitor had by the same link: they stay who they were. */
  readonly previousToken?: string | undefined;
}

/** Links by which somebody without an account comes into one document. Times are in milliseconds since 1970. */
export interface ShareLinks {
  /** The secret is told this once; only its hash is kept. Throws `bad-request` for what cannot be shared. */
  create(link: {
    documentName: string;
    role: Role;
    expiresAt: number | null;
    createdBy: string;
  }): Promise<{ link: ShareLink; secret: string }>;
  /** Those of a document that are not revoked, youngest first; expired ones, which may be prolonged, are among them. */
  list(documentName: string): Promise<ShareLink[]>;
  /** `null` when there is none, or it was revoked. */
  find(id: string): Promise<ShareLink | null>;
  /** Tokens issued for the link are revoked, so that open sessions ask for one with the other role. Throws `share-link-gone`. */
  change(id: string, to: { role?: Role; expiresAt?: number | null }): Promise<ShareLink>;
  /** False when there was none to revoke. */
  revoke(id: string): Promise<boolean>;
  /** A token for a visitor. Throws `share-link-gone`. */
  redeem(secret: string, visitor?: LinkVisitor): Promise<{ token: string; documentName: string; role: Role; expiresAt: number }>;
}
