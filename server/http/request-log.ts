import type { Context, MiddlewareHandler } from 'hono';
import { matchedRoutes } from 'hono/route';
import { type Log, problemOf } from './problems.ts';

/**
 * A debug line for each request that was answered: what was asked, of which document, and what came of
 * it after how long. It holds the route and not the address, in which somebody may have put a token ([A5]).
 */
export function logRequests(log: Pick<Log, 'debug'>): MiddlewareHandler {
  return async (c, next) => {
    const startedAt = performance.now();
    await next();
    const route = routeOf(c);
    log.debug(
      {
        method: c.req.method,
        route: route ?? 'none',
        ...(route?.includes('/:name') ? { document: nameAt(c.req.path, route) } : {}),
        status: c.res.status,
        code: problemOf(c)?.code,
        ms: Math.round((performance.now() - startedAt) * 10) / 10,
      },
      'request',
    );
  };
}

/** The route that answered, as it is registered; `undefined` when none is of this address. */
function routeOf(c: Context): string | undefined {
  return matchedRoutes(c).findLast(({ method }) => method !== 'ALL')?.path;
}

/** The document's name as it stands in the path, escapes and all. */
function nameAt(path: string, route: string): string | undefined {
  return path.split('/')[route.split('/').indexOf(':name')];
}
