import type { Context, MiddlewareHandler } from 'hono';
import { InkwireError } from '../../protocol/errors.ts';
import type { Edge } from '../ports/edge.ts';
import { peerOf } from './peer.ts';

/** Counts every request for the address it comes from, and refuses those that are too many. */
export function limitRate(edge: Pick<Edge, 'countRequest'>): MiddlewareHandler {
  return (c, next) => {
    const refusal = edge.countRequest(peerOf(c).address, null);
    if (refusal !== null) throw new InkwireError(refusal);
    return next();
  };
}

/** Counts a try with a token or secret that is not valid; its refusal, or that such tries are too many. */
export function countedTry(c: Context, edge: Pick<Edge, 'countBadToken'>, refusal: InkwireError): InkwireError {
  const code = edge.countBadToken(peerOf(c).address);
  return code === null ? refusal : new InkwireError(code);
}
