import type { MiddlewareHandler } from 'hono';
import { peerOf } from './peer.ts';

/**
 * What a page of ours may do: load from here, show images from anywhere, talk to a server of its
 * choice over WebSocket. Pictures of a document are shown by blob: addresses; one of another site is fetched
 * when somebody asks to copy it into the document, which tells that site no more than showing it does. `ancestors` are the sources that may frame it, `styles` those of style sheets
 * beside its own.
 */
export function pagePolicy(ancestors: readonly string[] = [], styles: readonly string[] = []): string {
  return [
    "default-src 'self'",
    "script-src 'self'",
    ["style-src 'self'", ...styles].join(' '),
    "img-src 'self' blob: data: https:",
    "connect-src 'self' blob: https: ws: wss:",
    "font-src 'self'",
    `frame-ancestors ${ancestors.length === 0 ? "'none'" : ancestors.join(' ')}`,
    "base-uri 'none'",
    "form-action 'self'",
    "object-src 'none'",
  ].join('; ');
}

/** What an answer of the API may do when a browser shows it: nothing. */
const DATA_POLICY = "default-src 'none'; frame-ancestors 'none'";

/** What an editor has no use for, so that nothing that gets into a page has either. */
const UNUSED_FEATURES = ['camera', 'display-capture', 'geolocation', 'microphone', 'midi', 'payment', 'serial', 'usb'];

/** The headers of every answer; a route that needs another value sets its own before. */
const EVERYWHERE = {
  'Content-Security-Policy': DATA_POLICY,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': UNUSED_FEATURES.map((feature) => `${feature}=()`).join(', '),
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
} as const;

const YEAR_SECONDS = 31_536_000;

/** Sets the headers that keep a browser from doing more with an answer than it is for. */
export const securityHeaders: MiddlewareHandler = async (c, next) => {
  await next();
  const { headers, status } = c.res;
  // A browser that came by TLS shall always do so: to this host alone, for its neighbours are not ours to decide on.
  if (peerOf(c).secure) headers.set('Strict-Transport-Security', `max-age=${YEAR_SECONDS}`);
  // A browser puts the headers of a 304 over those it kept: a page would come back under the policy for data.
  if (status === 304) return;
  for (const [name, value] of Object.entries(EVERYWHERE)) {
    if (!headers.has(name)) headers.set(name, value);
  }
  // What browsers without frame-ancestors know; it has no word for "these origins".
  if (headers.get('Content-Security-Policy')?.includes("frame-ancestors 'none'")) headers.set('X-Frame-Options', 'DENY');
};
