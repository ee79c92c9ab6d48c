import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { it, type TestContext } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { seededRandom } from '../../e2e/seeded-random.ts';
import { until } from '../../e2e/wait.ts';
import { mountWebSocket } from './websocket.ts';

const MB = 1024 * 1024;
const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** What buffers take when what is garbage is gone: it goes in a thread of V8's own, and would hide what comes meanwhile. */
async function restingBytes(): Promise<number> {
  let before = Number.POSITIVE_INFINITY;
  await until('what is garbage is gone', async () => {
    collectGarbage();
    await new Promise((resolve) => setTimeout(resolve, 20));
    const now = process.memoryUsage().arrayBuffers;
    const rests = now === before;
    before = now;
    return rests;
  });
  return before;
}

/** A masked frame of RFC 6455, section 5.2, of binary data. */

function frame(payload: Uint8Array, mask: Uint8Array): Uint8Array {
  const head = Buffer.alloc(payload.length < 126 ? 2 : payload.length < 65_536 ? 4 : 10);
  head[0] = 0x82;
  if (payload.length < 126) head[1] = 0x80 | payload.length;
  else if (payload.length < 65_536) head[1] = 0x80 | 126;
  else head[1] = 0x80 | 127;
  if (head.length === 4) head.writeUInt16BE(payload.length, 2);
  if (head.length === 10) head.writeBigUInt64BE(BigInt(payload.length), 2);
  return Buffer.concat([head, mask, payload.map((byte, at) => byte ^ mask[at % 4]!)]);
}

async function serve(t: TestContext) {
  const server = createServer();
  const received: { length: number; hash: string }[] = [];
  const sockets = mountWebSocket(server, {
    maxFrameBytes: 64 * MB,
    admit: () => null,
    open: () => ({
      receive: (bytes) => received.push({ length: bytes.length, hash: hash(bytes) }),
      refuse: () => assert.fail('refused'),
      closed: () => {},
    }),
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    sockets.close();
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  client.setNoDelay(true);
  client.write(
    'GET /collab HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
  );
  await once(client, 'data');
  t.after(() => client.destroy());
  return { client, received };
}

it('[L4] puts messages together as they come, however they are cut on the way', async (t) => {
  const random = seededRandom();
  t.diagnostic(`seed ${random.seed}`);
  const { client, received } = await serve(t);
  const sizes = [10, MB, 0, 256 * 1024, 256 * 1024 - 1, 3 * MB + 1, 125, 70_000, 2 * MB, 2 * MB, 1];
  const sent = sizes.map((size) => Buffer.alloc(size, `${random.below(1e9)} and on `));
  const stream = Buffer.concat(sent.map((payload) => frame(payload, Buffer.from(Array.from({ length: 4 }, () => random.below(256))))));
  for (let at = 0; at < stream.length; ) {
    const next = at + 1 + random.below(random.below(2) === 0 ? 20 : 400_000);
    if (!client.write(stream.subarray(at, next))) await once(client, 'drain');
    // Each write is to arrive by itself now and then.
    if (random.below(4) === 0) await new Promise(setImmediate);
    at = next;
  }
  await until('all have come', () => received.length === sent.length);
  assert.deepEqual(
    received,
    sent.map((payload) => ({ length: payload.length, hash: hash(payload) })),
  );
});

it('[L3] who only announces a large message is given no memory for it', async (t) => {
  const { client, received } = await serve(t);
  const announced = Buffer.alloc(MB);
  announced.set([0x82, 0x80 | 127]);
  announced.writeBigUInt64BE(BigInt(60 * MB), 2);
  const before = await restingBytes();
  client.write(announced);
  // A frame as small as it takes to know that what stands before it was read.
  await until('what came is held', () => process.memoryUsage().arrayBuffers >= before + MB / 2);
  assert.ok(process.memoryUsage().arrayBuffers < before + 20 * MB);
  assert.deepEqual(received, []);
});
