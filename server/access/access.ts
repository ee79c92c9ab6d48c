import type { AccessStore } from '../../persistence/access-store.ts';
import { InkwireError } from '../../protocol/errors.ts';
import type { Identity } from '../../protocol/identity.ts';
import { may } from '../../protocol/permissions.ts';
import type { Access } from '../ports/access.ts';
import { isWord } from './claims.ts';
import { guestOf } from './guest.ts';
import { RevocationFeed } from './revocation-feed.ts';
import { createShareLinks } from './share-links.ts';
import { type TokenOptions, Tokens } from './tokens.ts';

/** Access control as the server opens it. */
export interface OpenedAccess extends Access {
  close(): Promise<void>;
}

export interface AccessOptions extends TokenOptions {
  /** Told the first time that revocations cannot be read. */
  readonly onError?: (error: unknown) => void;
  /** Told of everybody who comes with a good token and may write somewhere, each time. */
  readonly onWriter?: (identity: Identity) => void;
}

/**
 * Access by tokens. Resolves when all revocations are known; closes the store when it is closed, or
 * cannot be read. `clock` in milliseconds since 1970.
 */
export async function createAccess(options: AccessOptions, store: AccessStore, clock: () => number): Promise<OpenedAccess> {
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
      if (Object.values(identity.access).some((role) => may(role, 'document.edit'))) options.onWriter?.(identity);
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
export function openAccess(): OpenedAccess {
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
