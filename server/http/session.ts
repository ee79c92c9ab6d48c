import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import { serverRoleOf } from '../../protocol/identity.ts';
import { ROLES } from '../../protocol/role.ts';
import { callerOf } from './caller.ts';
import type { Access } from './ports.ts';
import { refusals } from './refusals.ts';

const Session = z
  .object({
    mode: z.enum(['open', 'tokens']).openapi({ description: '`open`: the server asks nobody for a token, everyone may do all.' }),
    sub: z.string().openapi({ description: 'Who the token speaks for, as the log names them.', example: 'ada' }),
    name: z.string().openapi({ description: 'What others see.', example: 'Ada Lovelace' }),
    expiresAt: z.iso.datetime().nullable().openapi({ description: 'When the token ends; null for guests of an open server.' }),
    serverRole: z.enum(ROLES).nullable().openapi({ description: 'The role on all documents; admin makes tokens and revokes them.' }),
    access: z
      .record(z.string(), z.enum(ROLES))
      .openapi({ description: 'Names and prefixes of documents (`team/*`), and the role on each.', example: { 'team/*': 'edit' } }),
  })
  .openapi('Session');

const readSession = createRoute({
  method: 'get',
  path: '/api/session',
  tags: ['Access'],
  summary: 'Tell who the token speaks for',
  responses: { 200: { description: 'Who asks.', content: { 'application/json': { schema: Session } } }, ...refusals() },
});

/** Who am I, for applications. */
export function sessionRoutes({ mode }: Pick<Access, 'mode'>): OpenAPIHono {
  const app = new OpenAPIHono();
  app.openapi(readSession, (c) => {
    const { identity } = callerOf(c);
    const { sub, name, access } = identity;
    const expiresAt = identity.expiresAt === null ? null : new Date(identity.expiresAt).toISOString();
    return c.json({ mode, sub, name, expiresAt, serverRole: serverRoleOf(identity), access }, 200);
  });
  return app;
}
