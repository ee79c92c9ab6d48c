import { type Connection, type Document, Hocuspocus, type HookName } from '@hocuspocus/server';
import type { DocumentHandle, DocumentStore, MergeUpdates } from '../../persistence/document-store.ts';
import type { LogWriter } from '../../persistence/log-writer.ts';
import { ERRORS, type ErrorCode, InkwireError } from '../../protocol/errors.ts';
import type { Identity } from '../../protocol/identity.ts';
import { LiveDocument } from './document/live-document.ts';
import { LoadGate } from './document/load-gate.ts';
import { Room } from './document/room.ts';
import { entryRole, isRefusal, mayWrite, type SocketAccess } from './session/channel-access.ts';
import type { WebSocketLike } from './session/client-socket.ts';
import type { SocketVisit } from './session/socket-visit.ts';
import { type Client, keepAnyName, type RequestLike } from './upstream.ts';

/** What is known of a connection; Hocuspocus hands it to every hook. */
export interface SessionContext {
  /** The client's socket: closing it closes every document on it. */
  readonly socket?: WebSocketLike;
  /** What the limits have to say of that socket. */
  readonly visit?: SocketVisit;
  /** Who the log names as the author of this session's edits; `null` when unknown. */
  readonly author: string | null;
  /** Who the session's token speaks for; none before it is checked, and for the server itself. */
  readonly identity?: Identity;
}

export interface EngineParts {
  readonly store: DocumentStore;
  readonly writer: LogWriter;
  /** Folds updates into a snapshot. */
  readonly merge: MergeUpdates;
  readonly access: Pick<SocketAccess, 'identify'>;
  readonly onError: (what: string, error: unknown) => void;
}

/** The hooks that are used. Upstream builds a promise chain for every other one as well, several for each message. */
const HOOKS: ReadonlySet<HookName> = new Set(['onAuthenticate', 'connected', 'onTokenSync', 'onStateless']);

const DONE = Promise.resolve();

/**
 * Hocuspocus, mounted: the one file that names its hooks and overrides its methods.
 *
 * Unloading is decided here. Upstream can hand out a document that is being unloaded, and drops one
 * whose edits are not stored; so a document is *pinned* while it is handed out, and leaves memory only
 * when nobody is in it, nothing pins it and everything of it is committed.
 */
export class Engine extends Hocuspocus<SessionContext> {
  readonly #parts: EngineParts;
  readonly #live = new Map<Document, LiveDocument>();
  readonly #pins = new Map<string, number>();
  readonly #loads = new LoadGate(() => performance.now());
  #stopping = false;
  #onEmpty: () => void = () => {};

  constructor(parts: EngineParts) {
    // Documents and frames of a socket are counted before Hocuspocus sees them, and refused by our table.
    super({ quiet: true, maxPendingDocuments: Number.POSITIVE_INFINITY });
    this.#parts = parts;
    this.configure({
      extensions: [
        {
          onAuthenticate: async ({ token, documentName, connectionConfig, context }) => {
            const identity = await this.#identify(token, context);
            const tooMany = context.visit?.signedIn(identity) ?? null;
            if (tooMany !== null) throw closing(context.socket, tooMany);
            const role = entryRole(identity, documentName);
            if (role === null) {
              context.visit?.refused('forbidden');
              throw new Refused(new InkwireError('forbidden'));
            }
            connectionConfig.readOnly = !mayWrite(role);
            return { identity, author: identity.sub };
          },
          connected: async ({ connection }) => {
            if (this.liveOf(connection.document)?.gone) closeWith(connection.context.socket, 'document-deleted');
          },
        },
      ],
    });
  }

  /** The live document of this name, when it is in memory. */
  live(name: string): LiveDocument | undefined {
    const document = this.documents.get(name);
    return document === undefined ? undefined : this.#live.get(document);
  }

  liveOf(document: Document): LiveDocument | undefined {
    return this.#live.get(document);
  }

  /** Opens a document for the server's own use and keeps it in memory until `use` has ended. */
  async withDocument<T>(name: string, use: (live: LiveDocument) => T | Promise<T>): Promise<T> {
    const unpin = this.#pin(name);
    try {
      const request = { url: '' } as RequestLike;
      const document = await super.createDocument(name, request, 'server', { isAuthenticated: true, readOnly: false }, { author: null });
      const live = this.#live.get(document);
      if (live === undefined) throw new InkwireError('internal', 'The document was closed while it was opened.');
      return await use(live);
    } catch (error) {
      throw error instanceof Refused ? error.refusal : error;
    } finally {
      unpin();
    }
  }

  /** Closes a deleted document's sockets and drops it from memory. */
  dropDeleted(handle: DocumentHandle): void {
    const live = this.live(handle.name);
    if (live === undefined || live.handle !== handle || live.gone) return;
    live.markGone();
    for (const { context } of live.document.getConnections()) closeWith((context as SessionContext).socket, 'document-deleted');
    this.documents.delete(handle.name);
    // The next turn: sockets leave their document while they close.
    setImmediate(() => live.document.destroy());
  }

