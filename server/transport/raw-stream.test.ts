import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { RawStream } from './raw-stream.ts';

/** More than the kernel takes for a peer that does not read. */
const MUCH = 64 * 1024 * 1024;

describe('a stream written to past Node', () => {
  let server: Server;
  let ours: Socket;
  let peer: Socket;
  let raw: RawStream;
  before(async () => {
    server = createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  after(() => server.close());
  beforeEach(async () => {
    const accepted = once(server, 'connection') as Promise<[Socket]>;
    peer = connect((server.address() as AddressInfo).port, '127.0.0.1');
    [ours] = await accepted;
    for (const socket of [ours, peer]) socket.on('error', () => {});
    raw = new RawStream(ours);
    // The first write of a process goes through the stream.
    raw.write(Buffer.from('.'));
    assert.equal(String((await once(peer, 'data'))[0]), '.');
  });
  afterEach(() => {
    ours.destroy();
    peer.destroy();
  });

  /** What the peer reads from now on, until it is `length` bytes. */
  async function read(length: number): Promise<Buffer> {
    const chunks: Buffer[] = [];
    for await (const chunk of peer.iterator({ destroyOnReturn: false })) {
      chunks.push(chunk);
      if (chunks.reduce((sum, { length }) => sum + length, 0) >= length) break;
    }
    return Buffer.concat(chunks);
  }

  /** What Node's stream is asked to write. */
  function watchStream(): Buffer[] {
    const through: Buffer[] = [];
    const write = ours.write.bind(ours) as (chunk: Buffer) => boolean;
    ours.write = ((chunk: Buffer) => {
      through.push(chunk);
      return write(chunk);
    }) as Socket['write'];
    return through;
  }

  it('takes what the kernel takes at once, and Node has what this needs where it was', async () => {
    const through = watchStream();
    for (const word of ['one ', 'two ', 'three']) raw.write(Buffer.from(word));
    assert.equal(String(await read(13)), 'one two three');
    assert.deepEqual(through, []);
    assert.equal(raw.bufferedAmount, 0);
  });

  it('counts what a peer leaves unread, keeps all of it in order, and says when it is taken', async () => {
    const pages = Array.from({ length: 64 }, () => randomBytes(MUCH / 64));
    for (const [number, page] of pages.entries()) {
      if (number % 8 === 7) raw.writeAll([page.subarray(0, 5), page.subarray(5)]);
      else raw.write(page);
    }
    assert.ok(raw.bufferedAmount > MUCH / 2, `${raw.bufferedAmount} bytes are buffered`);
    const drained = new Promise<number>((resolve) => raw.onceDrained(() => resolve(raw.bufferedAmount)));
    const received = await read(MUCH);
    assert.ok(Buffer.concat(pages).equals(received));
    assert.ok((await drained) < MUCH / 2);
    const through = watchStream();
    raw.write(Buffer.from('more'));
    assert.equal(String(await read(4)), 'more');
    assert.deepEqual(through, [], 'past the stream again');
  });

  it('says that one long message is taken', async () => {
    const page = randomBytes(MUCH);
    raw.write(page);
    assert.ok(raw.bufferedAmount > 0);
    let drained = false;
    raw.onceDrained(() => {
      drained = raw.bufferedAmount === 0;
    });
    assert.ok(page.equals(await read(MUCH)));
    await new Promise((resolve) => setImmediate(resolve));
    assert.ok(drained);
  });

  it('calls back in another turn when nothing is buffered', async () => {
    let called = false;
    raw.onceDrained(() => {
      called = true;
    });
    assert.equal(called, false);
    await new Promise((resolve) => setImmediate(resolve));
    assert.ok(called);
  });

  it('closes the stream when the peer is gone, with a message on its way or without', async () => {
    const closed = new Promise((resolve) => ours.once('close', resolve));
    raw.write(randomBytes(MUCH));
    peer.resetAndDestroy();
    await closed;
    raw.write(Buffer.from('into the void'));
    assert.ok(ours.destroyed);
  });
});
