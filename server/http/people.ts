import { z } from '@hono/zod-openapi';
import type { History } from '../ports/history.ts';
import { refusals } from './refusals.ts';
import { route } from './route.ts';
import type { Routes } from './routes.ts';

const forgetPerson = route({
  method: 'delete',
  path: '/api/people/{sub}',
  permission: 'server.tokens',
  of: 'server',
  tags: ['History'],
  summary: 'Forget what somebody is called',
  description:
    'Their edits stay. Histories, differences and files made of them show a number in the place of their `sub` and name, from now on and whatever their tokens say later. The log keeps the `sub`, by which their edits remain one person’s, and so do backups. Takes the role admin on `*`.',
  request: {
    params: z.object({
      sub: z
        .string()
        .min(1)
        .max(255)
        .openapi({ param: { name: 'sub', in: 'path' }, description: 'Of their tokens.', example: 'ada' }),
    }),
  },
  responses: {
    200: {
      description: 'Forgotten.',
      content: {
        'application/json': {
          schema: z.object({
            author: z.string().openapi({ description: 'What stands for them in the place of their `sub`.', example: 'person-3' }),
            name: z.string().openapi({ example: 'Person 3' }),
          }),
        },
      },
    },
    ...refusals('bad-request'),
  },
});

/** What histories call people. */
export function addPeopleRoutes(routes: Routes, history: Pick<History, 'forgetPerson'>): void {
  routes.add(forgetPerson, async (c) => {
    const { author, name } = await history.forgetPerson(c.req.valid('param').sub);
    return c.json({ author: author ?? '', name: name ?? '' }, 200);
  });
}
