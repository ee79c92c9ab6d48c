import type { Connection } from '@hocuspocus/server';
import { applyAwarenessUpdate } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { type ErrorCode, InkwireError } from '../../../protocol/errors.ts';
import type { Identity } from '../../../protocol/identity.ts';
import type { LiveDocument } from '../document/live-document.ts';
import { closeWith, type Engine, type SessionContext } from '../engine.ts';
import { refusalFrame } from '../outgoing.ts';
import { hasQueuedMessages, type RequestLike } from '../upstream.ts';
import { AccessWatch } from './access-watch.ts';
import { ChannelAccess, type SocketAccess } from './channel-access.ts';
import { controlsOf } from './channel-controls.ts';
import { type Channel, ClientSocket, LEFT_BY_CLIENT, type ReadMarks, type TransportSocket } from './client-socket.ts';
import { type Edit, type Inbound, readInbound } from './inbound.ts';
import { Inbox } from './inbox.ts';
import { Lobby } from './lobby.ts';
import { presenceGuardOf } from './presence-guard.ts';
import type { SocketVisit } from './socket-visit.ts';

/** One socket, as a transport drives it. */
export interface Session {
  /** A binary message came in. */
  receive(frame: Uint8Array): void;
  /** Something that is not a protocol frame came in, such as text. */
  refuse(code: ErrorCode): void;
  /** The peer answered a ping: it lives, even if it has nothing to say. */
  alive(): void;
  /** The socket is closed. */
  closed(code: number, reason: string): void;
}

/** What one client may take, bytes. */
export interface SessionLimits {
  readonly unread: ReadMarks;
  /** A larger document takes deletions only. */
  readonly maxDocumentBytes: number;
  /** Documents open on one socket and signed in to, and as many refusals. */
  readonly maxDocumentsPerSocket: number;
  /** Presence of one connection; more is not shown to others. */
  readonly maxPresenceBytes: number;
  /** From the end of a token without a successor to the end of its socket, ms. */
  readonly tokenGraceMs: number;
}

export interface SessionsParts {
  readonly engine: Engine;
  readonly access: SocketAccess;
  readonly limits: SessionLimits;
  /** The latest version of the document schema; a client that claims a later one is taken to have this one. */
  readonly schemaVersion: number;
  /** A clock, ms since 1970. */
  readonly now: () => number;
}

/**
 * Connects a transport's sockets to the engine. What people do all the time – type, move a cursor,
 * join – is done here, in the turn it arrives in; Hocuspocus, whose chains of hooks cost more than
 * the work itself, lets clients in, and handles everything else.
 */
export class Sessions {
  readonly #parts: SessionsParts;
  readonly #engine: Engine;
  readonly #limits: SessionLimits;
  readonly #watch: AccessWatch;
  readonly #sockets = new Set<ClientSocket>();

  constructor(parts: SessionsParts) {
    this.#parts = parts;
    this.#engine = parts.engine;
    this.#limits = parts.limits;
    this.#watch = new AccessWatch(parts.access, parts.now);
  }

