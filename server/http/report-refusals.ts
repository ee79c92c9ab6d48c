import type { MiddlewareHandler } from 'hono';
import type { Edge } from '../ports/edge.ts';
import { peerOf } from './peer.ts';
import { problemOf } from './problems.ts';

/** Refusals of who asks, or of how much: what an operator wants to know of. The rest is between a client and its mistakes. */
const REPORTED: ReadonlySet<number> = new Set([401, 403, 413, 421, 429]);

/** Reports refusals with the address that met them. */
export function reportRefusals(edge: Pick<Edge, 'refused'>): MiddlewareHandler {
  return async (c, next) => {
    await next();
    const problem = problemOf(c);
    if (problem !== undefined && REPORTED.has(problem.status)) edge.refused(problem.code, peerOf(c).address);
  };
}
