import type { Context, MiddlewareHandler } from 'hono';
import type { Admission, Edge, Peer, Received } from '../ports/edge.ts';
import { incomingOf } from './incoming.ts';

const KEY = 'admission';

/** Files that any page may load, and which say nothing of any document: the element and what it loads. */
const PUBLIC_FILE = /^\/(?:inkwire\.js|assets\/.*)$/;

/** Asks the edge who knocks, before all else: whatever follows may want to say whom it refuses. */
export function knock(edge: Pick<Edge, 'admit'>): MiddlewareHandler {
  return (c, next) => {
    c.set(KEY, edge.admit(receivedOf(c), isPublicFile(c) ? 'public-file' : 'request'));
    return next();
  };
}

/** What the edge said of this request. */
export function admissionOf(c: Context): Admission {
  return c.get(KEY);
}

/** Who this request comes from. */
export function peerOf(c: Context): Peer {
  return admissionOf(c).peer;
}

/** Whether any page may load what is asked for. */
export function isPublicFile(c: Context): boolean {
  return PUBLIC_FILE.test(c.req.path);
}

/** The request as the edge reads it. An address in the request line is the host that was asked for, whatever `Host` says. */
function receivedOf(c: Context): Received {
  const incoming = incomingOf(c);
  const headers = incoming?.headers ?? Object.fromEntries(c.req.raw.headers);
  return { socket: incoming?.socket ?? {}, headers: { ...headers, host: new URL(c.req.url).host } };
}
