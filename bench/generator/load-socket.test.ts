import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { type WebSocket, WebSocketServer } from 'ws';
import { LoadSocket } from './load-socket.ts';
import { clientMessage, Opcode } from './wire.ts';

describe('a socket of the generator', () => {
  let server: WebSocketServer;
  before(async () => {
    server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    await once(server, 'listening');
  });
  after(() => new Promise((done) => server.close(done)));

  /** Both ends of a connection, and what the generator's end is given: the bytes and the whole length. */
  async function connected(expected = 1) {
    const received: { bytes: Buffer; length: number }[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    const accepted = once(server, 'connection') as Promise<[WebSocket]>;
    const socket = await LoadSocket.open(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/a`, (bytes, at, end, length) => {
      received.push({ bytes: Buffer.from(bytes.subarray(at, end)), length });
      if (received.length === expected) resolve();
    });
    const [peer] = await accepted;
    return { socket, peer, received, done: () => Promise.race([promise, socket.failed.promise]) };
  }

  it('sends what a server reads, of every length', async () => {
    const { socket, peer } = await connected();
    for (const length of [0, 1, 125, 126, 65_535, 65_536]) {
      const bytes = Buffer.alloc(length, 'abc');
      const message = once(peer, 'message');
      socket.write(clientMessage(Opcode.Binary, bytes.subarray(0, 3), bytes.subarray(3)));
      const [got, isBinary] = await message;
      assert.ok(isBinary && bytes.equals(got), `${length} bytes`);
    }
    await socket.close();
  });

  it('hands on each message, in order, however it was cut on the way', async () => {
    const sizes = Array.from({ length: 3_000 }, (_, index) => (index * 37) % 300);
    const { socket, peer, received, done } = await connected(sizes.length);
    for (const [index, size] of sizes.entries()) peer.send(Buffer.alloc(size, index));
    await done();
    for (const [index, size] of sizes.entries()) assert.ok(received[index]!.bytes.equals(Buffer.alloc(size, index)), `message ${index}`);
    await socket.close();
  });

  it('keeps the beginning of a long message and finds the next behind it', async () => {
    const { socket, peer, received, done } = await connected(3);
    for (const message of ['first', Buffer.alloc(3_000_000, 'long'), 'last']) peer.send(message, { binary: true });
    await done();
    assert.deepEqual(
      received.map(({ length }) => length),
      [5, 3_000_000, 4],
    );
    assert.equal(received[1]!.bytes.subarray(0, 8).toString(), 'longlong');
    assert.equal(received[2]!.bytes.toString(), 'last');
    await socket.close();
  });

  it('answers a ping', async () => {
    const { socket, peer } = await connected();
    const pong = once(peer, 'pong');
    peer.ping('are you there?');
    assert.equal(String((await pong)[0]), 'are you there?');
    await socket.close();
  });

  it('fails when the server closes it, and says why', async () => {
    const { socket, peer } = await connected();
    peer.close(1013, 'too slow');
    await assert.rejects(socket.failed.promise, /1013 too slow/);
    await socket.close();
  });
});
