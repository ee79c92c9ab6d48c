import type { MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';
import { InkwireError } from '../../protocol/errors.ts';
import { incomingOf } from './incoming.ts';
import type { Admission } from './ports.ts';

/** Files that any page may load, and which say nothing of any document: the element and what it loads. */
const PUBLIC_FILE = /^\/(?:inkwire\.js|assets\/.*)$/;

/**
 * Refuses host names that are not ours and pages of other origins; answers the rest with CORS for
 * exactly the origin that asked. Credentials are never allowed across origins: a token is sent by the
 * script that holds it, not by the browser.
 */
export function admit(admission: Admission): MiddlewareHandler {
  const crossOrigin = cors({
    origin: (origin) => origin,
    allowMethods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowHeaders: ['Authorization', 'Content-Type', 'If-Match', 'If-None-Match'],
    exposeHeaders: ['Content-Disposition', 'ETag', 'Inkwire-Version', 'Inkwire-Warnings', 'Location', 'Retry-After', 'WWW-Authenticate'],
    maxAge: 600,
  });
  return async (c, next) => {
    const { host } = new URL(c.req.url);
    const incoming = incomingOf(c);
    if (!admission.hostAllowed(host, incoming)) throw new InkwireError('host-refused', `This server does not answer to "${host}".`);
    if (PUBLIC_FILE.test(c.req.path)) return next();
    const origin = c.req.header('origin');
    if (!admission.originAllowed(origin, incoming)) throw new InkwireError('origin-refused', `Pages of ${origin} may not use this server.`);
    c.header('Vary', 'Origin', { append: true });
    return origin === undefined ? next() : crossOrigin(c, next);
  };
}
