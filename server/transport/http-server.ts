import { chmod, stat, unlink } from 'node:fs/promises';
import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http';
import { createServer as createHttpsServer, type ServerOptions } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { type Certificate, type CertificateEvents, followCertificate } from './certificate.ts';

/** Most headers of a request; further ones are dropped. A browser behind two proxies sends about thirty. */
const MAX_HEADERS = 100;

/** Longest time between two looks at the time limits of all connections, ms. */
const MAX_CHECK_INTERVAL_MS = 5_000;

export interface HttpServerLimits {
  /** Longest time the headers of a request, or a TLS handshake, may take, ms. 408 and the end of the connection beyond. */
  readonly headersTimeoutMs: number;
  /** Longest time a whole request may take to arrive, ms. The same beyond. */
  readonly requestTimeoutMs: number;
}

/**
 * A server that gives no connection for ever to send its request: a slow-loris client holds it for
 * seconds. WebSockets are let off once they are upgraded. With a certificate it speaks HTTPS, and takes
 * up the certificate again whenever its files change.
 */
export function createServer(
  listener: RequestListener,
  limits: HttpServerLimits,
  certificate: Certificate | null,
  events: CertificateEvents,
): Server {
  const { headersTimeoutMs, requestTimeoutMs } = limits;
  const options = {
    headersTimeout: Math.min(headersTimeoutMs, requestTimeoutMs),
    requestTimeout: requestTimeoutMs,
    connectionsCheckingInterval: Math.min(MAX_CHECK_INTERVAL_MS, headersTimeoutMs / 2),
  };
  const server =
    certificate === null
      ? createHttpServer(options, listener)
      : createTlsServer({ ...options, handshakeTimeout: headersTimeoutMs }, listener, certificate, events);
  server.maxHeadersCount = MAX_HEADERS;
  return server;
}

function createTlsServer(
  options: ServerOptions,
  listener: RequestListener,
  { files, context }: Certificate,
  events: CertificateEvents,
): Server {
  const server = createHttpsServer({ ...options, ...context }, listener);
  server.once('listening', () => server.once('close', followCertificate(server, files, events)));
  return server;
}

/** Where a server listens: on a Unix socket, or on an address and a port. */
export interface Place {
  /** Path of a Unix socket; '' for none. */
  readonly socket: string;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
}

/** The owner and the group, which a proxy may be a member of. */
const SOCKET_MODE = 0o660;

/** Resolves with the port, or with `null` on a Unix socket, when the server listens; rejects when it cannot. */
export async function listen(server: Server, { socket, host, port }: Place): Promise<number | null> {
  if (socket !== '') await removeLeftover(socket);
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen(socket === '' ? { port, host } : { path: socket }, () => {
      server.off('error', fail);
      done();
    });
  });
  if (socket === '') return (server.address() as AddressInfo).port;
  await chmod(socket, SOCKET_MODE);
  return null;
}

/** A server that was killed leaves its socket behind. One that answers is another server's, and a file that is no socket is left alone. */
async function removeLeftover(path: string): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (found === null || !found.isSocket()) return;
  const answers = await new Promise<boolean>((resolve) => {
    const probe = connect(path);
    probe.once('connect', () => resolve(true)).once('error', () => resolve(false));
    probe.once('connect', () => probe.destroy());
  });
  if (!answers) await unlink(path);
}
