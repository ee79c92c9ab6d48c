import type { AccessStore } from '../../persistence/access-store.ts';
import { InkwireError } from '../../protocol/errors.ts';
import type { Identity } from '../../protocol/identity.ts';
import { isWord } from './claims.ts';
import { guestOf } from './guest.ts';
import { RevocationFeed } from './revocation-feed.ts';
import { createShareLinks, type ShareLinks } from './share-links.ts';
import { type MintedToken, type NewClaims, type TokenOptions, Tokens } from './tokens.ts';

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
  close(): Promise<void>;
}

export interface AccessOptions extends TokenOptions {
  /** Told the first time that revocations cannot be read. */
  readonly onError?: (error: unknown) => void;
}

/**
 * Access by tokens. Resolves when all revocations are known; closes the store when it is closed, or
 * cannot be read. `clock` in milliseconds since 1970.
 */
export async function createAccess(options: AccessOptions, store: AccessStore, clock: () => number): Promise<Access> {
  const tokens = new Tokens(options, clock);
  const feed = new RevocationFeed(store, clock, options.onError ?? (() => {}));
  const close = async (): Promise<void> => {
    feed.close();
    await store.close();
  };
  await feed.start().catch(async (error) => {
    await close();
    throw error;
  });
  return {
    mode: 'tokens',
    async identify(token) {
      const identity = await tokens.verify(token);
      if (feed.known.includes(identity)) throw new InkwireError('token-revoked');
      return identity;
    },
    isRevoked: (identity) => feed.known.includes(identity),
    onRevocation: (listener) => feed.onChange(listener),
    // A clock that another node's is ahead of must not make tokens that are revoked from the start.
    mint: (claims) => tokens.mint(claims, Math.max(clock(), feed.known.issuableFrom(claims))),
    async revoke(what) {
      if ('tokenId' in what) await feed.revoke('token', requireWord('tokenId', what.tokenId));
      else if ('sub' in what) await feed.revoke('subject', requireWord('sub', what.sub));
      else await feed.revoke('share-link', requireWord('shareLink', what.shareLink));
    },
    shareLinks: createShareLinks(store, tokens, feed, clock),
    close,
  };
}

/** Access without a secret: everyone is a guest who may do all, so the server listens on loopback only ([A3]). */
export function openAccess(): Access {
  const refuse = () => Promise.reject(new InkwireError('secret-required'));
  return {
    mode: 'open',
    identify: async (token) => guestOf(token),
    isRevoked: () => false,
    onRevocation: () => () => {},
    mint: refuse,
    revoke: refuse,
    shareLinks: { create: refuse, list: refuse, find: refuse, change: refuse, revoke: refuse, redeem: refuse },
    close: async () => {},
  };
}

function requireWord(what: string, value: string): string {
  if (!isWord(value)) throw new InkwireError('bad-request', `"${what}" must be a text of 1 to 255 bytes without control characters.`);
  return value;
}
