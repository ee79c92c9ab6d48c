import type { IncomingMessage, RequestListener } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Document, HookName } from '@hocuspocus/server';
import { applyUpdate, Doc, encodeStateAsUpdate } from 'yjs';
import { roleOf } from '../../../protocol/identity.ts';
import type { Hooks } from '../hooks.ts';
import type { Member } from '../member.ts';
import type { Room } from '../room.ts';
import type { SharedDoc } from '../room-parts.ts';
import type { Rooms } from '../rooms.ts';
import { mayWrite } from '../standing.ts';
import { checkExtensions } from './extensions.ts';
import { FrameHooks } from './frame-hooks.ts';
import { HOOKS } from './hook-table.ts';
import { HostedConnection } from './hosted-connection.ts';
import { HostedDocument } from './hosted-document.ts';
import { HostedHocuspocus } from './instance.ts';
import { askingFirst, mayUpgrade } from './requests.ts';
import { described, type Visitor, Visitors } from './visitors.ts';

export interface HostParts {
  readonly extensions: readonly unknown[];
  /** A hook has failed, or did not settle: ids and names, never content. `isFault` is false for a refusal. */
  readonly onHookError: (fields: Readonly<Record<string, unknown>>, isFault: boolean) => void;
}

/** Runs Hocuspocus' extensions on Inkwire's rooms and members. */
export class Host {
  readonly instance: HostedHocuspocus;
  /** What the core calls; a hook that no extension has is missing. */
  readonly hooks: Hooks;
  readonly #visitors = new Visitors();
  /** The openers that are no clients, by the document they open. */
  readonly #openers = new Map<string, Visitor>();
  /** Documents whose rooms are being opened. */
  readonly #opening = new Map<string, HostedDocument>();
  #rooms: Rooms | null = null;

  /** Throws `ExtensionError` for an extension that cannot be run. */
  constructor({ extensions: given, onHookError }: HostParts) {
    const { extensions, timing } = checkExtensions(given);
    this.instance = new HostedHocuspocus({
      extensions,
      timing,
      open: (name, context) => this.#open(name, context),
      committed: (name) =>
        this.#rooms
          ?.get(name)
          ?.log.committed(COMMIT_TIMEOUT_MS)
          .catch(() => {}) ?? Promise.resolve(),
      release: (name) => this.#rooms?.unloadIfIdle(name),
      onFault: (hook, extension, documentName, error) => {
        const message = (error as { message?: unknown } | null | undefined)?.message;
        // A rejection without a word is an extension's way to end the chain.
        if (typeof message !== 'string' || message === '') return;
        onHookError(
          { hook, extension, ...(documentName === null ? {} : { document: documentName }), error: message },
          !HOOKS[hook].mayRefuse,
        );
      },
    });
    this.hooks = this.#makeHooks();
  }

  /** Takes the rooms once they are there, and tells extensions of their configuration. */
  async start(rooms: Rooms): Promise<void> {
    this.#rooms = rooms;
    const { instance } = this;
    await instance.hooks('onConfigure', { instance, configuration: instance.configuration, version: UPSTREAM_VERSION });
  }

  async listening(port: number): Promise<void> {
    const { instance } = this;
    await instance.hooks('onListen', { instance, configuration: instance.configuration, port });
  }

  /** A listener that asks `onRequest` first. */
  answering(listener: RequestListener): RequestListener {
    return askingFirst(this.instance, listener);
  }

  /** Asks `onUpgrade`; `undefined` when no extension has it. */
  get mayUpgrade(): ((request: IncomingMessage, stream: Duplex, head: Buffer) => Promise<boolean>) | undefined {
    return this.instance.defines('onUpgrade') ? (...upgrade) => mayUpgrade(this.instance, ...upgrade) : undefined;
  }

  /** The server ends: what waits to be mirrored is mirrored. */
  flush(): void {
    this.instance.flushPendingStores();
  }

  async destroy(): Promise<void> {
    await this.instance.notify('onDestroy', { instance: this.instance });
  }

  /** Hooks are asked for when they are due, for extensions may be added to a running server. */
  #makeHooks(): Hooks {
    const { instance } = this;
    const when = <T>(hook: HookName, run: T): T | undefined => (instance.defines(hook) ? run : undefined);
    const frames = new FrameHooks(instance, (member) => this.#visitors.of(member) ?? null);
    const load = (name: string, shared: SharedDoc, opener: Member | null) => this.#load(name, shared, opener);
    const closing = ({ name }: Room) => this.#closing(name);
    const renew = (member: Member, token: string) => this.#renew(member, token);
    const stateless = (member: Member, text: string) => this.#stateless(member, text);
    return {
      document: (name, opener) => this.#document(name, opener),
      get load() {
        return when('onLoadDocument', load);
      },
      opened: (room, opener) => this.#opened(room.name, opener),
      holds: ({ name }) => {
        const document = instance.documents.get(name);
        return document !== undefined && instance.holds(document);
      },
      get closing() {
        return when('beforeUnloadDocument', closing);
      },
      closed: (name) => {
        instance.documents.delete(name);
        void instance.notify('afterUnloadDocument', { instance, documentName: name });
      },
      connect: (member) => this.#connect(member),
      authenticate: (member, token) => this.#authenticate(member, token),
      get renew() {
        return when('onTokenSync', renew);
      },
      joined: (member) => this.#joined(member),
      left: (member) => this.#left(member),
      get frame() {
        return frames.isNeeded ? frames.handle : undefined;
      },
      get stateless() {
        return when('onStateless', stateless);
      },
    };
  }

