import type { ShareLink } from '../../../persistence/access-store.ts';
import { InkwireError } from '../../../protocol/errors.ts';
import type { AccessPatterns, Identity } from '../../../protocol/identity.ts';
import type { Access } from '../../ports/access.ts';

const HOUR_MS = 60 * 60 * 1000;

/** Access rules in memory, whose tokens are made by naming somebody. */
export interface MemoryAccess extends Access {
  /** A token for somebody, good for an hour. */
  tokenFor(sub: string, access: AccessPatterns): string;
}

const guest: Identity = {
  ...{ sub: 'Guest', name: 'Guest', verified: false, tokenId: null, shareLink: null, issuedAt: null, expiresAt: null },
  access: { '*': 'admin' },
};

/** Ends a token by what it is called: "expired" and "revoked" are refused as such. */
export function memoryAccess(mode: Access['mode'] = 'tokens'): MemoryAccess {
  const tokens = new Map<string, Identity>();
  const revoked = new Set<string>();
  const links = new Map<string, ShareLink & { secret: string }>();
  const issue = (sub: string, name: string, access: AccessPatterns, expiresAt: number, shareLink: string | null = null) => {
    const tokenId = `id-${tokens.size + 1}`;
    const token = `token-${tokens.size + 1}`;
    tokens.set(token, { sub, name, verified: true, tokenId, shareLink, issuedAt: Date.now(), expiresAt, access });
    return { token, tokenId, expiresAt };
  };
  const isRevoked = ({ tokenId, sub, shareLink }: Identity) => [tokenId, sub, shareLink].some((value) => revoked.has(value ?? ''));
  const requireSecret = () => {
    if (mode === 'open') throw new InkwireError('secret-required');
  };
  return {
    mode,
    tokenFor: (sub, access) => issue(sub, sub, access, Date.now() + HOUR_MS).token,
    async identify(token) {
      if (mode === 'open') return guest;
      if (token === '') throw new InkwireError('sign-in-required');
      if (token === 'expired') throw new InkwireError('token-expired');
      const identity = tokens.get(token);
      if (identity === undefined) throw new InkwireError('token-invalid', 'It is not signed with a key of this server.');
      if (isRevoked(identity)) throw new InkwireError('token-revoked');
      return identity;
    },
    isRevoked,
    async mint({ sub, name, access, expiresInSeconds }) {
      requireSecret();
      return issue(sub, name, access, Date.now() + expiresInSeconds * 1000);
    },
    async revoke(what) {
      for (const value of Object.values(what)) revoked.add(value);
    },
    onRevocation: () => () => {},
    shareLinks: {
      async create(link) {
        requireSecret();
        const made = { ...link, id: `link-${links.size + 1}`, createdAt: Date.now(), secret: `secret-${links.size + 1}` };
        links.set(made.id, made);
        return { link: made, secret: made.secret };
      },
      list: async (documentName) => [...links.values()].filter((link) => link.documentName === documentName),
      find: async (id) => links.get(id) ?? null,
      async change(id, to) {
        const link = links.get(id);
        if (link === undefined) throw new InkwireError('share-link-gone');
        const changed = { ...link, ...to };
        links.set(id, changed);
        return changed;
      },
      revoke: async (id) => links.delete(id),
      async redeem(secret, { name = 'Guest', previousToken = '' } = {}) {
        requireSecret();
        const link = [...links.values()].find((candidate) => candidate.secret === secret);
        if (link === undefined) throw new InkwireError('share-link-gone');
        const { documentName, role } = link;
        const sub = tokens.get(previousToken)?.sub ?? `link:${link.id}:${tokens.size}`;
        return { ...issue(sub, name, { [documentName]: role }, Date.now() + HOUR_MS, link.id), documentName, role };
      },
    },
  };
}
