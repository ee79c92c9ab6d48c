import { randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeInitialContent, writeTitle } from '../document/live.ts';
import { SCHEMA_VERSION } from '../document/schema.ts';
import { openAccessStore } from '../persistence/access-store.ts';
import type { DocumentStore } from '../persistence/document-store.ts';
import { startEmbeddedPostgres } from '../persistence/embedded-postgres.ts';
import { LogWriter } from '../persistence/log-writer.ts';
import { openPostgresStore } from '../persistence/postgres-store.ts';
import { type ErrorCode, InkwireError } from '../protocol/errors.ts';
import { createAccess, openAccess } from './access/access.ts';
import { isLoopbackAddress, originRules } from './access/origin.ts';
import { type Config, ConfigError, readConfig } from './config.ts';
import { createConversions } from './convert/conversions.ts';
import { createHttpApp } from './http/app.ts';
import { httpListener } from './http/listener.ts';
import { Counters } from './limits/counters.ts';
import { Guard, MOST_BYTES_BEFORE_SIGN_IN } from './limits/guard.ts';
import { RefusalLog } from './limits/refusal-log.ts';
import { createLog } from './ops/log.ts';
import { readiness } from './ops/readiness.ts';
import { LiveDocuments } from './sync/document/live-documents.ts';
import { MergeThread } from './sync/document/merge-thread.ts';
import { closeWith, Engine } from './sync/engine.ts';
import { Sessions } from './sync/session/sessions.ts';
import { readCertificate } from './transport/certificate.ts';
import { createServer } from './transport/http-server.ts';
import { readPeers } from './transport/peer.ts';
import { mountWebSocket } from './transport/websocket.ts';

/** A running server. */
export interface App {
  /** Where it listens, `http://host:port`; `https:` with a certificate. */
  readonly url: string;
  /** Where its documents lie, for a person to read; never holds a password. */
  readonly storage: string;
  /** Who may come in: everyone on this machine, or who has a token. */
  readonly access: 'open' | 'tokens';
  /** Commits what it holds, closes the sockets with 1012 and stops, within the shutdown limit ([D7]). Safe to call twice. */
  close(): Promise<void>;
}

/**
 * Starts Inkwire: the composition root, where the parts meet. Options not given have the defaults of
 * `config.ts`. Rejects with a `ConfigError` when an option cannot be used, and with the cause when
 * the database or the port cannot be had; nothing is left running then.
 */
