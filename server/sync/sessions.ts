import { applyAwarenessUpdate } from 'y-protocols/awareness';
import type { LogWriter } from '../../persistence/log-writer.ts';
import { ERRORS, type ErrorCode, InkwireError } from '../../protocol/errors.ts';
import { type Channel, ClientSocket, LEFT_BY_CLIENT, type ReadMarks, type TransportSocket } from './client-socket.ts';
import { closeWith, type Engine } from './engine.ts';
import { type Edit, type Inbound, readInbound } from './inbound.ts';
import { Inbox } from './inbox.ts';
import { Lobby } from './lobby.ts';
import type { SocketVisit } from './socket-visit.ts';
import { hasQueuedMessages, type RequestLike } from './upstream.ts';

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
}

/**
 * Connects a transport's sockets to the engine. What people do all the time – type, move a cursor,
 * join – is done here, in the turn it arrives in; Hocuspocus, whose chains of hooks cost more than
 * the work itself, lets clients in, and handles everything else.
 */
export class Sessions {
  readonly #engine: Engine;
  readonly #writer: LogWriter;
  readonly #limits: SessionLimits;
  readonly #sockets = new Set<ClientSocket>();

  constructor(engine: Engine, writer: LogWriter, limits: SessionLimits) {
    this.#engine = engine;
    this.#writer = writer;
    this.#limits = limits;
  }

  /** `url` is the request's, with its query. `visit` holds it to the limits. */
  open(transport: TransportSocket, url: string, visit?: SocketVisit): Session {
    const socket = new ClientSocket(transport, this.#afterCommit, this.#limits.unread);
    this.#sockets.add(socket);
    const client = this.#engine.handleConnection(socket as unknown as WebSocket, { url, headers: NO_HEADERS } as RequestLike, {
      socket,
      author: null,
      ...(visit === undefined ? {} : { visit }),
    });
    const isOpen = (address: string) => socket.channel(address) !== undefined;
    const lobby = new Lobby();
    const receive = (frame: Uint8Array): void => {
      if (socket.readyState !== 1) return;
      const inbound = readInbound(frame, isOpen);
      const overLimit = inbound.kind === 'edit' ? this.#overLimit(inbound.documentName, inbound.grows) : null;
      if (inbound.kind === 'refused') socket.close(ERRORS[inbound.code].close ?? 1011, inbound.detail);
      else if (overLimit !== null) closeWith(socket, overLimit);
      else if (mustWait(inbound) && !isOpen(inbound.address)) {
        if (!lobby.hold(inbound.address, frame))
          socket.close(ERRORS['malformed-frame'].close, 'Too much was sent before the document was open.');
      } else if (this.#handle(socket, inbound)) client.lastMessageReceivedAt = Date.now();
      else client.handleMessage(frame);
    };
    // The next microtask: Hocuspocus is still putting the connection together.
    socket.onEntered = (address) => queueMicrotask(() => lobby.take(address).forEach(receive));
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

  /** False leaves the frame to Hocuspocus. */
  #handle(socket: ClientSocket, inbound: Inbound): boolean {
    if (inbound.kind === 'other' || inbound.kind === 'refused') return false;
    if (inbound.kind === 'pong') return true;
    const channel = socket.channel(inbound.address);
    if (channel === undefined || hasQueuedMessages(channel.connection)) return false;
    if (inbound.kind === 'leave') {
      // In this turn: a provider made anew on the same socket signs in right behind the Close of the old one.
      channel.connection.close({ code: 1000, reason: LEFT_BY_CLIENT });
      return true;
    }
    if (inbound.kind === 'edit') return this.#edit(socket, channel, inbound);
    if (inbound.kind === 'sync') {
      if (inbound.isEmpty) socket.join(channel);
      return inbound.isEmpty;
    }
    const { connection } = channel;
    try {
      applyAwarenessUpdate(connection.document.awareness, inbound.update, { source: 'connection', connection });
    } catch {
      closeWith(socket, 'malformed-frame');
    }
    return true;
  }

  #edit(socket: ClientSocket, { connection, ack }: Channel, edit: Edit): boolean {
    // Hocuspocus knows whether a read-only client's update holds anything new.
    if (connection.readOnly) return false;
    try {
      this.#engine.liveOf(connection.document)?.receive(edit, connection);
      socket.acknowledge(edit.documentName, ack);
    } catch (error) {
      closeWith(socket, error instanceof InkwireError ? error.code : 'internal');
    }
    return true;
  }

  readonly #afterCommit = (documentName: string, callback: () => void): void => {
    const live = this.#engine.live(documentName);
    // Not in memory means unloaded, and a document is unloaded only when all of it is committed.
    if (live === undefined) callback();
    else if (!live.gone) this.#writer.afterCommit(live.handle, callback);
  };

  /** Why a document takes no such edit; the provider keeps it, and for `overloaded` sends it again once it is back. */
  #overLimit(documentName: string, grows: boolean): ErrorCode | null {
    const live = this.#engine.live(documentName);
    if (live?.full) return 'overloaded';
    return grows && live !== undefined && live.bytes > this.#limits.maxDocumentBytes ? 'document-too-large' : null;
  }
}

/** What is meant for a document, and only makes sense once it is open. */
function mustWait(inbound: Inbound): inbound is Extract<Inbound, { kind: 'edit' | 'sync' | 'presence' | 'leave' }> {
  return inbound.kind === 'edit' || inbound.kind === 'sync' || inbound.kind === 'presence' || inbound.kind === 'leave';
}

const NO_HEADERS = new Headers();
