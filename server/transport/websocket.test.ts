import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { it, type TestContext } from 'node:test';
import { WebSocket } from 'ws';
import { until } from '../../e2e/wait.ts';
import type { Link, LinkEnd, LinkListener } from '../ports/link.ts';
import { type LinkClient, linkContract } from './testing/link-contract.ts';
import { mountWebSocket } from './websocket.ts';

class WebSocketClient implements LinkClient {
  readonly received: Uint8Array[] = [];
  closed: number | null = null;
  readonly #socket: WebSocket;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data: Buffer) => this.received.push(data));
    socket.on('close', (code) => {
      this.closed = code;
    });
    socket.on('error', () => {});
  }

  send(frame: Uint8Array): void {
    this.#socket.send(frame);
  }

  readonly sendNonsense = () => this.#socket.send('text');

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  close(): void {
    this.#socket.close();
  }

  vanish(): void {
    this.#socket.terminate();
  }
}

linkContract('a WebSocket', async () => {
  const server = createServer();
  let listen: (link: Link) => LinkListener;
  const sockets = mountWebSocket(server, { maxFrameBytes: 4 * 1024 * 1024, admit: () => null, open: (link) => listen(link) });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    async open(given) {
      listen = given;
      const socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/collab`);
      const client = new WebSocketClient(socket);
      await once(socket, 'open');
      return client;
    },
    async stop() {
      sockets.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
});

/** A listener's ends, and a client of its server. */
async function opened(t: TestContext) {
  const server = createServer();
  const ends: LinkEnd[] = [];
  const listener: LinkListener = { receive: () => {}, refuse: () => {}, closed: (end) => void ends.push(end) };
  const sockets = mountWebSocket(server, { maxFrameBytes: 64 * 1024, admit: () => null, open: () => listener });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(async () => {
    sockets.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/collab`, { autoPong: false });
  await once(socket, 'open');
  const end = async () => {
    await until('the server knows', () => ends.length > 0);
    assert.equal(ends.length, 1);
    return ends[0]!;
  };
  return { socket, end };
}

const FAULTS: [what: string, send: (socket: WebSocket) => void, code: number, reason: string][] = [
  ['is too long', (socket) => socket.send(new Uint8Array(100_000)), 1009, 'Max payload size exceeded'],
  [
    'is longer than a number can say',
    (socket) => raw(socket, 0x82, 0xff, ...new Array(12).fill(0xff)),
    1009,
    'Unsupported WebSocket frame: payload length > 2^53 - 1',
  ],
  [
    'comes in too many pieces',
    (socket) => {
      for (let sent = 0; sent <= 16_384; sent++) socket.send('a', { fin: false });
    },
    1008,
    'Too many message fragments',
  ],
  [
    'is text that is none',
    (socket) => socket.send(Buffer.of(0xff), { binary: false }),
    1007,
    'Invalid WebSocket frame: invalid UTF-8 sequence',
  ],
  ['is of no known kind', (socket) => raw(socket, 0x83, 0x80, 0, 0, 0, 0), 1002, 'Invalid WebSocket frame: invalid opcode 3'],
];

/** Sends bytes that `ws` would not. */
function raw(socket: WebSocket, ...bytes: number[]): void {
  (Reflect.get(socket, '_socket') as Socket).write(Buffer.from(bytes));
}

for (const [what, send, code, reason] of FAULTS) {
  it(`[W1] a WebSocket says that the server ended it when a message ${what}, and why`, async (t) => {
    const { socket, end } = await opened(t);
    socket.on('error', () => {});
    send(socket);
    const [told] = await once(socket, 'close');
    assert.equal(told, code);
    assert.deepEqual(await end(), { by: 'server', code, reason });
  });
}

it('a WebSocket says that it was given up when its client no longer answers', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const { socket, end } = await opened(t);
  t.mock.timers.tick(30_000);
  await once(socket, 'ping');
  t.mock.timers.tick(30_000);
  assert.deepEqual(await end(), { by: 'silence', code: 1006, reason: null });
});

it('a WebSocket repeats nothing that its client says when it leaves', async (t) => {
  const { socket, end } = await opened(t);
  socket.close(4000, 'words that no log may hold');
  assert.deepEqual(await end(), { by: 'client', code: 4000, reason: null });
});

it('[W1] a WebSocket is refused with a problem where there is none, and for what the edge says', async (t) => {
  const server = createServer();
  const open = () => assert.fail('nobody was let in');
  const sockets = mountWebSocket(server, {
    maxFrameBytes: 1024,
    admit: ({ url }) => (url === '/collab' ? 'host-refused' : 'not-found'),
    open,
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(async () => {
    sockets.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const statusOf = async (path: string) => {
    const socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);
    socket.on('error', () => {});
    const [, response] = (await once(socket, 'unexpected-response')) as [
      unknown,
      { statusCode: number; headers: Record<string, string>; resume(): void },
    ];
    response.resume();
    return [response.statusCode, response.headers['content-type']];
  };
  assert.deepEqual(await statusOf('/elsewhere'), [404, 'application/problem+json']);
  assert.deepEqual(await statusOf('/collab'), [421, 'application/problem+json']);
});
