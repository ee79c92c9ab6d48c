import { ConfigError } from '../config.ts';
import type { Peer } from '../ports/edge.ts';

/**
 * Which pages may use the server through a visitor's browser: by `Origin`, which a browser puts on
 * every request of a page of another origin, and by `Host`.
 *
 * The `Host` check is against DNS rebinding: a page of another site whose name points at 127.0.0.1 is
 * of the server's own origin, to the browser. That reaches what needs no token, so it is closed where
 * nothing but the address keeps strangers out: on an open server, and on one that listens on loopback.
 * To any other everybody may connect as it is. A page has no token unless it was given one, for there are
 * no cookies.
 */

const LOOPBACK_NAME = String.raw`(?:[a-z0-9-]+\.)*localhost|127(?:\.\d{1,3}){3}`;
const PORT = String.raw`(?::\d{1,5})?`;
const LOOPBACK_HOST = new RegExp(String.raw`^(?:${LOOPBACK_NAME}|\[::1\])${PORT}$`, 'i');
const LOOPBACK_ORIGIN = new RegExp(String.raw`^https?://(?:${LOOPBACK_NAME}|\[::1\])${PORT}$`, 'i');
const LISTEN_ADDRESS = new RegExp(`^(?:${LOOPBACK_NAME}|::1)$`, 'i');

/** How a request came in. */
type ReceivedBy = Pick<Peer, 'host' | 'secure'>;

/** What is asked of the `Host` and `Origin` of every request and every WebSocket upgrade. */
export interface OriginRules {
  /** The origins of `INKWIRE_ORIGINS`. */
  readonly origins: readonly string[];
  /** Whether the server answers to this name; `host-refused` otherwise. */
  hostAllowed(host: string | null | undefined): boolean;
  /**
   * Whether the page that asks may: one of the server's own origin or of `INKWIRE_ORIGINS`, on an open
   * server also one of this machine, and whatever is no page (no header). `origin-refused` otherwise,
   * and for the opaque `null` of a sandboxed frame.
   */
  originAllowed(origin: string | null | undefined, received: ReceivedBy): boolean;
}

/**
 * The rules for a server that listens on `listenAddress` (`HOST`), `open` when it asks for no token.
 * `origins` is the text of `INKWIRE_ORIGINS`; throws a `ConfigError` when it is not a list of origins.
 */
export function originRules(options: { open: boolean; listenAddress: string; origins: string }): OriginRules {
  const origins = parseOrigins(options.origins);
  const listed = new Set(origins);
  const listedHosts = new Set(origins.map((origin) => new URL(origin).host));
  const anyHost = !options.open && !isLoopbackAddress(options.listenAddress);
  return {
    origins,
    hostAllowed(host) {
      if (typeof host !== 'string') return false;
      if (anyHost || LOOPBACK_HOST.test(host)) return true;
      // A proxy on this machine may hand on the name it is reached by. An open server is nobody's but this machine's.
      return !options.open && listedHosts.has(host.toLowerCase());
    },
    originAllowed(origin, received) {
      if (origin === null || origin === undefined || listed.has(origin)) return true;
      return (options.open && LOOPBACK_ORIGIN.test(origin)) || isSameOrigin(origin, received);
    },
  };
}

/** Whether listening on this address (`HOST`) reaches only this machine. */
export function isLoopbackAddress(address: string): boolean {
  return LISTEN_ADDRESS.test(address);
}

/**
 * Only the host of a request without TLS counts: a proxy that is not in `INKWIRE_TRUSTED_PROXIES` may have
 * taken the TLS off. A page without TLS is none of a server with it: anybody on the way can have written it.
 */
function isSameOrigin(origin: string, { host, secure }: ReceivedBy): boolean {
  const [, scheme, originHost] = /^(https?):\/\/([^/@\s]+)$/i.exec(origin) ?? [];
  if (originHost === undefined || host === undefined) return false;
  return originHost.toLowerCase() === host.toLowerCase() && !(secure && scheme?.toLowerCase() === 'http');
}

function parseOrigins(text: string): string[] {
  const items = text.split(',').map((item) => item.trim());
  return items.filter((item) => item !== '').map(parseOrigin);
}

function parseOrigin(text: string): string {
  if (text.includes('*')) {
    throw new ConfigError(
      'INKWIRE_ORIGINS (--origins) cannot hold a *: pages nobody here knows could then use the server. Name each origin.',
    );
  }
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.origin !== text.toLowerCase()) {
    const example = url !== null && /^https?:$/.test(url.protocol) ? url.origin : 'https://app.example.com';
    throw new ConfigError(
      `INKWIRE_ORIGINS (--origins) must list origins such as ${example}, separated by commas: a scheme, a host, a port if it is not the usual one. "${text}" is none.`,
    );
  }
  return url.origin;
}
