import assert from 'node:assert/strict';
import { once } from 'node:events';
import { it, type TestContext } from 'node:test';
import { HttpRaw } from '../../e2e/http-raw.ts';
import { seededRandom } from '../../e2e/seeded-random.ts';
import { until } from '../../e2e/wait.ts';
import { body, Request } from '../../protocol/http-link.ts';
import type { Link, LinkEnd, LinkListener } from '../ports/link.ts';
import { HttpClient, serve } from './testing/http-ends.ts';
import { linkContract } from './testing/link-contract.ts';

/** The browser's end, whose requests a test can lose, and whose answers it can cut. */
class TestSocket extends HttpRaw {
  /** Called before each request, with its kind; rejecting loses it. */
  static before: (kind: number) => Promise<void> = async () => {};
  /** Called for each answer; what it returns is what comes. */
  static after: (kind: number, response: Response) => Promise<Response> = async (_, response) => response;

  protected override async request(url: string, init: RequestInit): Promise<Response> {
    const kind = (init.body as Uint8Array)[0] as number;
    await TestSocket.before(kind);
    return TestSocket.after(kind, await super.request(url, init));
  }
}

linkContract('HTTP', async () => {
  let listen: (link: Link) => LinkListener;
  const { url, stop } = await serve({ open: (link) => listen(link) });
  return {
    async open(given) {
      listen = given;
      const socket = new TestSocket(url);
      const client = new HttpClient(socket);
      await once(socket, 'open');
      return client;
    },
    stop,
  };
});

/** A link whose server sends back what it is sent, and its client. */
async function echo(t: TestContext) {
  const ends: LinkEnd[] = [];
  let frames = 0;
  const { url, stop } = await serve({
    graceMs: 5_000,
    open: (link) => ({
      receive: (frame) => {
        frames += 1;
        link.send(frame.slice());
      },
      refuse: () => {},
      closed: (end) => void ends.push(end),
    }),
  });
  t.after(stop);
  const socket = new TestSocket(url);
  const received: number[] = [];
  socket.addEventListener('message', (event) => received.push(new DataView((event as MessageEvent).data).getUint32(0)));
  await once(socket, 'open');
  t.after(() => socket.close());
  const send = (value: number, length = 4) => {
    const frame = new Uint8Array(length);
    new DataView(frame.buffer).setUint32(0, value);
    socket.send(frame);
  };
  return { url, socket, received, send, ends, frames: () => frames };
}

it('[W10] loses, doubles and reorders nothing, whatever is lost, cut or answered twice', async (t) => {
  const { seed, next: random } = seededRandom();
  t.diagnostic(`SEED=${seed}`);
  t.after(() => {
    TestSocket.before = async () => {};
    TestSocket.after = async (_, response) => response;
  });
  const { received, send, frames, ends } = await echo(t);
  let faults = 0;
  const fail = (share: number, what: string) => {
    if (random() >= share) return;
    faults += 1;
    throw new TypeError(what);
  };
  TestSocket.before = async (kind) => {
    if (kind !== Request.Close) fail(0.15, 'the request is lost');
  };
  TestSocket.after = async (kind, response) => {
    if (kind === Request.Close) return response;
    fail(0.15, 'the answer is lost');
    if (random() > 0.4 || response.body === null) return response;
    faults += 1;
    let left = Math.floor(random() * 3_000);
    const cut = new TransformStream<Uint8Array, Uint8Array>({
      transform: (chunk, controller) => {
        const part = chunk.subarray(0, left);
        left -= part.length;
        controller.enqueue(part);
        if (part.length < chunk.length) controller.error(new TypeError('the answer is cut'));
      },
    });
    return new Response(response.body.pipeThrough(cut), response);
  };
  const count = 300;
  for (let value = 0; value < count; value++) {
    send(value, 4 + Math.floor(random() * (random() < 0.1 ? 20_000 : 60)));
    if (random() < 0.5) await new Promise((resolve) => setTimeout(resolve, random() * 10));
  }
  await until('all have come back', () => received.length >= count || ends.length > 0);
  assert.deepEqual(
    received,
    Array.from({ length: count }, (_, value) => value),
  );
  assert.equal(frames(), count);
  assert.ok(faults > 0, `${faults} faults`);
});

it('[W10] falls back to answers that are held where streams are kept back, and still hears at once', async (t) => {
  t.after(() => {
    TestSocket.after = async (_, response) => response;
  });
  // A proxy that hands on an answer when it is whole.
  TestSocket.after = async (_, response) => (response.status === 204 ? response : new Response(await response.arrayBuffer(), response));
  const { received, send } = await echo(t);
  send(1);
  await until('it has come back', () => received.length === 1);
  const begun = performance.now();
  send(2);
  await until('it has come back', () => received.length === 2);
  assert.ok(performance.now() - begun < 1_000, 'held answers are answered when there is something');
});

it('[W10] knows nobody by a secret that is none, and takes no long body and no other method', async (t) => {
  const { url } = await echo(t);
  const address = url.replace('ws:', 'http:').replace('/collab', '/collab/http');
  const post = (bytes: Uint8Array<ArrayBuffer>) => fetch(address, { method: 'POST', body: bytes });
  const gone = await post(body(Request.Send, 'not a secret', 0, 0));
  assert.deepEqual([gone.status, gone.headers.get('content-type')], [410, 'application/problem+json']);
  assert.equal((await post(new Uint8Array(2_000_000))).status, 413);
  assert.equal((await post(new Uint8Array())).status, 410);
  const got = await fetch(address);
  assert.deepEqual([got.status, got.headers.get('allow')], [405, 'POST']);
});
