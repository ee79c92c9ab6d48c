import type { Context, MiddlewareHandler } from 'hono';
import { InkwireError } from '../../protocol/errors.ts';
import type { Edge, RequestsLeft } from '../ports/edge.ts';
import { peerOf } from './peer.ts';
import { foundCaller } from './routes.ts';

/**
 * Counts every request for the address it comes from, and refuses those that are too many. Every answer says what is left of what it counted against: that
 * of the user, once it is known who asks (draft-ietf-httpapi-ratelimit-headers-10).
 */
export function limitRate(edge: Pick<Edge, 'countRequest' | 'requestsLeft'>): MiddlewareHandler {
  return async (c, next) => {
    const refusal = edge.countRequest(peerOf(c).address, null);
    if (refusal === null) await next();
    const left = edge.requestsLeft(peerOf(c).address, foundCaller(c)?.identity ?? null) ?? edge.requestsLeft(peerOf(c).address, null);
    if (left !== null) sayLeft(c, left);
    if (refusal !== null) throw new InkwireError(refusal);
  };
}

const MINUTE_SECONDS = 60;

function sayLeft(c: Context, { by, perMinute, left }: RequestsLeft): void {
  c.header('RateLimit-Policy', `"${by}";q=${perMinute};w=${MINUTE_SECONDS}`);
  c.header('RateLimit', `"${by}";r=${left};t=${Math.ceil(((perMinute - left) * MINUTE_SECONDS) / perMinute)}`);
}

/** Counts a try with a token or secret that is not valid; its refusal, or that such tries are too many. */
export function countedTry(c: Context, edge: Pick<Edge, 'countBadToken'>, refusal: InkwireError): InkwireError {
  const code = edge.countBadToken(peerOf(c).address);
  return code === null ? refusal : new InkwireError(code);
}