  /** `url` is the request's, with its query. `visit` holds it to the limits. */
  open(transport: TransportSocket, url: string, visit?: SocketVisit): Session {
    const socket = new ClientSocket(transport, this.#afterCommit, this.#limits.unread);
    socket.onRefusal = (code) => visit?.refused(code);
    this.#sockets.add(socket);
    const client = this.#engine.handleConnection(socket as unknown as WebSocket, { url, headers: NO_HEADERS } as RequestLike, {
      socket,
      author: null,
      ...(visit === undefined ? {} : { visit }),
    });
    const lobby = new Lobby();
    const entering = new Set<string>();
    const channelOf = (address: string) => socket.channel(address);
    const receive = (frame: Uint8Array): void => {
      if (socket.readyState !== 1) return;
      const inbound = readInbound(frame, channelOf);
      if (inbound.kind === 'refused') closeWith(socket, inbound.code, inbound.detail);
      else if (inbound.kind === 'sign-in' || inbound.kind === 'early') {
        const isSignIn = inbound.kind === 'sign-in';
        const refusal = isSignIn ? this.#enters(socket, entering, inbound.address) : lobby.hold(inbound.address, frame);
        if (refusal !== null) closeWith(socket, refusal);
        else if (isSignIn) client.handleMessage(frame);
      } else if (this.#handle(inbound, frame)) client.lastMessageReceivedAt = Date.now();
      else client.handleMessage(frame);
    };
    socket.onEntered = (channel) => {
      entering.delete(channel.address);
      this.#entered(socket, channel, Math.min(saidSchemaVersion(url), this.#parts.schemaVersion), receive);
      // The next microtask: Hocuspocus is still putting the connection together.
      queueMicrotask(() => lobby.take(channel.address).forEach(receive));
    };
    socket.onLeft = ({ access, presence }) => {
      access?.leave();
      if (access !== null) this.#watch.remove(access);
      presence?.leave();
    };
    let refusals = 0;
    socket.onRefused = (address) => {
      entering.delete(address);
      lobby.take(address);
      if (++refusals > this.#limits.maxDocumentsPerSocket) closeWith(socket, 'too-many-documents');
    };
    const tooMuch = () => closeWith(socket, 'too-many-requests');
    const inbox = new Inbox(receive, transport, () => performance.now(), visit?.pace, tooMuch);
    return {
      receive: (frame) => inbox.receive(frame),
      refuse: (code) => closeWith(socket, code),
      alive: () => {
        client.lastMessageReceivedAt = Date.now();
      },
      closed: (code, reason) => {
        this.#sockets.delete(socket);
        inbox.clear();
        client.handleClose({ code, reason });
      },
    };
  }

  /** Closes every socket, whether or not it is in a document. */
  closeAll(code: ErrorCode): void {
    for (const socket of this.#sockets) closeWith(socket, code);
  }

  /** Why one more document may not be opened on the socket; counts it when it may. */
  #enters(socket: ClientSocket, entering: Set<string>, address: string): ErrorCode | null {
    if (entering.has(address)) return null;
    if (socket.channelCount + entering.size >= this.#limits.maxDocumentsPerSocket) return 'too-many-documents';
    entering.add(address);
    return null;
  }

  /** A client is in a document: what it may say of itself, and what it may do from now on. */
  #entered(socket: ClientSocket, channel: Channel, schemaVersion: number, receive: (frame: Uint8Array) => void): void {
    const { connection } = channel;
    const { document } = connection;
    // Asked for each time: another token brings another identity.
    const identity = () => identityOf(connection);
    channel.presence = presenceGuardOf(document.awareness).join(identity, document.getClients(connection), this.#limits.maxPresenceBytes);
    channel.schemaVersion = schemaVersion;
    channel.live = this.#engine.liveOf(document) ?? null;
    const needed = channel.live?.schema.version ?? 0;
    if (!identity().verified && Number.isNaN(schemaVersion)) return;
    const access: ChannelAccess = new ChannelAccess({
      identity: identity(),
      documentName: document.name,
      outdated: schemaVersion < needed,
      controls: controlsOf(socket, channel, receive),
      access: this.#parts.access,
      graceMs: this.#limits.tokenGraceMs,
      now: this.#parts.now,
      onRenewed: () => this.#watch.expect(access.dueAt),
    });
    channel.access = access;
    this.#watch.add(access);
    access.enter();
  }

  /** What is about a document that is open, or about none. False leaves the frame to Hocuspocus. */
  #handle(inbound: Handled, frame: Uint8Array): boolean {
    if (inbound.kind === 'other') return false;
    if (inbound.kind === 'pong') return true;
    const { channel } = inbound;
    // Before anything that waits in Hocuspocus: what is checked here must not be overtaken by a change of the role.
    if (inbound.kind === 'edit') this.#edit(channel, inbound);
    else if (inbound.kind === 'unwanted') channel.socket.send(refusalFrame(channel.address));
    else if (inbound.kind === 'presence') this.#presence(channel, inbound.update);
    else if (inbound.kind === 'token') {
      if (channel.access === null || !identityOf(channel.connection).verified) return false;
      channel.access.offer(inbound.token);
    } else if (inbound.kind === 'sync' && channel.suspended) channel.heldSync = frame;
    else if (hasQueuedMessages(channel.connection)) return false;
    // In this turn: a provider made anew on the same socket signs in right behind the Close of the old one.
    else if (inbound.kind === 'leave') channel.connection.close({ code: 1000, reason: LEFT_BY_CLIENT });
    else if (inbound.isEmpty) channel.socket.join(channel);
    else return false;
    return true;
  }

  #edit(channel: Channel, edit: Edit): void {
    const { socket, connection, live, ack, schemaVersion } = channel;
    if (live === null) {
      closeWith(socket, 'internal');
      return;
    }
    const overLimit = this.#overLimit(live, edit.grows);
    if (overLimit !== null) closeWith(socket, overLimit);
    else if (!channel.mayWrite) this.#refuse(channel, live, edit);
    else {
      try {
        live.receive(edit, connection);
        if (live.schema.mustStore(schemaVersion, edit.grows)) this.#raiseSchema(channel, live);
        else live.afterCommit(() => socket.acknowledge(ack));
      } catch (error) {
        closeWith(socket, error instanceof InkwireError ? error.code : 'internal');
      }
    }
  }

