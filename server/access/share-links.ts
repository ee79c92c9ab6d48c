import { createHash, randomBytes } from 'node:crypto';
import type { AccessStore, ShareLink, ShareLinkChange } from '../../persistence/access-store.ts';
import { nameProblem } from '../../protocol/document-name.ts';
import { InkwireError } from '../../protocol/errors.ts';
import { isPrefix } from '../../protocol/identity.ts';
import { ROLES, type Role } from '../../protocol/role.ts';
import type { ShareLinks } from '../ports/share-links.ts';
import { displayName } from './display-name.ts';
import type { RevocationFeed } from './revocation-feed.ts';
import type { Tokens } from './tokens.ts';

/** What a visitor may be given: everything but the right to share on. */
const SHARED_ROLES: readonly Role[] = ROLES.filter((role) => role !== 'admin');

const MAX_PER_DOCUMENT = 100;
/** A visitor's token, s; their page asks for the next one before it ends. */
const TOKEN_LIFE_S = 60 * 60;
/** How long after its end a token still says who a visitor was. */
const REMEMBERED_MS = 30 * 24 * 60 * 60 * 1000;

const SECRET = /^[\w-]{43}$/;
const ID = /^[\w-]{12}$/;

/** Links by which somebody without an account comes into one document. `clock` in milliseconds since 1970. */
export function createShareLinks(store: AccessStore, tokens: Tokens, feed: RevocationFeed, clock: () => number): ShareLinks {
  const requireSecret = () => {
    if (!tokens.canMint) throw new InkwireError('secret-required');
  };

  const change = async (id: string, to: ShareLinkChange): Promise<ShareLink | null> => {
    const changed = ID.test(id) ? await store.changeShareLink(id, to, clock) : null;
    if (changed === null) return null;
    feed.learn(changed.revocation);
    return changed.link;
  };

  /** The `sub` in the token that a visitor had by this link before. */
  const subBefore = async (token: string, link: ShareLink): Promise<string | null> => {
    const identity = await tokens.verify(token, REMEMBERED_MS).catch(() => null);
    // The link's own revocation is not asked: a visitor stays who they are when its role changes.
    if (identity?.shareLink !== link.id || feed.known.includes({ ...identity, shareLink: null })) return null;
    return identity.sub.startsWith(visitorPrefix(link)) ? identity.sub : null;
  };

  return {
    async create({ documentName, role, expiresAt, createdBy }) {
      requireSecret();
      requireShareable(documentName);
      requireSharedRole(role);
      requireFuture(expiresAt, clock());
      const secret = randomBytes(32).toString('base64url');
      const id = randomBytes(9).toString('base64url');
      const created = { id, documentName, role, createdBy, createdAt: clock(), expiresAt };
      const link = await store.createShareLink(created, hashOf(secret), MAX_PER_DOCUMENT);
      if (link === null) throw new InkwireError('bad-request', `The document has ${MAX_PER_DOCUMENT} share links; revoke some of them.`);
      return { link, secret };
    },

    list: (documentName) => store.shareLinksOf(documentName),

    find: async (id) => (ID.test(id) ? store.shareLink(id) : null),

    async change(id, to) {
      if (to.role !== undefined) requireSharedRole(to.role);
      requireFuture(to.expiresAt ?? null, clock());
      const link = await change(id, { role: to.role, expiresAt: to.expiresAt });
      if (link === null) throw new InkwireError('share-link-gone');
      return link;
    },

    revoke: async (id) => (await change(id, { revoked: true })) !== null,

    async redeem(secret, { name = '', previousToken } = {}) {
      requireSecret();
      // The time is taken before the link is read: a change that comes in between revokes the token.
      const now = clock();
      const link = SECRET.test(secret) ? await store.useShareLink(hashOf(secret), now) : null;
      if (link === null) throw new InkwireError('share-link-gone');
      const before = previousToken === undefined ? null : await subBefore(previousToken, link);
      const left = link.expiresAt === null ? TOKEN_LIFE_S : (link.expiresAt - now) / 1000;
      const { token, expiresAt } = await tokens.mint(
        {
          sub: before ?? `${visitorPrefix(link)}${randomBytes(12).toString('base64url')}`,
          name: displayName(name, 'Guest'),
          access: { [link.documentName]: link.role },
          expiresInSeconds: Math.min(TOKEN_LIFE_S, left),
          shareLink: link.id,
        },
        now,
      );
      return { token, documentName: link.documentName, role: link.role, expiresAt };
    },
  };
}

/** What visitors of a link are called in the log, and nobody else: one link's cannot pass for another's. */
function visitorPrefix({ id }: ShareLink): string {
  return `link:${id}:`;
}

function hashOf(secret: string): Uint8Array {
  return createHash('sha256').update(secret).digest();
}

function requireShareable(documentName: string): void {
  const problem = nameProblem(documentName);
  if (problem !== null) throw new InkwireError('bad-name', `The name ${problem}.`);
  if (isPrefix(documentName))
    throw new InkwireError('bad-request', `A token reads "${documentName}" as a pattern, so the document of this name cannot be shared.`);
}

function requireSharedRole(role: Role): void {
  if (!SHARED_ROLES.includes(role))
    throw new InkwireError('bad-request', `A share link gives one of the roles ${SHARED_ROLES.join(', ')}.`);
}

function requireFuture(expiresAt: number | null, now: number): void {
  if (expiresAt !== null && !(expiresAt > now)) throw new InkwireError('bad-request', 'The share link would have expired already.');
}
