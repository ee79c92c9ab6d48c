import { z } from '@hono/zod-openapi';
import type { ShareLink } from '../../persistence/access-store.ts';
import { documentPath } from '../../protocol/document-name.ts';
import { InkwireError } from '../../protocol/errors.ts';
import { ROLES } from '../../protocol/role.ts';
import type { Access } from '../ports/access.ts';
import type { Documents } from '../ports/documents.ts';
import type { Edge } from '../ports/edge.ts';
import { countedTry } from './rate-limit.ts';
import { publicRefusals, refusals } from './refusals.ts';
import { route } from './route.ts';
import type { Routes } from './routes.ts';

const SharedRole = z.enum(['view', 'comment', 'suggest', 'edit']);

const expiry = {
  expiresAt: z.iso
    .datetime({ offset: true })
    .nullable()
    .optional()
    .openapi({ description: 'When it ends; null: not before it is revoked.' }),
  expiresInSeconds: z.int().min(1).optional().openapi({ description: 'The same, counted from this moment.' }),
};
const oneExpiry = ({ expiresAt, expiresInSeconds }: { expiresAt?: unknown; expiresInSeconds?: unknown }) =>
  expiresAt === undefined || expiresInSeconds === undefined;
const ONE_EXPIRY = 'expiresAt and expiresInSeconds exclude each other';

const NewShareLink = z
  .strictObject({ role: SharedRole.openapi({ description: 'What whoever opens it may do.' }), ...expiry })
  .refine(oneExpiry, ONE_EXPIRY)
  .openapi('NewShareLink');
const ShareLinkChange = z
  .strictObject({ role: SharedRole.optional(), ...expiry })
  .refine(oneExpiry, ONE_EXPIRY)
  .refine((change) => Object.keys(change).length > 0, 'says nothing that is to change')
  .openapi('ShareLinkChange');

const linkMembers = {
  id: z.string(),
  role: z.enum(ROLES),
  expiresAt: z.iso.datetime().nullable(),
  createdAt: z.iso.datetime(),
  createdBy: z.string().openapi({ description: 'The `sub` of who made it.' }),
};
const ShareLinkView = z.object(linkMembers).openapi('ShareLink');
const CreatedShareLink = z
  .object({
    ...linkMembers,
    url: z.string().openapi({
      description: 'A path on this server. It is told this once; the secret in its fragment is sent to no server when it is opened.',
      example: '/d/team%2Fplan#share=…',
    }),
  })
  .openapi('CreatedShareLink');

const Redemption = z
  .strictObject({
    secret: z.string().min(1).max(255).openapi({ description: 'What follows `#share=` in the link.' }),
    name: z.string().max(255).optional().openapi({ description: 'What others are to see.', example: 'Ada' }),
    previousToken: z
      .string()
      .max(8192)
      .optional()
      .openapi({ description: 'The token of an earlier visit: whoever has it stays the same person.' }),
  })
  .openapi('Redemption');
const VisitorToken = z
  .object({
    token: z.string().openapi({ description: 'Good for an hour at most; redeem again before it ends.' }),
    documentName: z.string(),
    role: z.enum(ROLES),
    expiresAt: z.iso.datetime(),
  })
  .openapi('VisitorToken');

const LinkParams = z.object({ id: z.string().openapi({ param: { name: 'id', in: 'path' }, description: 'The id of the link.' }) });
const json = <T>(description: string, schema: T) => ({ description, content: { 'application/json': { schema } } });
const path = '/api/documents/{name}/share-links' as const;
const tags = ['Access'];

