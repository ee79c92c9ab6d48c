import type { AccessPatterns, Identity } from '../../protocol/identity.ts';
import type { ShareLinks } from './share-links.ts';

/** What a token is minted with. */
export interface NewClaims {
  readonly sub: string;
  readonly name: string;
  readonly access: AccessPatterns;
  readonly expiresInSeconds: number;
  /** The id of the share link it is issued for. */
  readonly shareLink?: string | undefined;
}

/** A token that was minted. */
export interface MintedToken {
  readonly token: string;
  /** Its `jti`. */
  readonly tokenId: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** Who may come in, and as whom. What they may do then is decided by protocol/permissions.ts. */
export interface Access {
  /** `open`: no secret and no JWKS URL; everyone is a guest who may do all. */
  readonly mode: 'open' | 'tokens';
  /**
   * Who a token speaks for. Throws `sign-in-required` for '', `token-invalid`, `token-expired`,
   * `token-revoked`, and `keys-unavailable`, after which the same token may be good. In open mode
   * everyone is a guest, and nothing is thrown.
   */
  identify(token: string): Promise<Identity>;
  /** Whether the token behind this identity was revoked since; from memory. */
  isRevoked(identity: Identity): boolean;
  /** Calls `listener` when revocations were added, here at once, from other nodes within a second; returns how to stop it. */
  onRevocation(listener: () => void): () => void;
  /** Makes a token, signed with the first secret. Throws `secret-required`, and `bad-request` for claims no token may have. */
  mint(claims: NewClaims): Promise<MintedToken>;
  /**
   * Invalidates a token, or all tokens of a `sub` or a share link that were issued until this moment;
   * those issued later are good. Committed when it resolves.
   */
  revoke(what: { tokenId: string } | { sub: string } | { shareLink: string }): Promise<void>;
  readonly shareLinks: ShareLinks;
}