export async function createApp(options: Partial<Config> = {}): Promise<App> {
  const config: Config = { ...readConfig(), ...options };
  // Also of a program that calls this, a secret that can be guessed is not taken.
  readConfig({ secret: config.secret, jwksUrl: config.jwksUrl });
  const open = config.secret === '' && config.jwksUrl === '';
  if (open) refuseOpenToTheWorld(config.host);
  const peers = readPeers(config.trustedProxies);
  const rules = originRules({ open, listenAddress: config.host, origins: config.origins });
  const certificate = await readCertificate({ cert: config.tlsCert, key: config.tlsKey });
  const log = createLog(config.logLevel);
  const cleanup: (() => unknown)[] = [];

  const refused = new Counters();
  const refusals = new RefusalLog((line) => log.warn({ ...line, inAll: refused.read(line.code) }, 'refused'));
  const refuse = (code: ErrorCode, address: string): ErrorCode => {
    refused.add(code);
    refusals.refused(code, address, performance.now());
    return code;
  };
  const guard = new Guard(config, { asksForTokens: !open, isShared: peers.isShared, now: () => performance.now(), onRefusal: refuse });

  try {
    const postgres = config.databaseUrl === '' ? await startEmbeddedPostgres({ dataDir: resolve(config.dataDir) }) : null;
    if (postgres !== null) cleanup.push(() => postgres.stop());
    const databaseUrl = postgres?.url ?? config.databaseUrl;
    const store = await openPostgresStore(databaseUrl);
    cleanup.push(() => store.close());
    const onRevocationsUnread = (error: unknown) =>
      log.warn({ error: withCause(error) }, 'the database does not answer; tokens revoked on other nodes are taken here until it does');
    const access = open
      ? openAccess()
      : await createAccess({ ...config, onError: onRevocationsUnread }, openAccessStore(databaseUrl), Date.now);
    cleanup.push(() => access.close());

    const writer: LogWriter = new LogWriter(store, {
      maxHeldBytes: config.maxHeldBytes,
      maxHeldBytesPerDocument: config.maxHeldBytesPerDocument,
      onStale: (handle) => engine.dropDeleted(handle),
      onRetry: (error, attempt) => {
        if (attempt === 1)
          log.warn({ error: withCause(error) }, 'the database does not answer; edits are held and go unacknowledged until it does');
      },
      onRecovered: () => log.info('the database answers again; everything held is committed'),
    });
    cleanup.push(() => writer.close());
    const onError = (what: string, error: unknown) => log.error({ error: withCause(error) }, `${what} failed`);
    const merging = new MergeThread();
    cleanup.push(() => merging.close());
    const engine = new Engine({ store, writer, merge: merging.merge, access, onError });
    const limits = { ...config, unread: { slow: config.slowReaderBytes, most: config.maxUnreadBytes } };
    const sessions = new Sessions({ engine, access, limits, schemaVersion: SCHEMA_VERSION, now: Date.now });
    const documents = new LiveDocuments(engine, store);
    const conversions = createConversions({ timeoutMs: config.conversionTimeoutMs });
    cleanup.push(() => conversions.close());

    let accepting = true;
    const http = createHttpApp({
      documents,
      access,
      conversions,
      readiness: readiness({ ping: () => store.ping(), accepting: () => accepting }),
      admission: {
        hostAllowed: (host, incoming) => rules.hostAllowed(incoming === undefined ? host : peers.peerOf(incoming).host),
        originAllowed: (origin, incoming) =>
          rules.originAllowed(origin, incoming === undefined ? { host: undefined, secure: false } : peers.peerOf(incoming)),
        origins: rules.origins,
        addressOf: (incoming) => (incoming === undefined ? '' : peers.peerOf(incoming).address),
        isSecure: (incoming) => incoming !== undefined && peers.peerOf(incoming).secure,
        request: (address, identity) => guard.request(address, identity),
        badToken: (address) => guard.badToken(address),
        refused: refuse,
      },
      config,
      webRoot: fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? '../dist/web/' : '../web/', import.meta.url)),
      log,
    });
    await seedWelcome(documents, store);

    const server = createServer(httpListener(http), config, certificate, {
      onReload: () => log.info('the certificate was read again'),
      onError: (error) => log.error({ error: withCause(error) }, 'the certificate has changed and cannot be used; the last good one stays'),
    });
    const sockets = mountWebSocket(server, {
      maxFrameBytes: access.mode === 'open' ? config.maxFrameBytes : Math.min(config.maxFrameBytes, MOST_BYTES_BEFORE_SIGN_IN),
      admit: (request) => {
        if (!accepting) return 'shutting-down';
        const peer = peers.peerOf(request);
        if (!rules.hostAllowed(peer.host)) return refuse('host-refused', peer.address);
        if (!rules.originAllowed(request.headers.origin, peer)) return refuse('origin-refused', peer.address);
        return guard.admit(peer.address);
      },
      open: (socket, url, request, allow) => {
        const { socket: connection } = request;
        const visit = guard.visit(peers.peerOf(request).address, {
          close: (code) => closeWith(socket, code),
          bytesRead: () => connection.bytesRead,
          trust: () => allow(config.maxFrameBytes),
        });
        const session = sessions.open(socket, url, visit);
        const closed = (code: number, reason: string) => {
          visit.left();
          session.closed(code, reason);
        };
        return { ...session, closed };
      },
    });
    const sweep = setInterval(() => guard.sweep(), SWEEP_INTERVAL_MS);
    cleanup.push(() => clearInterval(sweep));
    await listen(server, config.host, config.port);
    const { port } = server.address() as AddressInfo;

    let closing: Promise<void> | null = null;
    const close = async (): Promise<void> => {
      // Of the monotonic clock: the other may be set back meanwhile.
      const deadline = performance.now() + config.shutdownTimeoutMs;
      const left = () => Math.max(0, deadline - performance.now());
      accepting = false;
      // Half of the time goes to the commit; a client keeps and resends whatever is not acknowledged by then.
      const drained = await writer.drain(left() / 2);
      if (!drained) log.warn('the database does not answer; edits that were not acknowledged stay with their clients');
      sessions.closeAll('shutting-down');
      await within(left() / 2, engine.unloadAll());
      sockets.close();
      clearInterval(sweep);
      engine.destroyAll();
      writer.close();
      server.closeAllConnections();
      await within(left() / 2, new Promise((done) => server.close(done)));
      await within(left(), Promise.all([conversions.close(), merging.close()]));
      await within(left(), Promise.all([access.close(), store.close()]));
      await postgres?.stop();
    };

    return {
      url: `${certificate === null ? 'http' : 'https'}://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`,
      storage: postgres === null ? describeDatabase(config.databaseUrl) : postgres.dataDir,
      access: access.mode,
      close: () => {
        closing ??= close();
        return closing;
      },
    };
  } catch (error) {
    for (const undo of cleanup.reverse()) await undo();
    throw error;
  }
}

