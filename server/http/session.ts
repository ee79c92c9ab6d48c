import { z } from '@hono/zod-openapi';
import { serverRoleOf } from '../../protocol/identity.ts';
import { ROLES } from '../../protocol/role.ts';
import type { Access } from '../ports/access.ts';
import type { Assets } from '../ports/assets.ts';
import { refusals } from './refusals.ts';
import { route } from './route.ts';
import type { Routes } from './routes.ts';

const Session = z
  .object({
    mode: z.enum(['open', 'tokens']).openapi({ description: '`open`: the server asks nobody for a token, everyone may do all.' }),
    sub: z.string().openapi({ description: 'Who the token speaks for, as the log names them.', example: 'ada' }),
    name: z.string().openapi({ description: 'What others see.', example: 'Ada Lovelace' }),
    expiresAt: z.iso.datetime().nullable().openapi({ description: 'When the token ends; null for guests of an open server.' }),
    serverRole: z.enum(ROLES).nullable().openapi({ description: 'The role on all documents; admin makes tokens and revokes them.' }),
    maxAssetBytes: z.int().openapi({ description: 'The largest picture or file that may be uploaded, bytes.' }),
    access: z
      .record(z.string(), z.enum(ROLES))
      .openapi({ description: 'Names and prefixes of documents (`team/*`), and the role on each.', example: { 'team/*': 'edit' } }),
  })
  .openapi('Session');

const readSession = route({
  method: 'get',
  path: '/api/session',
  permission: 'signed-in',
  of: 'nobody',
  tags: ['Access'],
  summary: 'Tell who the token speaks for',
  responses: { 200: { description: 'Who asks.', content: { 'application/json': { schema: Session } } }, ...refusals() },
});

/** Who am I, for applications. */
export function addSessionRoutes(routes: Routes, { mode }: Pick<Access, 'mode'>, assets: Pick<Assets, 'maxBytes'>): void {
  routes.add(readSession, (c, { caller: { identity } }) => {
    const { sub, name, access } = identity;
    const expiresAt = identity.expiresAt === null ? null : new Date(identity.expiresAt).toISOString();
    const maxAssetBytes = assets.maxBytes;
    return c.json({ mode, sub, name, expiresAt, serverRole: serverRoleOf(identity), maxAssetBytes, access }, 200);
  });
}