  async #closing(name: string): Promise<void> {
    const { instance } = this;
    const document = instance.documents.get(name);
    if (document !== undefined) await instance.hooks('beforeUnloadDocument', { instance, documentName: name, document });
  }

  async #connect(member: Member): Promise<void> {
    const { instance } = this;
    const visitor = this.#visitors.enter(member);
    await instance.hooks('onConnect', { ...described(visitor), instance, documentName: member.documentName }, adding(visitor));
  }

  async #authenticate(member: Member, token: string): Promise<void> {
    const { instance } = this;
    const visitor = this.#visitorOf(member);
    const { connectionConfig } = visitor;
    if (!mayWrite(roleOf(member.identity, member.documentName))) connectionConfig.readOnly = true;
    await instance.hooks('onAuthenticate', { ...described(visitor), instance, documentName: member.documentName, token }, adding(visitor));
    connectionConfig.isAuthenticated = true;
    member.restrict(connectionConfig.readOnly);
  }

  async #renew(member: Member, token: string): Promise<void> {
    const { instance } = this;
    const visitor = this.#visitorOf(member);
    const { connection } = visitor;
    if (connection === null) return;
    const { documentName } = member;
    const payload = { ...described(visitor), instance, documentName, document: connection.document, connection, token };
    await instance.hooks('onTokenSync', payload, adding(visitor));
  }

  async #document(name: string, opener: Member | null): Promise<SharedDoc> {
    const { instance } = this;
    const visitor = this.#openerOf(name, opener);
    const options = await instance.hooks('onCreateDocument', { ...described(visitor), instance, documentName: name });
    const doc = new HostedDocument(name, typeof options === 'object' && options !== null ? options : {});
    this.#opening.set(name, doc);
    return { doc: doc as unknown as Doc, awareness: doc.awareness };
  }

  async #load(name: string, { doc }: SharedDoc, opener: Member | null): Promise<void> {
    const { instance } = this;
    const visitor = this.#openerOf(name, opener);
    const document = doc as unknown as Document;
    const take = (loaded: unknown): void => {
      if (loaded instanceof Doc && loaded !== doc) applyUpdate(doc, encodeStateAsUpdate(loaded));
      else if (loaded instanceof Uint8Array) applyUpdate(doc, loaded);
    };
    await instance.hooks('onLoadDocument', { ...described(visitor), instance, documentName: name, document }, take);
    opener?.restrict(visitor.connectionConfig.readOnly);
  }

  async #opened(name: string, opener: Member | null): Promise<void> {
    const { instance } = this;
    const doc = this.#opening.get(name);
    if (doc === undefined) return;
    this.#opening.delete(name);
    const document = doc.asUpstream;
    doc.host = {
      connectionOf: (member) => this.#visitors.of(member as Member)?.connection ?? undefined,
      onUpdate: (...change) => this.#changed(...change),
      onAwareness: (changed, change, origin) => this.#spoke(changed, change, origin),
    };
    document.isLoading = false;
    document.beforeBroadcastStateless((_, payload) => {
      void instance.notify('beforeBroadcastStateless', { document, documentName: name, payload });
    });
    instance.documents.set(name, document);
    await instance.hooks('afterLoadDocument', { ...described(this.#openerOf(name, opener)), instance, documentName: name, document });
  }

  #joined(member: Member): void {
    const { instance } = this;
    const { documentName } = member;
    const visitor = this.#visitorOf(member);
    const document = instance.documents.get(documentName);
    if (document === undefined) return;
    const connection = new HostedConnection(member, document, visitor.request, visitor.socketId, visitor.context);
    visitor.connection = connection;
    if (!instance.defines('connected')) return;
    const refuse = (error: unknown) => connection.close({ code: 4403, reason: reasonOf(error) ?? 'permission-denied' });
    instance.hooks('connected', { ...described(visitor), instance, documentName, connection }).catch(refuse);
  }

  #left(member: Member): void {
    const { instance } = this;
    const visitor = this.#visitorOf(member);
    const { connection } = visitor;
    if (connection === null) return;
    visitor.connection = null;
    const { document } = connection;
    document.connections.delete(connection);
    void this.#disconnected(document, visitor, connection).catch(() => {});
    if (document.getConnectionsCount() === 0 && instance.configuration.unloadImmediately) {
      instance.debouncer.executeNow(`onStoreDocument-${document.name}`);
    }
  }

  async #disconnected(document: Document, visitor: Visitor, connection: HostedConnection): Promise<void> {
    const { instance } = this;
    await connection.waitForPendingMessages();
    const { requestHeaders, requestParameters, socketId, context } = described(visitor);
    const clientsCount = document.getConnectionsCount();
    const payload = { instance, document, documentName: document.name, clientsCount, requestHeaders, requestParameters, socketId, context };
    await instance.notify('onDisconnect', payload);
  }

  #changed(document: Document, origin: unknown, update: Uint8Array): void {
    const { instance } = this;
    const hasMirror = instance.defines('onStoreDocument', 'afterStoreDocument');
    if (!hasMirror && !instance.defines('onChange')) return;
    const {
      connection,
      context: local,
      skipStoreHooks,
    } = (origin ?? {}) as {
      readonly connection?: HostedConnection;
      readonly context?: unknown;
      readonly skipStoreHooks?: boolean;
    };
    const context = connection?.context ?? local ?? {};
    const clientsCount = document.getConnectionsCount();
    const { name: documentName } = document;
    const request = connection?.request ?? EMPTY_REQUEST;
    void instance.notify('onChange', {
      ...{ instance, clientsCount, document, documentName, update, transactionOrigin: origin, context },
      requestHeaders: request.headers,
      requestParameters: new URL(request.url).searchParams,
      socketId: connection?.socketId ?? '',
      ...(connection === undefined ? {} : { connection }),
    });
    if (!hasMirror || skipStoreHooks === true) return;
    const mirrored = { instance, clientsCount, document, documentName, lastContext: context, lastTransactionOrigin: origin };
    void instance.storeDocumentHooks(document, mirrored);
  }

  #spoke(
    document: Document,
    { added, updated, removed }: { added: readonly number[]; updated: readonly number[]; removed: readonly number[] },
    origin: unknown,
  ): void {
    const { instance } = this;
    if (!instance.defines('onAwarenessUpdate')) return;
    const { awareness, name: documentName } = document;
    const { connection } = (origin ?? {}) as { readonly connection?: HostedConnection };
    void instance.notify('onAwarenessUpdate', {
      ...{ instance, document, documentName, awareness, transactionOrigin: origin },
      ...{ added: [...added], updated: [...updated], removed: [...removed] },
      states: [...awareness.getStates()].map(([clientId, state]) => ({ clientId, ...state })),
      ...(connection === undefined ? {} : { connection }),
    });
  }

  #stateless(member: Member, payload: string): void {
    const { connection } = this.#visitorOf(member);
    if (connection === null) return;
    const { document } = connection;
    void this.instance.notify('onStateless', { connection, document, documentName: document.name, payload });
  }

  /** Opens a document for an extension, and keeps it for a turn of the event loop: the caller registers itself meanwhile. */
  async #open(name: string, context: unknown): Promise<Document> {
    const rooms = this.#rooms;
    if (rooms === null) throw new Error('The server has not started.');
    // These are upstream's words: extensions know them.
    if (name.trim() === '') throw new Error('Document name must not be empty');
    const unpin = rooms.pin(name);
    const visitor = this.#visitors.server(context);
    this.#openers.set(name, visitor);
    try {
      await rooms.use(name, null, () => {});
      const document = this.instance.documents.get(name);
      if (document === undefined) throw new Error('The document was closed while it was opened.');
      return document;
    } finally {
      if (this.#openers.get(name) === visitor) this.#openers.delete(name);
      setImmediate(unpin);
    }
  }

  #openerOf(name: string, opener: Member | null): Visitor {
    return opener === null ? (this.#openers.get(name) ?? this.#visitors.server()) : this.#visitorOf(opener);
  }

  #visitorOf(member: Member): Visitor {
    return this.#visitors.of(member) ?? this.#visitors.enter(member);
  }
}

/** Longest wait for a commit, ms: an extension's own connection is closed by then. */
const COMMIT_TIMEOUT_MS = 10_000;

const EMPTY_REQUEST = new Request('http://localhost');

/** The version that `onConfigure` is told; `upstream.test.ts` compares it with the package's. */
export const UPSTREAM_VERSION = '4.7.0';

/** Merges what a hook returns into the visitor's context. */
function adding(visitor: Visitor): (addition: unknown) => void {
  return (addition) => {
    if (typeof addition === 'object' && addition !== null) visitor.context = { ...visitor.context, ...addition };
  };
}

function reasonOf(error: unknown): string | undefined {
  const { reason } = (error ?? {}) as { readonly reason?: unknown };
  return typeof reason === 'string' ? reason : undefined;
}
