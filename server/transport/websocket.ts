import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { Outbox } from './outbox.ts';

/** What a transport needs of the rest: a session for a socket, and whether an upgrade may happen. */
export interface WebSocketParts {
  /** Largest message, bytes; a larger one closes the socket with 1009. */
  readonly maxFrameBytes: number;
  /** `null` lets the upgrade through; an HTTP status refuses it. */
  readonly admit: (request: IncomingMessage) => number | null;
  readonly open: (
    socket: Outbox,
    url: string,
  ) => {
    receive(frame: Uint8Array): void;
    refuse(code: 'malformed-frame'): void;
    alive(): void;
    closed(code: number, reason: string): void;
  };
}

/** How often a silent peer is asked whether it lives, ms; one that has not answered by the next time is dropped. */
const PING_INTERVAL_MS = 30_000;

/**
 * The Hocuspocus protocol at `/collab`, over plain `ws`: the Proxy that crossws puts around each
 * socket costs 15 % in a large room.
 */
export function mountWebSocket(server: Server, parts: WebSocketParts): { close(): void } {
  const sockets = new WebSocketServer({ noServer: true, clientTracking: false, maxPayload: parts.maxFrameBytes, perMessageDeflate: false });
  const silent = new Map<WebSocket, boolean>();

  const pinger = setInterval(() => {
    for (const [socket, wasSilent] of silent) {
      if (wasSilent) socket.terminate();
      else {
        silent.set(socket, true);
        socket.ping();
      }
    }
  }, PING_INTERVAL_MS);
  pinger.unref();

  const onUpgrade = (request: IncomingMessage, stream: Duplex, head: Buffer): void => {
    const path = request.url?.split('?', 1)[0];
    const refusal = path === '/collab' ? parts.admit(request) : 404;
    if (refusal !== null) {
      stream.end(`HTTP/1.1 ${refusal} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, stream, head, (socket) => {
      silent.set(socket, false);
      const session = parts.open(new Outbox(socket, stream), request.url ?? '/');
      socket.on('message', (data: Buffer, isBinary) => {
        silent.set(socket, false);
        if (isBinary) session.receive(data);
        else session.refuse('malformed-frame');
      });
      socket.on('pong', () => {
        silent.set(socket, false);
        session.alive();
      });
      // ws closes the socket itself after an error, with the right code; 'close' follows.
      socket.on('error', () => {});
      socket.on('close', (code, reason) => {
        silent.delete(socket);
        session.closed(code, reason.toString());
      });
    });
  };
  server.on('upgrade', onUpgrade);

  return {
    close() {
      server.off('upgrade', onUpgrade);
      clearInterval(pinger);
      for (const socket of silent.keys()) socket.terminate();
    },
  };
}
