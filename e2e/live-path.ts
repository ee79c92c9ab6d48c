import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SCHEMA_VERSION } from '../document/schema.ts';
import { mergeIntoSnapshot } from '../document/updates/snapshot.ts';
import type { DocumentStore } from '../persistence/document-store.ts';
import { LogWriter } from '../persistence/log-writer.ts';
import { openPostgresStore } from '../persistence/postgres-store.ts';
import type { Identity } from '../protocol/identity.ts';
import type { Link, LinkListener } from '../server/ports/link.ts';
import { type ConnectionAccess, Connections } from '../server/sync/connections.ts';
import { type Dialect, dialectOf, HOCUSPOCUS, withoutToken } from '../server/sync/dialect.ts';
import { Documents } from '../server/sync/documents.ts';
import { Rooms } from '../server/sync/rooms.ts';
import { HttpLinks } from '../server/transport/http-links.ts';
import { mountWebSocket } from '../server/transport/websocket.ts';
import { createCut } from '../server/workers/cut.ts';
import { WorkerPool } from '../server/workers/pool.ts';

/** Most bytes one document may hold uncommitted here: small, so that a test reaches it. */
export const HELD_BYTES_PER_DOCUMENT = 64 * 1024;

/** What a client may leave unread here before it gets differences. */
export const SLOW_READER_BYTES = 256 * 1024;

/** The largest document here. */
export const DOCUMENT_BYTES = 4 * 1024 * 1024;

/** What a test sets otherwise than usual. */
export interface LivePathSettings {
  readonly access: ConnectionAccess;
  readonly maxDocumentsPerSocket: number;
  readonly maxPresenceBytes: number;
  readonly tokenGraceMs: number;
  /** The latest version of the document schema. */
  readonly schemaVersion: number;
  /** A clock, ms since 1970. */
  readonly now: () => number;
  /** Most bytes one document may hold uncommitted. */
  readonly heldBytesPerDocument: number;
  /** Largest message, bytes. */
  readonly maxFrameBytes: number;
}

/** Everyone is a guest called Ada, who may do what `access` says. */
export function guest(access: Identity['access'] = { '*': 'admin' }): Identity {
  return { sub: 'Ada', name: 'Ada', verified: false, tokenId: null, shareLink: null, issuedAt: null, expiresAt: null, access };
}

const SETTINGS: LivePathSettings = {
  access: { identify: async () => guest(), isRevoked: () => false, onRevocation: () => () => {} },
  maxDocumentsPerSocket: 1_000,
  maxPresenceBytes: 8 * 1024,
  tokenGraceMs: 30_000,
  schemaVersion: SCHEMA_VERSION,
  now: Date.now,
  heldBytesPerDocument: HELD_BYTES_PER_DOCUMENT,
  maxFrameBytes: 1024 * 1024,
};

/** The parts of a server that edits pass, in this process, on a real Postgres whose answers a test can hold back. */
export class LivePath {
  readonly rooms: Rooms;
  readonly documents: Documents;
  readonly writer: LogWriter;
  readonly store: DocumentStore;
  /** What failed on the way, as a server would log it. */
  readonly errors: string[] = [];
  /** The links that are open. */
  readonly links = new Set<Link>();
  readonly #connections: Connections;
  readonly #server: Server;
  readonly #http: HttpLinks;
  readonly #workers = new WorkerPool();
  readonly #sockets: { close(): void };

  private constructor(store: DocumentStore, settings: LivePathSettings) {
    const { access, heldBytesPerDocument, maxFrameBytes } = settings;
    this.store = store;
    this.writer = new LogWriter(store, {
      maxHeldBytes: 64 * heldBytesPerDocument,
      maxHeldBytesPerDocument: heldBytesPerDocument,
      onDeleted: (handle) => this.rooms.deleted(handle),
      onFellBack: (handle) => this.rooms.lostUpdates(handle),
      onRetry: () => {},
    });
    const onError = (what: string, error: unknown) => void this.errors.push(`${what}: ${error}`);
    this.rooms = new Rooms({
      store,
      writer: this.writer,
      compact: (handle) => store.compact(handle, mergeIntoSnapshot),
      loadState: async ({ name }) => {
        const { snapshot, updates } = await store.load(name);
        return mergeIntoSnapshot(snapshot, updates);
      },
      cut: createCut(this.#workers),
      now: () => performance.now(),
      onError,
    });
    const limits = {
      slowReaderBytes: SLOW_READER_BYTES,
      maxUnreadBytes: 32 * SLOW_READER_BYTES,
      maxDocumentBytes: DOCUMENT_BYTES,
      ...settings,
    };
    const { schemaVersion, now } = settings;
    this.#connections = new Connections({ rooms: this.rooms, access, limits, schemaVersion, now, onError });
    this.documents = new Documents(this.rooms, store);
    this.#http = new HttpLinks({ maxFrameBytes, admit: () => null, open: (link, request) => this.#open(link, request, HOCUSPOCUS) });
    this.#server = createServer(this.#http.answering((_, response) => response.writeHead(404).end()));
    this.#sockets = mountWebSocket(this.#server, {
      maxFrameBytes,
      admit: ({ url = '/' }) => {
        const dialect = dialectOf(url);
        return typeof dialect === 'string' ? dialect : null;
      },
      open: (link, request) => this.#open(link, request, dialectOf(request.url ?? '/') as Dialect),
    });
  }

  #open(link: Link, { url = '/', headers }: IncomingMessage, dialect: Dialect): LinkListener {
    this.links.add(link);
    const connection = this.#connections.open(link, withoutToken({ url, headers }), dialect);
    return {
      receive: (frame) => connection.receive(frame),
      refuse: (code) => connection.refuse(code),
      closed: (end) => {
        this.links.delete(link);
        connection.closed(end);
      },
    };
  }

  /** `faults` puts its methods before the real store's, which it is given. */
  static async start(
    databaseUrl: string,
    faults: (real: DocumentStore) => Partial<DocumentStore> = () => ({}),
    settings: Partial<LivePathSettings> = {},
  ): Promise<LivePath> {
    const real = await openPostgresStore(databaseUrl);
    const path = new LivePath(withFaults(real, faults(real)), { ...SETTINGS, ...settings });
    await new Promise<void>((resolve) => path.#server.listen(0, '127.0.0.1', resolve));
    return path;
  }

  get collab(): string {
    return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}/collab`;
  }

  async stop(): Promise<void> {
    this.#connections.closeAll('shutting-down');
    this.#sockets.close();
    this.#http.close();
    this.rooms.destroyAll();
    this.writer.close();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    await this.#workers.close();
    await this.store.close();
  }
}

/** The real store, with some of its methods answered by a test. */
function withFaults(real: DocumentStore, faults: Partial<DocumentStore>): DocumentStore {
  return new Proxy(real, {
    get(target, key: keyof DocumentStore) {
      const method = faults[key] ?? target[key];
      return typeof method === 'function' ? method.bind(faults[key] === undefined ? target : faults) : method;
    },
  });
}
