import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Ledger } from './faults/ledger.ts';
import type { Typist } from './faults/typist.ts';
import { seededRandom } from './seeded-random.ts';
import { ServerProcess } from './server-process.ts';
import { until } from './wait.ts';

/** The soak has a hundred of each. */
const ROUNDS = 4;
/** As fast as it goes would make documents that grow with every wait on a busy machine. */
const PACE_MS = 5;
const WRITERS = 4;
const DOCUMENTS = ['plan', 'team/minutes'];

/** Opens the documents for the writers of a round. */
async function crowd(ledger: Ledger, server: ServerProcess, round: number): Promise<Typist[]> {
  const typists: Typist[] = [];
  for (let writer = 0; writer < WRITERS; writer++) {
    typists.push(await ledger.hire(server, DOCUMENTS[writer % DOCUMENTS.length]!, `r${round}w${writer}`));
  }
  for (const typist of typists) typist.start(PACE_MS);
  return typists;
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
    const ledger = new Ledger(t);
    for (let round = 0; round < ROUNDS; round++) {
      const writers = await crowd(ledger, server, round);
      const killAfter = ledger.acknowledged + 1 + random.below(400);
      await until('enough is acknowledged', () => ledger.acknowledged >= killAfter);
      await server.kill9();
      // Whoever typed is gone as well, so nobody can send a lost edit again.
      for (const writer of writers) writer.leave();
      await server.start();
      await ledger.checkStored(server);
    }
    t.diagnostic(`${ledger.acknowledged} acknowledged edits, none lost`);
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
    const ledger = new Ledger(t);
    const writers = await crowd(ledger, server, 0);
    for (let round = 0; round < ROUNDS; round++) {
      const target = writers.map((writer) => writer.acknowledged + 1 + random.below(100));
      await until('everyone is acknowledged again', () => writers.every((writer, at) => writer.acknowledged >= target[at]!));
      process.kill(await postmasterPid(server.dataDir), 'SIGKILL');
    }
    for (const writer of writers) writer.stop();
    for (const writer of writers) await writer.client.allSaved();
    assert.equal(server.pid, pid);
    assert.ok(server.running, 'the server lives on');
    assert.equal(
      ledger.acknowledged,
      writers.reduce((sum, { typed }) => sum + typed, 0),
    );
    await ledger.check({ server });
    t.diagnostic(`${ledger.acknowledged} edits, all there`);
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
