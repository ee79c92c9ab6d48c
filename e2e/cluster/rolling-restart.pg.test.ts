import assert from 'node:assert/strict';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../wait.ts';
import { WriterClient } from '../writer-client.ts';
import { Nodes } from './nodes.ts';

/** A balancer that asks each node's `/readyz` and sends connections to those that say yes, in turn. */
class Balancer {
  readonly #nodes: Nodes;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #turn = 0;

  constructor(nodes: Nodes) {
    this.#nodes = nodes;
    this.#server = createServer((client) => void this.#accept(client));
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `ws://127.0.0.1:${(this.#server.address() as { port: number }).port}/collab`;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #accept(client: Socket): Promise<void> {
    this.#sockets.add(client);
    client.on('error', () => {});
    client.pause();
    const ready = await Promise.all(
      this.#nodes.servers.map(({ url }) =>
        fetch(`${url}/readyz`, { signal: AbortSignal.timeout(1_000) }).then(
          ({ ok }) => ok,
          () => false,
        ),
      ),
    );
    const candidates = this.#nodes.servers.filter((_, at) => ready[at]);
    const server = candidates[this.#turn++ % Math.max(1, candidates.length)];
    if (server === undefined) {
      client.destroy();
      return;
    }
    const upstream = connect(Number(new URL(server.url).port), '127.0.0.1');
    upstream.on('error', () => {});
    client.pipe(upstream).pipe(client);
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      one.once('close', () => {
        this.#sockets.delete(one);
        other.destroy();
      });
    }
  }
}

describe('a rolling restart', () => {
  let nodes: Nodes;
  let balancer: Balancer;
  const clients: WriterClient[] = [];
  before(async () => {
    nodes = await Nodes.start(2, 'postgres');
    balancer = new Balancer(nodes);
  });
  after(async () => {
    for (const client of clients) client.close();
    await balancer?.close();
    await nodes?.dispose();
  });

  it('[C2] [D7] loses nothing, and everybody is back on another node', async (t) => {
    const collab = await balancer.listen();
    const closes: number[] = [];
    for (let at = 0; at < 40; at++) {
      const client = new WriterClient(collab, `document-${at % 4}`);
      client.socket.on('close', ({ event }: { event: CloseEvent }) => closes.push(event.code));
      clients.push(client);
    }
    await Promise.all(clients.map((client) => client.synced()));
    let written = 0;
    let writing = true;
    const longestSilence = clients.map(() => ({ since: performance.now(), ms: 0 }));
    const writer = (async () => {
      while (writing) {
        for (const [at, client] of clients.entries()) {
          if (at % 4 === written % 4) client.document.getArray('words').push([`${at}:${written}`]);
          const silence = longestSilence[at]!;
          if (client.saved) silence.since = performance.now();
          else silence.ms = Math.max(silence.ms, performance.now() - silence.since);
        }
        written++;
        await sleep(20);
      }
    })();
    for (const server of nodes.servers) {
      await sleep(500);
      assert.equal(await server.terminate(), 0);
      await until('everybody is back', () => clients.every(({ provider }) => provider.isSynced));
      await server.start();
    }
    writing = false;
    await writer;
    await Promise.all(clients.map((client) => client.allSaved()));
    await until('all hold the same', () =>
      clients.every(({ document }, at) => document.getArray('words').length === clients[at % 4]!.document.getArray('words').length),
    );
    const words = new Set(clients.slice(0, 4).flatMap(({ document }) => document.getArray('words').toArray()));
    assert.equal(words.size, written * 10);
    assert.ok(closes.includes(1012), `closed with ${[...new Set(closes)]}`);
    t.diagnostic(`the longest that somebody's edits were not saved: ${Math.round(Math.max(...longestSilence.map(({ ms }) => ms)))} ms`);
  });
});