  /** Acknowledges a reader's answer that brings nothing; who may not even read is not told whether it does. */
  #refuse({ address, socket, ack, suspended }: Channel, live: LiveDocument, { isReply, update }: Edit): void {
    const bringsNothing = () => live.read((document) => Y.snapshotContainsUpdate(Y.snapshot(document), update));
    if (isReply && !suspended && bringsNothing()) live.afterCommit(() => socket.acknowledge(ack));
    else socket.send(refusalFrame(address));
  }

  /** Clients that lack what was written stop writing at once, those that come later when they come: it is acknowledged once that is stored too. */
  #raiseSchema({ socket, ack, schemaVersion }: Channel, live: LiveDocument): void {
    if (live.schema.raise(schemaVersion)) {
      for (const { webSocket, messageAddress } of live.document.connections.keys()) {
        const other = (webSocket as unknown as ClientSocket).channel(messageAddress);
        if (other !== undefined && other.schemaVersion < schemaVersion) other.access?.outdate();
      }
    }
    live.afterCommit(() => void live.schema.stored().then(() => live.afterCommit(() => socket.acknowledge(ack))));
  }

  #presence({ socket, connection, presence, suspended }: Channel, update: Uint8Array): void {
    if (suspended || presence === null) return;
    try {
      const admitted = presence.admit(update);
      if (admitted !== null) applyAwarenessUpdate(connection.document.awareness, admitted, { source: 'connection', connection });
    } catch {
      closeWith(socket, 'malformed-frame');
    }
  }

  readonly #afterCommit = (documentName: string, callback: () => void): void => {
    const live = this.#engine.live(documentName);
    // Not in memory means unloaded, and a document is unloaded only when all of it is committed.
    if (live === undefined) callback();
    else live.afterCommit(callback);
  };

  /** Why a document takes no such edit; the provider keeps it, and for `overloaded` sends it again once it is back. */
  #overLimit(live: LiveDocument, grows: boolean): ErrorCode | null {
    if (live.full) return 'overloaded';
    return grows && live.bytes > this.#limits.maxDocumentBytes ? 'document-too-large' : null;
  }
}

/** What is left for the documents of a socket to handle. */
type Handled = Exclude<Inbound<Channel>, { kind: 'refused' | 'sign-in' | 'early' }>;

/** The version of the document schema that a client says in its URL; NaN when it says none. */
function saidSchemaVersion(url: string): number {
  return Number(/[?&]schemaVersion=(\d{1,9})(?:&|$)/.exec(url)?.[1] ?? Number.NaN);
}

function identityOf({ context }: Connection): Identity {
  const { identity } = context as SessionContext;
  if (identity === undefined) throw new InkwireError('internal', 'A connection has no identity.');
  return identity;
}

const NO_HEADERS = new Headers();
