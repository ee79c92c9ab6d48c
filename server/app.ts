/// <reference types="node" preserve="true" />
import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Extension, Hocuspocus } from '@hocuspocus/server';
import type { Logger } from 'pino';
import { SCHEMA_VERSION } from '../document/schema.ts';
import { openAccessStore } from '../persistence/access-store.ts';
import { openAssetStore } from '../persistence/assets/postgres-asset-store.ts';
import { openS3 } from '../persistence/assets/s3-objects.ts';
import { describeDatabase } from '../persistence/database-address.ts';
import { describeDatabaseFailure } from '../persistence/database-errors.ts';
import { databaseIdentity } from '../persistence/database-identity.ts';
import type { LogLevel } from '../persistence/database-log.ts';
import { watchDurability } from '../persistence/durability.ts';
import { startEmbeddedPostgres } from '../persistence/embedded/embedded-postgres.ts';
import { LogWriter } from '../persistence/log-writer.ts';
import { openNotifications } from '../persistence/notifications.ts';
import { openPostgresStore } from '../persistence/postgres-store.ts';
import type { Identity } from '../protocol/identity.ts';
import { createAccess, openAccess } from './access/access.ts';
import { createAssets } from './assets/assets.ts';
import { collectRegularly } from './assets/collecting.ts';
import { MovingOut } from './assets/moving-out.ts';
import { bucketOf } from './bucket.ts';
import type { OpenBroker } from './cluster/broker.ts';
import { chosenBroker } from './cluster/brokers/choice.ts';
import { nodeInfo, RunningCluster } from './cluster/cluster.ts';
import { type Config, ConfigError, readConfig } from './config.ts';
import { openEdge } from './edge/edge.ts';
import { isLoopbackAddress } from './edge/origin.ts';
import { createEdits } from './edits/edits.ts';
import { createHistory } from './history/history.ts';
import { createHttpApp } from './http/app.ts';
import { httpListener } from './http/listener.ts';
import { openLinks } from './links.ts';
import { createLog } from './ops/log.ts';
import { readiness } from './ops/readiness.ts';
import { seldom } from './ops/seldom.ts';
import { within } from './ops/within.ts';
import { openStores } from './stores.ts';
import { Connections } from './sync/connections.ts';
import { Documents } from './sync/documents.ts';
import { HeadWatch } from './sync/head-watch.ts';
import type { Host } from './sync/hocuspocus/host.ts';
import { Rooms } from './sync/rooms.ts';
import { seedWelcome } from './sync/welcome.ts';
import { mountUnder } from './transport/base-path.ts';
import { readCertificate } from './transport/certificate.ts';
import { createServer, listen } from './transport/http-server.ts';
import { version } from './version.ts';
import { createConversions } from './workers/convert.ts';
import { createCut } from './workers/cut.ts';
import { createHistoryReader } from './workers/history.ts';
import { WorkerPool } from './workers/pool.ts';
import { createStorage } from './workers/storage.ts';

export type { Broker, BrokerEvents, OpenBroker } from './cluster/broker.ts';
export { type BrokerLine, LineBroker } from './cluster/brokers/line-broker.ts';

/** A running server. */
export interface App {
  /** Where it listens, `http://host:port` with the base path; `https:` with a certificate. */
  readonly url: string;
  /** Where its documents lie, for a person to read; never holds a password. */
  readonly storage: string;
  /** Who may come in: everyone on this machine, or who has a token. */
  readonly access: 'open' | 'tokens';
  /** The Hocuspocus that extensions are handed as `instance`; `null` without extensions. */
  readonly hocuspocus: Hocuspocus | null;
  /** Commits what it holds, closes the sockets with 1012 and stops, within the shutdown limit ([D7]). Safe to call twice. */
  close(): Promise<void>;
}

/** What a program may set: every option of `options.ts`, and what only a program can. */
export interface AppOptions extends Partial<Config> {
  /** Hocuspocus extensions, run as they are; see docs/extensions.md. One that cannot be run is an `ExtensionError`. */
  readonly extensions?: readonly Extension[] | undefined;
  /** Another broker than those of `options.ts` to carry messages between nodes. */
  readonly openBroker?: OpenBroker | undefined;
}

/**
 * Starts Inkwire: the composition root, where the parts meet. Options not given have the defaults of
 * `options.ts`. Rejects with a `ConfigError` when an option cannot be used, and with the cause when
 * the database or the port cannot be had; nothing is left running then.
 */
