import type { MiddlewareHandler } from 'hono';

/** What a page of ours may do: load from here, show images from anywhere, talk to a server of its choice over WebSocket. */
export const PAGE_POLICY = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: https:",
  "connect-src 'self' ws: wss:",
  "font-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "object-src 'none'",
].join('; ');

/** What an answer of the API may do when a browser shows it: nothing. */
const DATA_POLICY = "default-src 'none'; frame-ancestors 'none'";

/** On every answer; a route that needs another value sets its own before. */
const EVERYWHERE = {
  'Content-Security-Policy': DATA_POLICY,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
} as const;

/** Sets the headers that keep a browser from doing more with an answer than it is for. */
export const securityHeaders: MiddlewareHandler = async (c, next) => {
  await next();
  // A browser puts the headers of a 304 over those it kept: a page would come back under the policy for data.
  if (c.res.status === 304) return;
  for (const [name, value] of Object.entries(EVERYWHERE)) {
    if (!c.res.headers.has(name)) c.res.headers.set(name, value);
  }
};
