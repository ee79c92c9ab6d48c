import { z } from '@hono/zod-openapi';
import { route } from './route.ts';
import type { Routes } from './routes.ts';

/** Health as `/readyz` reports it; each check is true when good. */
export type Readiness = () => Promise<{ readonly ready: boolean; readonly checks: Readonly<Record<string, boolean>> }>;

const healthz = route({
  method: 'get',
  path: '/healthz',
  permission: 'public',
  of: 'nobody',
  tags: ['Health'],
  summary: 'Does the process answer?',
  responses: { 200: { description: 'It does.', content: { 'application/json': { schema: z.object({ status: z.literal('ok') }) } } } },
});

const Ready = z
  .object({
    ready: z.boolean(),
    checks: z.record(z.string(), z.boolean()).openapi({ description: 'Each true when good.', example: { database: true } }),
  })
  .openapi('Readiness');

const readyz = route({
  method: 'get',
  path: '/readyz',
  permission: 'public',
  of: 'nobody',
  tags: ['Health'],
  summary: 'Can it serve?',
  responses: {
    200: { description: 'Ready for requests.', content: { 'application/json': { schema: Ready } } },
    503: { description: 'Not ready; the checks say why.', content: { 'application/json': { schema: Ready } } },
  },
});

/** The routes for what starts and watches the process. */
export function addHealthRoutes(routes: Routes, readiness: Readiness): void {
  routes.add(healthz, (c) => c.json({ status: 'ok' as const }, 200));
  routes.add(readyz, async (c) => {
    const { ready, checks } = await readiness();
    return c.json({ ready, checks }, ready ? 200 : 503);
  });
}