export async function createApp({ extensions = [], openBroker, ...options }: AppOptions = {}): Promise<App> {
  const config: Config = { ...readConfig(), ...options };
  // A secret that can be guessed is refused to a program that calls this, too.
  readConfig({ secret: config.secret, jwksUrl: config.jwksUrl });
  const open = config.secret === '' && config.jwksUrl === '';
  if (open && config.socket === '') refuseOpenToTheWorld(config.host);
  const bucket = bucketOf(config);
  const certificate = await readCertificate({ cert: config.tlsCert, key: config.tlsKey });
  const log = createLog(config.logLevel, (error) => describeDatabaseFailure(error, { embedded: config.databaseUrl === '' }));
  const cleanup: (() => unknown)[] = [];

  const edge = openEdge(config, { open, now: () => performance.now(), onRefusals: (line) => log.warn(line, 'refused') });
  cleanup.push(() => edge.close());

  try {
    const onLog = (level: LogLevel, text: string) => log[level]({ part: 'postgres' }, text);
    const onProgress = (text: string) => onLog('debug', `Inkwire is ${text}`);
    const postgres =
      config.databaseUrl === '' ? await startEmbeddedPostgres({ dataDir: resolve(config.dataDir), onLog, onProgress }) : null;
    if (postgres !== null) cleanup.push(() => postgres.stop());
    const databaseUrl = postgres?.url ?? config.databaseUrl;
    const workers = new WorkerPool();
    cleanup.push(() => workers.close());
    const storage = createStorage(workers, databaseUrl);
    const store = await openPostgresStore(databaseUrl, { onLog, loadLarge: (name) => storage.loadLarge(name) });
    cleanup.push(() => store.close());
    const assetStore = openAssetStore(databaseUrl, { objects: bucket === null ? null : openS3(bucket), onLog });
    cleanup.push(() => assetStore.close());
    const stores = openStores(databaseUrl);
    cleanup.push(() => stores.close());
    const lookAtDurability = watchDurability(databaseUrl, (sentence) => log.warn(sentence));
    await lookAtDurability();
    const onRevocationsUnread = (error: unknown) =>
      log.warn({ error }, 'the database does not answer; tokens revoked on other nodes are taken here until it does');
    // It is said again the next time they come.
    const onWriter = ({ sub, name }: Identity) => void stores.people.note(sub, name).catch(() => {});
    const access = open
      ? openAccess()
      : await createAccess({ ...config, onError: onRevocationsUnread, onWriter }, openAccessStore(databaseUrl), Date.now);
    cleanup.push(() => access.close());

    const broker =
      openBroker ?? (await chosenBroker({ ...config, notifications: openNotifications.bind(null, databaseUrl) }).catch(asConfigError));
    const writer: LogWriter = new LogWriter(store, {
      maxHeldBytes: config.maxHeldBytes,
      maxHeldBytesPerDocument: config.maxHeldBytesPerDocument,
      appendLarge: (entry) => storage.appendLarge(entry),
      onDeleted: (handle) => rooms.deleted(handle),
      ...(broker === null ? {} : { onCommitted: (commit) => rooms.committed(commit) }),
      onFellBack: (handle) => {
        log.error(
          { document: handle.name, version: handle.head },
          'the database has fallen back to before this version: commits are lost. What is in memory is committed again; documents that nobody has open are not complete before a client that has them comes back',
        );
        return rooms.lostUpdates(handle);
      },
      onRetry: (error, attempt) => {
        if (attempt === 1) log.warn({ error }, 'the database does not answer; edits are held and go unacknowledged until it does');
      },
      onRecovered: () => {
        log.info('the database answers again; everything held is committed');
        // It may be another one, or have been started with other settings.
        lookAtDurability().catch(() => {});
      },
    });
    cleanup.push(() => writer.close());
    const onError = (what: string, error: unknown) => log.error({ error }, `${what} failed`);
    let accepting = true;
    const host = extensions.length === 0 ? null : await openHost(extensions, log);
    const hooks = host?.hooks ?? {};
    const onTrace = (fields: Readonly<Record<string, unknown>>, event: string) => log.debug(fields, event);
    const heads = new HeadWatch({ store, writer, handles: () => rooms.handles() });
    let listensAt = '';
    const nodeId = randomBytes(8).toString('hex');
    const startedAt = Date.now();
    const status = () => ({ url: listensAt, version, startedAt, documents: rooms.size, connections: connections.size, ready: accepting });
    const cluster =
      broker === null
        ? null
        : await RunningCluster.start({
            openBroker: broker,
            identity: `inkwire:${await databaseIdentity(databaseUrl)}`,
            store,
            compare: (handles, onHead) => heads.compare(handles, onHead),
            fellBack: (handle) => writer.recover(handle),
            id: nodeId,
            status,
            now: () => performance.now(),
            onBroker: (reason) => {
              if (reason === null) log.info('messages go from node to node');
              else log.warn({ reason }, 'nodes do not hear each other; the log is asked twice a second instead, and nothing is lost');
            },
            onError,
          });
    cleanup.push(() => cluster?.close());
    const rooms: Rooms = new Rooms({
      ...(cluster === null ? {} : { cluster, claim: store.claimClientIds.bind(store) }),
      store,
      writer,
      compact: (handle) => storage.compact(handle),
      loadState: (handle, since) => storage.loadState(handle, since),
      cut: createCut(workers),
      now: () => performance.now(),
      onError,
      onTrace,
      hooks,
    });
    const connections: Connections = new Connections({
      rooms,
      access,
      limits: config,
      schemaVersion: SCHEMA_VERSION,
      now: Date.now,
      onError,
      onTrace,
      hooks,
    });
    await host?.start(rooms);
    const documents = new Documents(rooms, store, cluster === null);
    const conversions = createConversions(workers, {
      timeoutMs: config.conversionTimeoutMs,
      fonts: config.fonts.split(':').filter((path) => path !== ''),
    });

    const history = createHistory(createHistoryReader(workers, databaseUrl, config.conversionTimeoutMs), stores);
    const { app: http } = createHttpApp({
      documents,
      access,
      conversions,
      edits: createEdits({ documents, conversions, history, store: stores.edits }),
      history,
      assets: createAssets(assetStore, config, () => movingOut.kick()),
      readiness: readiness({
        ping: () => store.ping(),
        accepting: () => accepting,
        broker: cluster === null ? undefined : () => cluster.connected,
      }),
      nodes: () => cluster?.nodes() ?? [nodeInfo(nodeId, status(), nodeId)],
      edge,
      config,
      webRoot: fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? '../dist/web/' : '../web/', import.meta.url)),
      log,
      onOutage: seldom((error) => log.warn({ error }, 'the database does not answer; requests are refused until it does')),
    });
    await seedWelcome(documents, store);

    const links = openLinks({
      edge,
      connections,
      config,
      accepting: () => accepting,
      mayUpgrade: host?.mayUpgrade,
      channel: cluster?.channel,
    });
    const listener = httpListener(http);
    const server = createServer(links.answering(host?.answering(listener) ?? listener), config, certificate, {
      onReload: () => log.info('the certificate was read again'),
      onError: (error) => log.error({ error }, 'the certificate has changed and cannot be used; the last good one stays'),
    });
    mountUnder(server, config.basePath);
    links.mount(server);
    heads.start();
    cleanup.push(() => heads.stop());
    const movingOut = new MovingOut({
      store: assetStore,
      onAway: (error) =>
        log.warn({ error }, 'pictures and files cannot be moved to their storage; they stay in the database until they can'),
      onBack: () => log.info('the storage of pictures and files answers again'),
    });
    cleanup.push(() => movingOut.stop());
    movingOut.kick();
    const stopCollecting = collectRegularly({
      store: assetStore,
      graceHours: config.assetGraceHours,
      now: Date.now,
      random: Math.random,
      onCollected: ({ assets, uploads }) =>
        log.info({ assets: assets.length, uploads }, 'pictures and files that nothing needs were removed'),
      onError: (error) => log.warn({ error }, 'pictures and files that nothing needs could not be collected; it is tried again in an hour'),
    });
    cleanup.push(stopCollecting);
    const port = await listen(server, config);
    listensAt = port === null ? `unix:${config.socket}` : addressOf(config.host, port, certificate !== null) + config.basePath;
    await host?.listening(port ?? 0);

    let closing: Promise<void> | null = null;
    const close = async (): Promise<void> => {
      // The monotonic clock: the other one may be set back meanwhile.
      const deadline = performance.now() + config.shutdownTimeoutMs;
      const left = () => Math.max(0, deadline - performance.now());
      accepting = false;
      heads.stop();
      stopCollecting();
      const moved = movingOut.stop();
      // Half of the time goes to the commit; a client keeps and resends whatever is not acknowledged by then.
      const drained = await writer.drain(left() / 2);
      if (!drained) log.warn('the database does not answer; edits that were not acknowledged stay with their clients');
      await connections.closeAll('shutting-down', left() / 3);
      host?.flush();
      await within(left() / 2, rooms.unloadAll());
      links.close();
      edge.close();
      await within(left() / 2, host?.destroy() ?? Promise.resolve());
      rooms.destroyAll();
      await within(left() / 2, cluster?.close() ?? Promise.resolve());
      writer.close();
      server.closeAllConnections();
      await within(left() / 2, new Promise((done) => server.close(done)));
      await within(left(), Promise.all([moved, workers.close()]));
      await within(left(), Promise.all([access.close(), assetStore.close(), stores.close(), store.close()]));
      await postgres?.stop();
    };

    return {
      url: listensAt,
      storage: postgres === null ? describeDatabase(config.databaseUrl) : postgres.dataDir,
      access: access.mode,
      hocuspocus: host?.instance ?? null,
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

/** Opens the door to Hocuspocus, which is loaded when there is an extension. */
async function openHost(extensions: readonly Extension[], log: Logger): Promise<Host> {
  const { Host } = await import('./sync/hocuspocus/host.ts');
  return new Host({
    extensions,
    onHookError: (fields, isFault) => log[isFault ? 'error' : 'info'](fields, isFault ? 'an extension has failed' : 'an extension refused'),
  });
}

function addressOf(host: string, port: number, isSecure: boolean): string {
  return `${isSecure ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function asConfigError(error: unknown): never {
  throw error instanceof RangeError ? new ConfigError(`INKWIRE_BROKER (--broker) ${error.message}.`) : error;
}

/** Without a secret, everybody who reaches the port may read and write everything ([A3]). */
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
