import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { type ErrorCode, problem } from '../../protocol/errors.ts';
import type { Link, LinkEnd, LinkListener } from '../ports/link.ts';
import { gatherLarge } from './gather.ts';
import { type Closing, Outbox } from './outbox.ts';

/** What the transport needs of the rest: who listens to a link, and whether an upgrade may happen. */
export interface WebSocketParts {
  /** Largest message, bytes, until `open`'s `allow` says otherwise; a larger one closes the socket with 1009. */
  readonly maxFrameBytes: number;
  /** `null` lets the upgrade through, a code refuses it; an address at which there is no link too. */
  readonly admit: (request: IncomingMessage) => ErrorCode | null;
  /** Asked before an upgrade that is admitted; when it resolves with false, the stream is somebody else's. */
  readonly mayUpgrade?: ((request: IncomingMessage, stream: Duplex, head: Buffer) => Promise<boolean>) | undefined;
  /** `allow` sets the largest message of this link, bytes. */
  readonly open: (link: Link, request: IncomingMessage, allow: (maxFrameBytes: number) => void) => LinkListener;
}

interface Peer {
  readonly socket: WebSocket;
  /** Nothing came from it since it was last asked. */
  isSilent: boolean;
  /** It did not answer, and was given up. */
  isGivenUp: boolean;
  /** What `ws` closes it with for a message that cannot be one; `null` as long as there was none. */
  fault: Closing | null;
}

/** How often a silent peer is asked whether it lives, ms; one that has not answered by the next time is dropped. */
const PING_INTERVAL_MS = 30_000;

/** How long a peer has to answer a closing handshake, ms; the connection is cut then, whatever it still sends. */
const CLOSE_TIMEOUT_MS = 10_000;

/** Seconds after which a refusal that passes by itself is worth another try. */
const RETRY_AFTER_SECONDS = 10;

/**
 * Links by WebSocket, over plain `ws`: the Proxy that crossws, Hocuspocus' own
 * transport, puts around each socket costs 15 % in a large room.
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
      if (peer.isSilent) {
        peer.isGivenUp = true;
        peer.socket.terminate();
      } else {
        peer.isSilent = true;
        peer.socket.ping();
      }
    }
  }, PING_INTERVAL_MS);
  pinger.unref();

  const onUpgrade = (request: IncomingMessage, stream: Duplex, head: Buffer): void => {
    const refusal = parts.admit(request);
    if (refusal !== null) {
      refuse(stream, refusal);
      return;
    }
    if (parts.mayUpgrade === undefined) upgrade(request, stream, head);
    else {
      // The connection is Node's no more: an error without a listener would end the process.
      stream.on('error', () => {});
      void parts.mayUpgrade(request, stream, head).then((may) => may && upgrade(request, stream, head));
    }
  };
  const upgrade = (request: IncomingMessage, stream: Duplex, head: Buffer): void => {
    sockets.handleUpgrade(request, stream, head, (socket) => {
      gatherLarge(socket);
      const outbox = new Outbox(socket, stream);
      connect(socket, outbox, parts.open(outbox, request, allowance(socket)), peers);
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

/** Tells the listener what happens. A function of its own: a closure beside the request would keep it, 1.5 KB, as long as the socket. */
function connect(socket: WebSocket, outbox: Outbox, listener: LinkListener, peers: Set<Peer>): void {
  const peer: Peer = { socket, isSilent: false, isGivenUp: false, fault: null };
  peers.add(peer);
  socket.on('message', (data: Buffer, isBinary) => {
    peer.isSilent = false;
    if (isBinary) listener.receive(data);
    else listener.refuse('malformed-frame');
  });
  socket.on('pong', () => {
    peer.isSilent = false;
  });
  // ws closes the socket itself after an error, with the right code; 'close' follows.
  socket.on('error', (error: NodeJS.ErrnoException) => {
    peer.fault ??= faultOf(error);
  });
  socket.on('close', (code) => {
    peers.delete(peer);
    listener.closed(endOf(peer, outbox, code));
  });
}

function endOf({ isGivenUp, fault }: Peer, { closedWith }: Outbox, code: number): LinkEnd {
  if (isGivenUp) return { by: 'silence', code, reason: null };
  const own = closedWith ?? fault;
  if (own !== null) return { by: 'server', ...own };
  return { by: code === 1006 ? 'network' : 'client', code, reason: null };
}

/** Close codes (RFC 6455, section 7.4.1) of what `ws` finds wrong with a message; it keeps them to itself. All others are 1002. */
const FAULT_CODES: Readonly<Record<string, number>> = {
  WS_ERR_INVALID_UTF8: 1007,
  WS_ERR_TOO_MANY_BUFFERED_PARTS: 1008,
  WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH: 1009,
  WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: 1009,
};

/** What `ws` found wrong with what came in; `null` for an error of the network. */
function faultOf({ code, message }: NodeJS.ErrnoException): Closing | null {
  return code?.startsWith('WS_ERR_') ? { code: FAULT_CODES[code] ?? 1002, reason: message } : null;
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
