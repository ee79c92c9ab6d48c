import { z } from '@hono/zod-openapi';
import { InkwireError } from '../../protocol/errors.ts';
import { covers } from '../../protocol/identity.ts';
import { ROLES } from '../../protocol/role.ts';
import type { Access } from '../ports/access.ts';
import { refusals } from './refusals.ts';
import { route } from './route.ts';
import type { Routes } from './routes.ts';

const DAY_SECONDS = 24 * 60 * 60;
const MAX_LIFE_SECONDS = 30 * DAY_SECONDS;
const DEFAULT_LIFE_SECONDS = 60 * 60;
const MAX_PATTERNS = 100;

/** A `sub`, a name or a pattern: claims are checked again when the token is used. */
const word = z.string().min(1).max(255);

const NewToken = z
  .strictObject({
    sub: word.openapi({ description: 'Who it speaks for: stands in the log and in presence.', example: 'ada' }),
    name: word.openapi({ description: 'What others see.', example: 'Ada Lovelace' }),
    access: z
      .record(word, z.enum(ROLES))
      .refine((access) => Object.keys(access).length <= MAX_PATTERNS, `must hold at most ${MAX_PATTERNS} patterns`)
      .openapi({
        description: `Names, prefixes such as \`team/*\`, or \`*\`, and the role on each; the longest that matches counts. ${MAX_PATTERNS} at most.`,
        example: { 'team/*': 'edit' },
      }),
    expiresInSeconds: z
      .int()
      .min(1)
      .max(MAX_LIFE_SECONDS)
      .default(DEFAULT_LIFE_SECONDS)
      .openapi({ description: 'Its life, 30 days at most.' }),
  })
  .openapi('NewToken');

const MintedToken = z
  .object({
    token: z.string().openapi({ description: 'For `Authorization: Bearer`, the editor’s `token` and INKWIRE_TOKEN.' }),
    tokenId: z.string().openapi({ description: 'Its `jti`, to revoke it by.' }),
    expiresAt: z.iso.datetime(),
  })
  .openapi('Token');

const postToken = route({
  method: 'post',
  path: '/api/tokens',
  permission: 'server.tokens',
  of: 'server',
  tags: ['Access'],
  summary: 'Make a token',
  description:
    'For somebody your application knows. Takes the role admin on `*`, and nobody passes on a role they do not have themselves. Applications that hold the secret can sign tokens on their own.',
  request: { body: { required: true, content: { 'application/json': { schema: NewToken } } } },
  responses: {
    201: { description: 'Made.', content: { 'application/json': { schema: MintedToken } } },
    ...refusals('bad-request', 'body-too-large', 'unsupported-media-type', 'secret-required'),
  },
});

const Revocation = z
  .union([
    z.strictObject({ tokenId: word.openapi({ description: 'One token, by its `jti`.' }) }),
    z.strictObject({ sub: word.openapi({ description: 'All tokens of somebody that were issued until this moment.' }) }),
  ])
  .openapi('Revocation', { description: 'What is good no more: `{ "tokenId" }` or `{ "sub" }`.' });

const postRevocation = route({
  method: 'post',
  path: '/api/revocations',
  permission: 'server.tokens',
  of: 'server',
  tags: ['Access'],
  summary: 'Revoke tokens',
  description:
    'Within a second no node takes them. Open editors become read-only, ask for another token and go on with what that one allows: to change somebody’s role, revoke their `sub` and issue another token.',
  request: { body: { required: true, content: { 'application/json': { schema: Revocation } } } },
  responses: {
    204: { description: 'Revoked.' },
    ...refusals('bad-request', 'body-too-large', 'unsupported-media-type'),
  },
});

/** Make and revoke tokens. */
export function addTokenRoutes(routes: Routes, access: Access): void {
  routes.add(postToken, async (c, { caller: { identity } }) => {
    const asked = c.req.valid('json');
    for (const [pattern, role] of Object.entries(asked.access)) {
      if (!covers(identity, pattern, role)) {
        throw new InkwireError('forbidden', `You do not have the role "${role}" on all of "${pattern}", so you cannot pass it on.`);
      }
    }
    const { token, tokenId, expiresAt } = await access.mint(asked);
    return c.json({ token, tokenId, expiresAt: new Date(expiresAt).toISOString() }, 201);
  });

  routes.add(postRevocation, async (c) => {
    await access.revoke(c.req.valid('json'));
    return c.body(null, 204);
  });
}
