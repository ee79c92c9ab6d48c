import type { RequestListener } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { problem } from '../../protocol/errors.ts';

/** Serves an application on a Node HTTP server; requests that cannot be read at all are refused like any other. */
export function httpListener(app: { fetch(request: Request): Response | Promise<Response> }): RequestListener {
  return getRequestListener(app.fetch, {
    overrideGlobalObjects: false,
    errorHandler: () => {
      const refusal = problem('bad-request', 'The request line or the Host header is malformed.');
      return new Response(JSON.stringify(refusal), { status: refusal.status, headers: { 'Content-Type': 'application/problem+json' } });
    },
  });
}
