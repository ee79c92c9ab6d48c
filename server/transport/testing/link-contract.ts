import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { until } from '../../../e2e/wait.ts';
import type { ErrorCode } from '../../../protocol/errors.ts';
import type { Link, LinkEnd, LinkListener } from '../../ports/link.ts';

/** The client's end of a link, as far as the suite needs one. */
export interface LinkClient {
  /** What came in, in order. */
  readonly received: readonly Uint8Array[];
  /** The close code that came in, once the link has ended. */
  readonly closed: number | null;
  send(frame: Uint8Array): void;
  /** Sends something that is no frame, such as text; `null` where a transport cannot. */
  readonly sendNonsense: (() => void) | null;
  /** Stops and restarts reading. */
  pause(): void;
  resume(): void;
  close(): void;
  /** Goes without a word. */
  vanish(): void;
}

/** A transport under test. */
export interface TransportUnderTest {
  /** Opens a link between a client and a listener that the suite gives. */
  open(listen: (link: Link) => LinkListener): Promise<LinkClient>;
  stop(): Promise<void>;
}

/** More than kernels buffer for a client that does not read, bytes. */
const MUCH = 32 * 1024 * 1024;

/** What a listener was told. */
class Heard implements LinkListener {
  readonly frames: Uint8Array[] = [];
  readonly refusals: ErrorCode[] = [];
  ends = 0;
  end: LinkEnd | null = null;

  receive(frame: Uint8Array): void {
    assert.equal(this.ends, 0, 'nothing follows the end');
    // The transport may use the bytes again.
    this.frames.push(frame.slice());
  }

  refuse(code: ErrorCode): void {
    this.refusals.push(code);
  }

  closed(end: LinkEnd): void {
    this.ends++;
    this.end = end;
  }
}

/** What every transport must do; `start` begins one. */
export function linkContract(name: string, start: () => Promise<TransportUnderTest>): void {
  describe(`a link of ${name}`, () => {
    let transport: TransportUnderTest;
    let link: Link;
    let client: LinkClient;
    let heard: Heard;
    before(async () => {
      transport = await start();
    });
    after(() => transport.stop());
    beforeEach(async () => {
      heard = new Heard();
      client = await transport.open((opened) => {
        link = opened;
        return heard;
      });
    });
    afterEach(async () => {
      client.resume();
      client.vanish();
      await until('the link has ended', () => heard.ends > 0);
      assert.equal(heard.ends, 1, 'the end is told once');
    });

    it('[W1] carries frames both ways, whole and in order, of any length', async () => {
      const lengths = [1, 125, 126, 65_535, 65_536, 1_000_000, 3];
      const frames = lengths.map((length, at) => new Uint8Array(length).fill(at + 1));
      for (const frame of frames) link.send(frame);
      for (const frame of frames) client.send(frame);
      await until('all have come', () => client.received.length === frames.length && heard.frames.length === frames.length);
      for (const [at, frame] of frames.entries()) {
        assert.ok(Buffer.from(client.received[at]!).equals(frame), `to the client, ${frame.length} bytes`);
        assert.ok(Buffer.from(heard.frames[at]!).equals(frame), `to the server, ${frame.length} bytes`);
      }
    });

    it('is open when it is handed over, and counts nothing as unread that was read', async () => {
      assert.equal(link.readyState, 1);
      link.send(Uint8Array.of(1));
      await until('it was read', () => client.received.length === 1);
      await until('nothing is left', () => link.bufferedAmount === 0);
    });

    it('[L1] tells how much a client has not read, and when it has', async () => {
      client.pause();
      const frame = new Uint8Array(1024 * 1024);
      let sent = 0;
      let drained = false;
      while (sent < MUCH) {
        link.send(frame);
        sent += frame.length;
      }
      assert.ok(link.bufferedAmount > MUCH / 4, `${link.bufferedAmount} bytes`);
      link.onceDrained(() => {
        drained = true;
      });
      await new Promise((resolve) => setImmediate(resolve));
      assert.equal(drained, false);
      client.resume();
      await until('it has read all', () => drained);
      await until('all has come', () => client.received.length === MUCH / frame.length);
      assert.equal(link.bufferedAmount, 0);
    });

    it('[L2] is not read while it is paused, beyond what was read before', async () => {
      link.pause();
      const frame = new Uint8Array(1024 * 1024);
      for (let sent = 0; sent < MUCH; sent += frame.length) client.send(frame);
      for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
      assert.ok(heard.frames.length < MUCH / frame.length / 2, `${heard.frames.length} frames came`);
      link.resume();
      await until('all have come', () => heard.frames.length === MUCH / frame.length);
    });

    it('sends what is buffered before it closes, and then says why', async () => {
      for (let at = 0; at < 100; at++) link.send(Uint8Array.of(at));
      link.close(4410, 'deleted');
      assert.notEqual(link.readyState, 1);
      await until('the client knows', () => client.closed !== null);
      assert.equal(client.closed, 4410);
      assert.equal(client.received.length, 100);
      await until('so does the server', () => heard.ends === 1);
      assert.deepEqual(heard.end, { by: 'server', code: 4410, reason: 'deleted' });
      link.send(Uint8Array.of(1));
    });

    it('tells that a client has left, with or without a word', async () => {
      client.close();
      await until('the server knows', () => heard.ends === 1);
      assert.equal(heard.end?.by, 'client');
      assert.equal(heard.end?.reason, null);
      assert.equal(link.readyState, 3);
      const second = new Heard();
      const another = await transport.open(() => second);
      another.vanish();
      await until('the server knows', () => second.ends === 1);
      assert.equal(second.end?.by, 'network');
    });

    it('[W1] tells what cannot be a frame from frames', async () => {
      if (client.sendNonsense === null) return;
      client.sendNonsense();
      client.send(Uint8Array.of(7));
      await until('both have come', () => heard.refusals.length === 1 && heard.frames.length === 1);
      assert.deepEqual(heard.refusals, ['malformed-frame']);
    });
  });
}
