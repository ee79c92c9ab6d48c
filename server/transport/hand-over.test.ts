import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it, type TestContext } from 'node:test';
import { HttpRaw } from '../../e2e/http-raw.ts';
import { seededRandom } from '../../e2e/seeded-random.ts';
import { until } from '../../e2e/wait.ts';
import { body, Mode, Reader, Request } from '../../protocol/http-link.ts';
import type { NodeChannel } from '../ports/cluster.ts';
import type { Link, LinkEnd, LinkListener } from '../ports/link.ts';
import { HttpClient, serve } from './testing/http-ends.ts';
import { linkContract } from './testing/link-contract.ts';

/** What carries messages between the nodes of a test, as badly as it is told. */
class Messages {
  /** Of a hundred messages so many are lost, 0 to 1. */
  loss = 0;
  lost = 0;
  carried = 0;
  readonly #nodes = new Map<string, (message: Uint8Array) => void>();
  readonly #random: () => number;

  constructor(random: () => number = Math.random) {
    this.#random = random;
  }

  channel(self: string): NodeChannel {
    return {
      self,
      maxMessageBytes: 2_048,
      isThere: (node) => this.#nodes.has(node),
      send: (node, message) => {
        assert.ok(message.length <= 2_048, `${message.length} bytes`);
        this.carried += 1;
        if (this.#random() < this.loss) this.lost += 1;
        else setImmediate(() => this.#nodes.get(node)?.(message.slice()));
      },
      listen: (onMessage) => void this.#nodes.set(self, onMessage),
    };
  }

  die(node: string): void {
    this.#nodes.delete(node);
  }
}

/** A client whose link is at one node, and of whose other requests a test says where they go. */
class Astray extends HttpRaw {
  static elsewhere: () => string | null = () => null;

  protected override request(url: string, init: RequestInit): Promise<Response> {
    const isOpening = (init.body as Uint8Array)[0] === Request.Open;
    const other = isOpening ? null : Astray.elsewhere();
    return super.request(other === null ? url : url.replace(/\/\/[^/]+/, `//${new URL(other).host}`), init);
  }
}

const idle: LinkListener = { receive: () => {}, refuse: () => {}, closed: () => {} };

linkContract('HTTP, asked at another node than its own', async () => {
  const messages = new Messages();
  let listen: (link: Link) => LinkListener;
  // Megabytes in messages of 2 KB keep a request waiting on a busy machine for longer than the suite's own links are given.
  const first = await serve({ open: (link) => listen(link), graceMs: 1_500, channel: messages.channel('first') });
  const second = await serve({ open: () => idle, channel: messages.channel('second') });
  return {
    async open(given) {
      listen = given;
      Astray.elsewhere = () => second.url;
      const socket = new Astray(first.url);
      const client = new HttpClient(socket);
      await once(socket, 'open');
      return client;
    },
    async stop() {
      await Promise.all([first.stop(), second.stop()]);
    },
  };
});

describe('a link over HTTP whose requests reach several nodes', () => {
  async function nodes(t: TestContext, messages: Messages, onFrame: (link: Link, frame: Uint8Array) => void, ends: LinkEnd[] = []) {
    const open = (link: Link): LinkListener => ({
      receive: (frame) => onFrame(link, frame),
      refuse: () => {},
      closed: (end) => void ends.push(end),
    });
    const all = await Promise.all(
      ['a', 'b', 'c'].map((name) => serve({ open, graceMs: 5_000, patienceMs: 300, channel: messages.channel(name) })),
    );
    t.after(() => Promise.all(all.map(({ stop }) => stop())));
    return all.map(({ url }) => url);
  }

  it('[W10] loses, doubles and reorders nothing, whichever nodes they reach and whatever is lost between these', async (t) => {
    const { seed, next: random } = seededRandom();
    t.diagnostic(`SEED=${seed}`);
    const messages = new Messages(random);
    const ends: LinkEnd[] = [];
    const urls = await nodes(t, messages, (link, frame) => link.send(frame.slice()), ends);
    Astray.elsewhere = () => urls[Math.floor(random() * 3)] as string;
    const socket = new Astray(urls[0] as string);
    const received: number[] = [];
    socket.addEventListener('message', (event) => received.push(new DataView((event as MessageEvent).data).getUint32(0)));
    await once(socket, 'open');
    t.after(() => socket.close());
    messages.loss = 0.03;
    const count = 150;
    for (let value = 0; value < count; value++) {
      const frame = new Uint8Array(4 + Math.floor(random() * (random() < 0.1 ? 100_000 : 60)));
      new DataView(frame.buffer).setUint32(0, value);
      socket.send(frame);
      if (random() < 0.5) await new Promise((resolve) => setTimeout(resolve, random() * 10));
    }
    await until('all have come back', () => received.length >= count || ends.length > 0);
    assert.deepEqual(
      received,
      Array.from({ length: count }, (_, value) => value),
    );
    assert.ok(messages.carried > count, `${messages.carried} messages`);
  });

  it('[W10] sends no faster than the other node hands on', async (t) => {
    const messages = new Messages();
    const urls = await nodes(t, messages, (link) => link.send(new Uint8Array(3 * 1024 * 1024)));
    const post = (at: number, bytes: Uint8Array<ArrayBuffer>) =>
      fetch((urls[at] as string).replace('ws:', 'http:').replace('/collab', '/collab/http'), { method: 'POST', body: bytes });
    const secret = new Reader(new Uint8Array(await (await post(0, body(Request.Open))).arrayBuffer())).text() as string;
    const stream = await post(1, body(Request.Receive, secret, 0, Mode.Stream));
    const before = messages.carried;
    assert.equal((await post(1, body(Request.Send, secret, 0, 0, 1, new Uint8Array(1)))).status, 200);
    await until('it has come to rest', async () => {
      const then = messages.carried;
      await new Promise((resolve) => setTimeout(resolve, 100));
      return messages.carried === then;
    });
    const atRest = messages.carried - before;
    let length = 0;
    for await (const part of stream.body!) {
      length += part.length;
      if (length >= 3 * 1024 * 1024) break;
    }
    t.diagnostic(`${atRest} messages until it rested, ${messages.carried - before} in all`);
    assert.ok(messages.carried - before > 1_500 && atRest <= messages.carried - before);
  });

  it('[W10] is gone with its node, and a node that is away is not waited for', async (t) => {
    const messages = new Messages();
    const urls = await nodes(t, messages, () => {});
    Astray.elsewhere = () => urls[1] as string;
    const socket = new Astray(urls[0] as string);
    await once(socket, 'open');
    messages.die('a');
    await once(socket, 'close');
    const post = (bytes: Uint8Array<ArrayBuffer>) =>
      fetch((urls[1] as string).replace('ws:', 'http:').replace('/collab', '/collab/http'), { method: 'POST', body: bytes });
    assert.equal((await post(body(Request.Send, 'nobody.secret', 0, 0))).status, 410);
  });
});
