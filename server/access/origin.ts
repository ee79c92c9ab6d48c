/**
 * Who may reach a server that runs open (without a secret). It listens on loopback only, so the way
 * in that is left is a page of another site in a browser on this machine: by a request across origins,
 * or by a DNS name of its own that it points at 127.0.0.1 (DNS rebinding). The `Host` a browser sends
 * betrays the second, the `Origin` the first.
 */

const LOOPBACK_NAME = String.raw`(?:[a-z0-9-]+\.)*localhost|127(?:\.\d{1,3}){3}`;
const PORT = String.raw`(?::\d{1,5})?`;
const HOST_HEADER = new RegExp(String.raw`^(?:${LOOPBACK_NAME}|\[::1\])${PORT}$`, 'i');
const ORIGIN_HEADER = new RegExp(String.raw`^https?://(?:${LOOPBACK_NAME}|\[::1\])${PORT}$`, 'i');
const LISTEN_ADDRESS = new RegExp(`^(?:${LOOPBACK_NAME}|::1)$`, 'i');

/**
 * Whether a `Host` header names this machine: localhost, *.localhost, 127.0.0.0/8 or [::1], any port.
 * A request that fails is refused with `host-refused`.
 */
export function hostAllowed(host: string | null | undefined): boolean {
  return typeof host === 'string' && HOST_HEADER.test(host);
}

/**
 * Whether a request with this `Origin` header is served: no header (a script, or a page of our own)
 * or an origin on this machine, any port, so that a development server may embed the editor. Any
 * other, and the opaque `null` of a sandboxed frame, is refused with `origin-refused`.
 */
export function originAllowed(origin: string | null | undefined): boolean {
  return origin === null || origin === undefined || ORIGIN_HEADER.test(origin);
}

/** Whether listening on this address (`HOST`) reaches only this machine. */
export function isLoopbackAddress(address: string): boolean {
  return LISTEN_ADDRESS.test(address);
}
