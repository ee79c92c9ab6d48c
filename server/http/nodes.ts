import { z } from '@hono/zod-openapi';
import type { NodeInfo } from '../ports/cluster.ts';
import { refusals } from './refusals.ts';
import { route } from './route.ts';
import type { Routes } from './routes.ts';

const Node = z
  .object({
    id: z.string().openapi({ description: 'Unlike that of any other process.', example: '9f2c4a1b7d3e5f60' }),
    url: z.string().openapi({ description: 'Where it listens itself.', example: 'http://0.0.0.0:8787' }),
    version: z.string(),
    startedAt: z.iso.datetime(),
    documents: z.int().openapi({ description: 'Documents in its memory.' }),
    connections: z.int().openapi({ description: 'Its sockets.' }),
    ready: z.boolean().openapi({ description: 'It takes new sockets.' }),
    self: z.boolean().openapi({ description: 'It is the one that answers.' }),
  })
  .openapi('Node');

const getNodes = route({
  method: 'get',
  path: '/api/nodes',
  permission: 'server.nodes',
  of: 'server',
  tags: ['Operators'],
  summary: 'The servers of this system',
  description:
    'Takes the role admin on `*`. The servers that this one hears, with what each said of itself within the last seconds. Without a broker it is this one alone.',
  responses: {
    200: { description: 'This one first.', content: { 'application/json': { schema: z.object({ nodes: z.array(Node) }) } } },
    ...refusals(),
  },
});

/** The route for operators that lists the nodes. */
export function addNodeRoutes(routes: Routes, nodes: () => readonly NodeInfo[]): void {
  routes.add(getNodes, (c) => {
    const list = nodes().map((node) => ({ ...node, startedAt: node.startedAt.toISOString() }));
    return c.json({ nodes: list }, 200);
  });
}
