import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import type { Readiness } from './ports.ts';

const healthz = createRoute({
  method: 'get',
  path: '/healthz',
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

const readyz = createRoute({
  method: 'get',
  path: '/readyz',
  tags: ['Health'],
  summary: 'Can it serve?',
  responses: {
    200: { description: 'Ready for requests.', content: { 'application/json': { schema: Ready } } },
    503: { description: 'Not ready; the checks say why.', content: { 'application/json': { schema: Ready } } },
  },
});

/** For whoever starts and watches the process. */
export function healthRoutes(readiness: Readiness): OpenAPIHono {
  const app = new OpenAPIHono();
  app.openapi(healthz, (c) => c.json({ status: 'ok' as const }, 200));
  app.openapi(readyz, async (c) => {
    const { ready, checks } = await readiness();
    return c.json({ ready, checks }, ready ? 200 : 503);
  });
  return app;
}