/** Without a secret, whoever reaches the port may read and write everything ([A3]). */
function refuseOpenToTheWorld(host: string): void {
  if (isLoopbackAddress(host)) return;
  throw new ConfigError(
    [
      `HOST (--host) is ${host}, but without a secret Inkwire is open to whoever reaches it, so it listens on this machine only. These two lines let in who has a token, and nobody else:`,
      '',
      `  export INKWIRE_SECRET=${randomBytes(32).toString('base64url')}`,
      `  HOST=${host} npm start`,
      '',
      `The second is "inkwire serve --host ${host}" where Inkwire is installed. Keep the secret: tokens are signed with it ("inkwire token --help"). Without one, an SSH tunnel reaches this machine (ssh -L 8787:127.0.0.1:8787 …).`,
    ].join('\n'),
  );
}

/** How often sockets that have not signed in are looked at, ms. */
const SWEEP_INTERVAL_MS = 1_000;

/** The document that a fresh server starts with. */
const WELCOME = 'welcome';

/** The first start of an empty database gets a document that explains the product by example. */
async function seedWelcome(documents: LiveDocuments, store: DocumentStore): Promise<void> {
  if ((await store.count()) > 0) return;
  try {
    await store.load(WELCOME);
    // On this one start only: the Markdown parser takes a fifth of a second to load.
    const { welcome } = await import('../document/welcome.ts');
    await documents.create(WELCOME, 'Inkwire', (document) => {
      writeTitle(document, welcome.title);
      writeInitialContent(document, welcome.content);
    });
  } catch (error) {
    // Another process was first, or somebody deleted it: their word counts.
    if (!(error instanceof InkwireError)) throw error;
  }
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((done, fail) => {
    server.once('error', fail);
    server.listen(port, host, () => {
      server.off('error', fail);
      done();
    });
  });
}

/** Resolves with the promise or after `ms`, whichever is first; a failure counts as an end. */
async function within(ms: number, promise: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((done) => {
    timer = setTimeout(done, ms);
  });
  await Promise.race([promise.catch(() => {}), late]);
  clearTimeout(timer);
}

/** An error and what led to it, in a line: a full disk and a lost network are both "the database cannot be reached". */
function withCause(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? ` (${withCause(error.cause)})` : '';
  return `${error}${cause}`;
}

function describeDatabase(url: string): string {
  const { protocol, hostname, port, pathname } = new URL(url);
  return `${protocol}//${hostname}${port === '' ? '' : `:${port}`}${pathname}`;
}
