import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import { seededRandom } from './seeded-random.ts';
import { ServerProcess } from './server-process.ts';
import { until } from './wait.ts';
import { WriterClient } from './writer-client.ts';

const ROUNDS = 10;
const WRITERS = 4;
const DOCUMENTS = ['plan', 'team/minutes'];

/** Types numbered words as fast as the event loop turns, and knows which of them were acknowledged. */
class Typist {
  readonly client: WriterClient;
  readonly id: string;
  typed = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(client: WriterClient, id: string) {
    this.client = client;
    this.id = id;
  }

  /** Acknowledgements come in order and are counted, so this many of the first words are safe. */
  get acknowledged(): number {
    return this.typed - this.client.provider.unsyncedChanges;
  }

  word(number: number): string {
    return `${this.id}#${number};`;
  }

  start(): void {
    this.#timer = setInterval(() => this.client.text.insert(0, this.word(this.typed++)), 1);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Is gone, with whatever was not acknowledged. */
  leave(): void {
    this.stop();
    this.client.close();
  }
}

/** Opens the writers of a round; the first makes the paragraph that the others find. */
async function typists(t: TestContext, server: ServerProcess, round: number): Promise<Typist[]> {
  const result: Typist[] = [];
  for (let writer = 0; writer < WRITERS; writer++) {
    const client = new WriterClient(server.collab, DOCUMENTS[writer % DOCUMENTS.length]!);
    const typist = new Typist(client, `r${round}w${writer}`);
    t.after(() => typist.leave());
    result.push(typist);
    await client.synced();
    client.text.toString();
    await client.allSaved();
  }
  return result;
}

async function exportedText(server: ServerProcess, name: string): Promise<string> {
  const response = await fetch(`${server.url}/api/documents/${encodeURIComponent(name)}/export?format=text`);
  assert.equal(response.status, 200);
  return response.text();
}

describe('kill -9 of the server under typing', () => {
  let server: ServerProcess;
  before(async () => {
    server = await ServerProcess.start();
  });
  after(() => server.dispose());

  it(`[D1] [D4] loses no acknowledged edit, ${ROUNDS} times at random moments`, { timeout: 240_000 }, async (t) => {
    const random = seededRandom();
    t.diagnostic(`seed ${random.seed}`);
    let acknowledged = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const writers = await typists(t, server, round);
      for (const writer of writers) writer.start();
      const killAfter = 1 + random.below(400);
      await until('enough is acknowledged', () => writers.reduce((sum, writer) => sum + Math.max(0, writer.acknowledged), 0) >= killAfter);
      await server.kill9();
      // Whoever typed is gone as well, so nobody can send a lost edit again.
      const safe = writers.map((writer) => ({ writer, words: Math.max(0, writer.acknowledged) }));
      for (const writer of writers) writer.leave();
      await server.start();
      for (const { writer, words } of safe) {
        const reader = new WriterClient(server.collab, writer.client.provider.configuration.name);
        t.after(() => reader.close());
        await reader.synced();
        const text = reader.text.toString();
        for (let number = 0; number < words; number++)
          assert.ok(text.includes(writer.word(number)), `${writer.word(number)} was acknowledged`);
        reader.close();
        acknowledged += words;
      }
    }
    t.diagnostic(`${acknowledged} acknowledged edits, none lost`);
  });
});

describe('kill -9 of Postgres under typing', () => {
  let server: ServerProcess;
  before(async () => {
    server = await ServerProcess.start();
  });
  after(() => server.dispose());

  it(`[D4] [D6] is ridden out ${ROUNDS} times: the server lives on, clients reach Saved by themselves, nothing is missing`, {
    timeout: 240_000,
  }, async (t) => {
    const random = seededRandom();
    t.diagnostic(`seed ${random.seed}`);
    const pid = server.pid;
    const writers = await typists(t, server, 0);
    for (const writer of writers) writer.start();
    for (let round = 0; round < ROUNDS; round++) {
      const target = writers.map((writer) => writer.acknowledged + 1 + random.below(100));
      await until('everyone is acknowledged again', () => writers.every((writer, at) => writer.acknowledged >= target[at]!));
      process.kill(await postmasterPid(server.dataDir), 'SIGKILL');
    }
    for (const writer of writers) writer.stop();
    for (const writer of writers) await writer.client.allSaved();
    assert.equal(server.pid, pid);
    assert.ok(server.running, 'the server lives on');

    await server.kill9();
    await server.start();
    const texts = new Map(await Promise.all(DOCUMENTS.map(async (name) => [name, await exportedText(server, name)] as const)));
    for (const writer of writers) {
      const text = texts.get(writer.client.provider.configuration.name)!;
      for (let number = 0; number < writer.typed; number++)
        assert.ok(text.includes(writer.word(number)), `${writer.word(number)} was saved`);
    }
    t.diagnostic(`${writers.reduce((sum, writer) => sum + writer.typed, 0)} edits, all there`);
  });
});

/** The process id of the Postgres that serves this data directory: the first line of its postmaster.pid. */
async function postmasterPid(dataDir: string): Promise<number> {
  let pid = 0;
  await until('Postgres runs', async () => {
    const file = (await readdir(dataDir, { recursive: true })).find((path) => path.endsWith('postmaster.pid'));
    if (file === undefined) return false;
    // It may be gone by now: Postgres writes it anew at each start.
    pid = Number.parseInt(await readFile(join(dataDir, file), 'utf8').catch(() => ''), 10);
    return pid > 0 && isAlive(pid);
  });
  return pid;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