const createLink = route({
  method: 'post',
  path,
  permission: 'document.share',
  of: 'document',
  tags,
  summary: 'Share a document by a link',
  description: 'Whoever opens the link has the role, until it ends or is revoked.',
  request: { body: { required: true, content: { 'application/json': { schema: NewShareLink } } } },
  responses: {
    201: json('Made.', CreatedShareLink),
    ...refusals('bad-name', 'bad-request', 'document-not-found', 'unsupported-media-type', 'secret-required'),
  },
});
const listLinks = route({
  method: 'get',
  path,
  permission: 'document.share',
  of: 'document',
  tags,
  summary: 'List the share links of a document',
  description: 'Without their secrets, which nobody can read again. Revoked ones are left out.',
  responses: { 200: json('The links.', z.object({ shareLinks: z.array(ShareLinkView) })), ...refusals('bad-name') },
});
const changeLink = route({
  method: 'patch',
  path: `${path}/{id}`,
  permission: 'document.share',
  of: 'document',
  tags,
  summary: 'Change the role or the end of a share link',
  description: 'Takes effect within a second, also for those who came by it.',
  request: { params: LinkParams, body: { required: true, content: { 'application/json': { schema: ShareLinkChange } } } },
  responses: {
    200: json('The link.', ShareLinkView),
    ...refusals('bad-name', 'bad-request', 'share-link-gone', 'unsupported-media-type'),
  },
});
const revokeLink = route({
  method: 'delete',
  path: `${path}/{id}`,
  permission: 'document.share',
  of: 'document',
  tags,
  summary: 'Revoke a share link',
  description: 'Within a second those who came by it are out.',
  request: { params: LinkParams },
  responses: { 204: { description: 'Revoked.' }, ...refusals('bad-name', 'share-link-gone') },
});
const redeemLink = route({
  method: 'post',
  path: '/api/share-links/redeem',
  permission: 'public',
  of: 'nobody',
  tags,
  summary: 'Get a token for the secret of a share link',
  request: { body: { required: true, content: { 'application/json': { schema: Redemption } } } },
  responses: {
    200: json('A token for the visitor.', VisitorToken),
    ...publicRefusals('bad-request', 'share-link-gone', 'unsupported-media-type', 'secret-required'),
  },
});

const time = (milliseconds: number) => new Date(milliseconds).toISOString();

function viewLink({ id, role, expiresAt, createdAt, createdBy }: ShareLink): z.infer<typeof ShareLinkView> {
  return { id, role, expiresAt: expiresAt === null ? null : time(expiresAt), createdAt: time(createdAt), createdBy };
}

interface Expiry {
  readonly expiresAt?: string | null | undefined;
  readonly expiresInSeconds?: number | undefined;
}

/** Milliseconds since 1970, `null` for never, `undefined` when nothing was said. */
function endOf({ expiresAt, expiresInSeconds }: Expiry, now: number): number | null | undefined {
  if (expiresInSeconds !== undefined) return now + expiresInSeconds * 1000;
  return typeof expiresAt === 'string' ? Date.parse(expiresAt) : expiresAt;
}

interface ShareLinkRouteOptions {
  readonly documents: Pick<Documents, 'info'>;
  readonly access: Pick<Access, 'shareLinks'>;
  readonly edge: Pick<Edge, 'countBadToken'>;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

/** Share a document by links, and come in by one. */
export function addShareLinkRoutes(routes: Routes, { documents, access: { shareLinks }, edge, clock }: ShareLinkRouteOptions): void {
  /** The link of a path, which must be one of the document that the caller may share. */
  async function linkOf(documentName: string, id: string): Promise<ShareLink> {
    const link = await shareLinks.find(id);
    if (link?.documentName !== documentName) throw new InkwireError('share-link-gone');
    return link;
  }

  routes.add(createLink, async (c, { caller, name: documentName }) => {
    const asked = c.req.valid('json');
    if ((await documents.info(documentName)) === null) throw new InkwireError('document-not-found');
    const { link, secret } = await shareLinks.create({
      documentName,
      role: asked.role,
      expiresAt: endOf(asked, clock()) ?? null,
      createdBy: caller.identity.sub,
    });
    return c.json({ ...viewLink(link), url: `${routes.outside(documentPath(documentName))}#share=${secret}` }, 201);
  });

  routes.add(listLinks, async (c, { name }) => {
    const links = await shareLinks.list(name);
    return c.json({ shareLinks: links.map(viewLink) }, 200);
  });

  routes.add(changeLink, async (c, { name }) => {
    const { id } = await linkOf(name, c.req.valid('param').id);
    const asked = c.req.valid('json');
    const expiresAt = endOf(asked, clock());
    const change = { ...(asked.role === undefined ? {} : { role: asked.role }), ...(expiresAt === undefined ? {} : { expiresAt }) };
    return c.json(viewLink(await shareLinks.change(id, change)), 200);
  });

  routes.add(revokeLink, async (c, { name }) => {
    const { id } = await linkOf(name, c.req.valid('param').id);
    if (!(await shareLinks.revoke(id))) throw new InkwireError('share-link-gone');
    return c.body(null, 204);
  });

  routes.add(redeemLink, async (c) => {
    const { secret, name, previousToken } = c.req.valid('json');
    const visitor = { ...(name === undefined ? {} : { name }), ...(previousToken === undefined ? {} : { previousToken }) };
    try {
      const { token, documentName, role, expiresAt } = await shareLinks.redeem(secret, visitor);
      return c.json({ token, documentName, role, expiresAt: time(expiresAt) }, 200);
    } catch (error) {
      throw error instanceof InkwireError && error.code === 'share-link-gone' ? countedTry(c, edge, error) : error;
    }
  });
}
