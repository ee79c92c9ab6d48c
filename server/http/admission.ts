import type { MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';
import { InkwireError } from '../../protocol/errors.ts';
import { admissionOf, isPublicFile } from './peer.ts';

const crossOrigin = cors({
  origin: (origin) => origin,
  allowMethods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
  allowHeaders: ['Authorization', 'Content-Type', 'If-Match', 'If-None-Match'],
  exposeHeaders: [
    'Content-Disposition',
    'ETag',
    'Inkwire-Version',
    'Inkwire-Warnings',
    'Location',
    'RateLimit',
    'RateLimit-Policy',
    'Retry-After',
    'WWW-Authenticate',
  ],
  maxAge: 600,
});

/**
 * Refuses whom the edge does not let in; answers the rest with CORS for exactly the origin that asked.
 * Credentials are never allowed across origins: a token is sent by the script that holds it, not by
 * the browser.
 */
export const admit: MiddlewareHandler = async (c, next) => {
  const { peer, refusal } = admissionOf(c);
  const origin = c.req.header('origin');
  if (refusal === 'host-refused') throw new InkwireError(refusal, `This server does not answer to "${peer.host}".`);
  if (refusal === 'origin-refused') throw new InkwireError(refusal, `Pages of ${origin} may not use this server.`);
  if (refusal !== null) throw new InkwireError(refusal);
  if (isPublicFile(c)) return next();
  c.header('Vary', 'Origin', { append: true });
  return origin === undefined ? next() : crossOrigin(c, next);
};
