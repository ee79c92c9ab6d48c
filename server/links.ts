import type { IncomingMessage, RequestListener, Server } from 'node:http';
import { ERRORS, type ErrorCode } from '../protocol/errors.ts';
import type { Config } from './config.ts';
import type { OpenedEdge } from './edge/edge.ts';
import type { NodeChannel } from './ports/cluster.ts';
import type { Link, LinkListener } from './ports/link.ts';
import type { Connections } from './sync/connections.ts';
import { type Dialect, dialectOf, HOCUSPOCUS, withoutToken } from './sync/dialect.ts';
import { HttpLinks } from './transport/http-links.ts';
import { mountWebSocket, type WebSocketParts } from './transport/websocket.ts';

export interface LinksParts {
  readonly edge: OpenedEdge;
  readonly connections: Connections;
  readonly config: Pick<Config, 'maxFrameBytes' | 'transports'>;
  /** Whether the server takes new links. */
  readonly accepting: () => boolean;
  readonly mayUpgrade: WebSocketParts['mayUpgrade'];
  /** To the other nodes, if there are any. */
  readonly channel: NodeChannel | undefined;
}

/** The transports of a server, each of whose links becomes a connection. */
export interface Links {
  /** Answers requests that are links' and leaves all others to `listener`. */
  answering(listener: RequestListener): RequestListener;
  /** Takes upgrades of this server. */
  mount(server: Server): void;
  /** Ends what is still open. */
  close(): void;
}

/** Opens the transports that `INKWIRE_TRANSPORTS` names. */
export function openLinks({ edge, connections, config, accepting, mayUpgrade, channel }: LinksParts): Links {
  const admit = (request: IncomingMessage): ErrorCode | null => (accepting() ? edge.admit(request, 'upgrade').refusal : 'shutting-down');
  const open = (
    link: Link,
    request: IncomingMessage,
    dialect: Dialect,
    allow: (bytes: number) => void,
    bytesRead: () => number,
  ): LinkListener => {
    const visit = edge.visit(request, {
      close: (code) => link.close(dialect.codec.closeCode(code), ERRORS[code].title),
      bytesRead,
      trust: () => allow(config.maxFrameBytes),
    });
    const connection = connections.open(link, withoutToken({ url: request.url ?? '/', headers: request.headers }), dialect, visit);
    return {
      receive: (frame) => connection.receive(frame),
      refuse: (code) => connection.refuse(code),
      closed: (end) => {
        visit.left();
        connection.closed(end);
      },
    };
  };
  const http = config.transports.split(',').includes('http')
    ? new HttpLinks({
        channel,
        maxFrameBytes: edge.maxFirstFrameBytes,
        admit: (request, opens) => (opens ? admit(request) : edge.admit(request, 'request').refusal),
        open: (link, request, allow, bytesRead) => open(link, request, HOCUSPOCUS, allow, bytesRead),
      })
    : null;
  let sockets: { close(): void } | null = null;
  return {
    answering: (listener) => http?.answering(listener) ?? listener,
    mount: (server) => {
      sockets = mountWebSocket(server, {
        maxFrameBytes: edge.maxFirstFrameBytes,
        admit: (request) => {
          const dialect = config.transports.split(',').includes('websocket') ? dialectOf(request.url ?? '/') : 'not-found';
          return typeof dialect === 'string' ? dialect : admit(request);
        },
        mayUpgrade,
        open: (link, request, allow) => {
          const { socket } = request;
          return open(link, request, dialectOf(request.url ?? '/') as Dialect, allow, () => socket.bytesRead);
        },
      });
    },
    close: () => {
      sockets?.close();
      http?.close();
    },
  };
}
