import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { type ErrorCode, problem } from '../../protocol/errors.ts';
import { Outbox } from './outbox.ts';

/** What a transport needs of the rest: a session for a socket, and whether an upgrade may happen. */
export interface WebSocketParts {
  /** Largest message, bytes, until `open`'s `allow` says otherwise; a larger one closes the socket with 1009. */
  readonly maxFrameBytes: number;
  /** `null` lets the upgrade through, a code refuses it. */
  readonly admit: (request: IncomingMessage) => ErrorCode | null;
  /** `url` is the request's, with its query; `allow` sets the largest message of this socket, bytes. */
  readonly open: (socket: Outbox, url: string, request: IncomingMessage, allow: (maxFrameBytes: number) => void) => WebSocketSession;
}

/** What is told of what happens on a socket. */
interface WebSocketSession {
  receive(frame: Uint8Array): void;
  refuse(code: 'malformed-frame'): void;
  alive(): void;
  closed(code: number, reason: string): void;
}

interface Peer {
  readonly socket: WebSocket;
  /** Nothing came from it since it was last asked. */
  isSilent: boolean;
}

/** How often a silent peer is asked whether it lives, ms; one that has not answered by the next time is dropped. */
const PING_INTERVAL_MS = 30_000;

/** How long a peer has to answer a closing handshake, ms; the connection is cut then, whatever it still sends. */
const CLOSE_TIMEOUT_MS = 10_000;

/** Seconds after which a refusal that passes by itself is worth another try. */
const RETRY_AFTER_SECONDS = 10;

/**
 * The Hocuspocus protocol at `/collab`, over plain `ws`: the Proxy that crossws puts around each
 * socket costs 15 % in a large room.
 */
export function mountWebSocket(server: Server, parts: WebSocketParts): { close(): void } {
  // A variable: the published types do not know closeTimeout yet.
  const options = {
    ...{ noServer: true, clientTracking: false, maxPayload: parts.maxFrameBytes, perMessageDeflate: false },
    closeTimeout: CLOSE_TIMEOUT_MS,
  };
  const sockets = new WebSocketServer(options);
  const peers = new Set<Peer>();

  const pinger = setInterval(() => {
    for (const peer of peers) {
      if (peer.isSilent) peer.socket.terminate();
      else {
        peer.isSilent = true;
        peer.socket.ping();
      }
    }
  }, PING_INTERVAL_MS);
  pinger.unref();

  const onUpgrade = (request: IncomingMessage, stream: Duplex, head: Buffer): void => {
    const path = request.url?.split('?', 1)[0];
    const refusal = path === '/collab' ? parts.admit(request) : 'not-found';
    if (refusal !== null) {
      refuse(stream, refusal);
      return;
    }
    sockets.handleUpgrade(request, stream, head, (socket) => {
      connect(socket, parts.open(new Outbox(socket, stream), request.url ?? '/', request, allowance(socket)), peers);
    });
  };
  server.on('upgrade', onUpgrade);

  return {
    close() {
      server.off('upgrade', onUpgrade);
      clearInterval(pinger);
      for (const { socket } of peers) socket.terminate();
    },
  };
}

/** Tells the session what happens. A function of its own: a closure beside the request would keep it, 1.5 KB, as long as the socket. */
function connect(socket: WebSocket, session: WebSocketSession, peers: Set<Peer>): void {
  const peer: Peer = { socket, isSilent: false };
  peers.add(peer);
  socket.on('message', (data: Buffer, isBinary) => {
    peer.isSilent = false;
    if (isBinary) session.receive(data);
    else session.refuse('malformed-frame');
  });
  socket.on('pong', () => {
    peer.isSilent = false;
    session.alive();
  });
  // ws closes the socket itself after an error, with the right code; 'close' follows.
  socket.on('error', () => {});
  socket.on('close', (code, reason) => {
    peers.delete(peer);
    session.closed(code, reason.toString());
  });
}

/** `ws` has one limit for all sockets; its receiver, which is private, looks at this one for each message. A test floods a socket to see that it does. */
function allowance(socket: WebSocket): (maxFrameBytes: number) => void {
  const { _receiver: receiver } = socket as unknown as { readonly _receiver: { _maxPayload: number } };
  return (maxFrameBytes) => {
    receiver._maxPayload = maxFrameBytes;
  };
}

/** Answers an upgrade with a refusal. A browser hides it from the page; curl and a proxy's log show it. */
function refuse(stream: Duplex, code: ErrorCode): void {
  const refusal = problem(code);
  const body = JSON.stringify(refusal);
  const head = [
    `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status]}`,
    'Connection: close',
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...(refusal.status === 429 || refusal.status === 503 ? [`Retry-After: ${RETRY_AFTER_SECONDS}`] : []),
  ];
  // The connection is Node's no more: an error without a listener would end the process.
  stream.on('error', () => {});
  // A peer that never ends its side keeps nothing here.
  stream.once('finish', () => stream.destroy());
  stream.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