  /** For a shutdown: resolves when every document has left memory, as they do once their sockets are closed. Nothing is compacted any more. */
  unloadAll(): Promise<void> {
    this.#stopping = true;
    for (const name of this.documents.keys()) this.#unloadIfIdle(name);
    if (this.#live.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onEmpty = resolve;
    });
  }

  /** Destroys what is still in memory, so that no timer outlives the server. What was not committed was not acknowledged. */
  destroyAll(): void {
    for (const { document } of this.#live.values()) document.destroy();
    this.documents.clear();
  }

  override handleConnection(...args: Parameters<Hocuspocus<SessionContext>['handleConnection']>): Client {
    const client = super.handleConnection(...args);
    keepAnyName(client);
    return client;
  }

  // A caller resumes some microtasks after this resolves, and only then registers its connection:
  // the pin lasts until the next turn of the event loop.
  override async createDocument(...args: Parameters<Hocuspocus<SessionContext>['createDocument']>): Promise<Document> {
    const unpin = this.#pin(args[0]);
    try {
      return await super.createDocument(...args);
    } finally {
      setImmediate(unpin);
    }
  }

  // What is stored is read before there is a document, so that a failed load leaves nothing to clean up ([D5]).
  override async loadDocument(...args: Parameters<Hocuspocus<SessionContext>['loadDocument']>): Promise<Document> {
    const [name, , , , context] = args;
    const { store, writer, merge, onError } = this.#parts;
    try {
      const loaded = await this.#loads.run(
        () => store.load(name),
        (error) => !(error instanceof InkwireError) || error.code === 'database-unavailable',
      );
      if (loaded.damage !== undefined) onError('reading a snapshot', new InkwireError('internal', loaded.damage));
      const room = new Room(name);
      const document = room as unknown as Document;
      try {
        const now = () => performance.now();
        const parts = { store, writer, merge, authorOf, verifiedSub, now, onError, onQuiet: () => this.#unloadIfIdle(name) };
        this.#live.set(document, new LiveDocument(room, loaded, parts));
      } catch (error) {
        room.destroy();
        throw new InkwireError('internal', `What is stored of "${name}" cannot be read; nothing was changed.`, { cause: error });
      }
      room.isLoading = false;
      room.on('destroy', () => {
        this.#live.delete(document);
        if (this.#live.size === 0) this.#onEmpty();
      });
      return document;
    } catch (error) {
      const refusal = error instanceof InkwireError ? error : new InkwireError('database-unavailable', undefined, { cause: error });
      if (refusal.code !== 'document-deleted') onError('loading a document', error);
      closeWith(context?.socket, refusal.code);
      throw new Refused(refusal);
    }
  }

  // Upstream asks this before it runs the unload hooks and again, synchronously, before it deletes.
  override shouldUnloadDocument(document: Document): boolean {
    if (this.#pins.has(document.name)) return false;
    const live = this.#live.get(document);
    if (live?.busy) {
      live.reportCommit();
      return false;
    }
    return super.shouldUnloadDocument(document);
  }

  // Upstream deletes by name; the name may belong to a younger document by then, created after a delete.
  override async unloadDocument(document: Document): Promise<void> {
    if (this.documents.get(document.name) !== document || document.getConnectionsCount() > 0) return;
    if (!this.#stopping) this.#live.get(document)?.compact(true);
    await super.unloadDocument(document);
  }

  override hooks(...[name, ...rest]: Parameters<Hocuspocus<SessionContext>['hooks']>): Promise<unknown> {
    return HOOKS.has(name) ? super.hooks(name, ...rest) : DONE;
  }

  /**
   * A refused token closes its document, not the socket: others on it may be allowed, and a stock
   * provider answers every close code by connecting again with the same token. When it is not the
   * token's fault the socket is closed, so that the same one is tried again.
   */
  async #identify(token: string, { socket, visit }: SessionContext): Promise<Identity> {
    try {
      return await this.#parts.access.identify(token);
    } catch (error) {
      const tooMany = isRefusal(error) && error.code === 'token-invalid' ? (visit?.badToken() ?? null) : null;
      if (tooMany !== null) throw closing(socket, tooMany);
      if (isRefusal(error)) {
        visit?.refused(error.code);
        throw new Refused(error);
      }
      this.#parts.onError('checking a token', error);
      const trouble = error instanceof InkwireError ? error : new InkwireError('internal', undefined, { cause: error });
      closeWith(socket, trouble.code);
      throw new Refused(trouble);
    }
  }

  #pin(name: string): () => void {
    this.#pins.set(name, (this.#pins.get(name) ?? 0) + 1);
    return () => {
      const left = (this.#pins.get(name) ?? 1) - 1;
      if (left > 0) this.#pins.set(name, left);
      else {
        this.#pins.delete(name);
        this.#unloadIfIdle(name);
      }
    };
  }

  #unloadIfIdle(name: string): void {
    const document = this.documents.get(name);
    if (document !== undefined) void this.unloadDocument(document);
  }
}

/** What is thrown through Hocuspocus, which prints every error that has a message and tells the client the reason. */
class Refused {
  readonly refusal: InkwireError;
  /** What the client is told: what is wrong with its token, or what stock Hocuspocus says of a document it may not see. */
  readonly reason: string;

  constructor(refusal: InkwireError) {
    this.refusal = refusal;
    this.reason = ERRORS[refusal.code].status === 401 ? refusal.code : 'permission-denied';
  }
}

/** Closes a socket for a refusal, which is to be thrown through Hocuspocus then. */
function closing(socket: WebSocketLike | undefined, code: ErrorCode): Refused {
  closeWith(socket, code);
  return new Refused(new InkwireError(code));
}

/** Closes a socket with an error's close code, and its title or what was wrong this time. */
export function closeWith(socket: WebSocketLike | undefined, code: ErrorCode, detail: string = ERRORS[code].title): void {
  if (socket?.readyState === 1 && code !== 'shutting-down') socket.onRefusal?.(code);
  socket?.close(ERRORS[code].close ?? 1011, detail);
}

function authorOf(origin: unknown): string | null {
  const source = origin as { connection?: { context: SessionContext }; context?: SessionContext } | null;
  return (source?.connection?.context ?? source?.context)?.author ?? null;
}

/** Who a connection's edits are by, where a token says so; `null` for a guest. */
function verifiedSub({ context }: Connection): string | null {
  const { identity } = context as SessionContext;
  return identity?.verified ? identity.sub : null;
}
