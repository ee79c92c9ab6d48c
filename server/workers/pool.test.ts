import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { type JobFailure, type JobKind, WorkerPool } from './pool.ts';
import type { TestJob } from './testing/job-worker.ts';

const KIND: JobKind = {
  name: 'The test',
  file: new URL('./testing/job-worker.ts', import.meta.url),
  threads: 1,
  queued: 10,
  timeoutMs: 60_000,
  memoryMb: 64,
  idleMs: 60_000,
};

function testPool(t: TestContext, limits: Partial<JobKind> = {}) {
  const pool = new WorkerPool();
  t.after(() => pool.close());
  const run = pool.add<TestJob, unknown>({ ...KIND, ...limits });
  return { pool, run, echo: (word: string) => run({ do: 'echo', word }) };
}

function closedGate() {
  const gate = new Int32Array(new SharedArrayBuffer(4));
  return {
    job: { do: 'hold', gate } satisfies TestJob,
    open: () => {
      Atomics.store(gate, 0, 1);
      Atomics.notify(gate, 0);
    },
  };
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((done) => setImmediate(done));
}

describe('the pool of threads', () => {
  it('answers jobs in turn, and keeps to the threads of their kind', async (t) => {
    const { pool, echo } = testPool(t);
    assert.deepEqual(await Promise.all(['a', 'b', 'c'].map(echo)), ['a', 'b', 'c']);
    assert.equal(pool.size, 1);
  });

  it('runs as many jobs of a kind at once as it has threads', async (t) => {
    const { run, echo } = testPool(t, { threads: 2 });
    const { job, open } = closedGate();
    const held = run(job);
    assert.equal(await echo('past it'), 'past it');
    open();
    assert.equal(await held, 'held');
  });

  it('lets no kind wait for another', async (t) => {
    const { pool, run } = testPool(t);
    const other = pool.add<TestJob, unknown>(KIND);
    const { job, open } = closedGate();
    const held = run(job);
    assert.equal(await other({ do: 'echo', word: 'past it' }), 'past it');
    open();
    await held;
  });

  it('hands bytes over whole', async (t) => {
    const { run } = testPool(t);
    assert.deepEqual(await run({ do: 'bytes', length: 100_000 }), new Uint8Array(100_000).fill(7));
  });

  it('says what a job refuses and what its work throws, and goes on in the same thread', async (t) => {
    const { pool, run, echo } = testPool(t);
    await assert.rejects(run({ do: 'refuse' }), { name: 'InkwireError', code: 'bad-content', message: 'no words' });
    await assert.rejects(run({ do: 'throw' }), /^Error: The test failed: Error: thrown\n +at /);
    assert.equal(await echo('on'), 'on');
    assert.equal(pool.size, 1);
  });

  const failures: [what: TestJob['do'], limits: Partial<JobKind>, failure: JobFailure, message: RegExp][] = [
    ['run on', { timeoutMs: 1_000 }, 'timeout', /^The test took longer than 1000 ms\.$/],
    ['fill memory', {}, 'out-of-memory', /^The test needed more than 64 MB of memory\.$/],
    ['throw later', {}, 'crashed', /^The test failed: its thread ended \(thrown later\)\.$/],
    ['end', {}, 'crashed', /^The test failed: its thread ended\.$/],
  ];
  for (const [what, limits, failure, message] of failures) {
    it(`tells that a job ended by "${what}" is ${failure}, and does the next in another thread`, async (t) => {
      const { run, echo } = testPool(t, limits);
      const failed = assert.rejects(run({ do: what } as TestJob), { name: 'JobError', failure, message });
      const next = echo('next');
      await failed;
      assert.equal(await next, 'next');
    });
  }

  it('turns a job away when too many wait', async (t) => {
    const { run, echo } = testPool(t, { queued: 1 });
    const { job, open } = closedGate();
    const held = run(job);
    const waiting = echo('waited');
    await assert.rejects(echo('one too many'), { failure: 'queue-full' });
    open();
    assert.deepEqual(await Promise.all([held, waiting]), ['held', 'waited']);
  });

  it('[L4] lets owners take turns, and none has all threads or the whole queue', async (t) => {
    const { run } = testPool(t, { threads: 2, queued: 6 });
    const gates = [closedGate(), closedGate()];
    const told: string[] = [];
    const by = (owner: string, word: string, gate?: ReturnType<typeof closedGate>) =>
      run(gate?.job ?? { do: 'echo', word }, { owner }).then(() => told.push(word));
    const held = by('greedy', 'held', gates[0]);
    const all = [held, by('greedy', 'greedy 1'), by('greedy', 'greedy 2'), by('greedy', 'greedy 3')];
    await assert.rejects(by('greedy', 'greedy 4'), { failure: 'queue-full' });
    all.push(by('another', 'waits', gates[1]), by('third', 'third'));
    gates[1]!.open();
    await Promise.all(all.slice(4));
    assert.deepEqual(told, ['waits', 'third'], 'the other thread is not for the greedy one');
    gates[0]!.open();
    await Promise.all(all);
    assert.deepEqual(told.slice(2), ['held', 'greedy 1', 'greedy 2', 'greedy 3']);
  });

  it('[L4] gives up what nobody waits for, also when it has begun', async (t) => {
    const { pool, run, echo } = testPool(t);
    const [running, waiting, late] = [new AbortController(), new AbortController(), AbortSignal.abort()];
    const first = assert.rejects(run({ do: 'run on' }, { signal: running.signal }), { failure: 'cancelled' });
    const second = assert.rejects(run({ do: 'run on' }, { signal: waiting.signal }), { failure: 'cancelled' });
    const next = echo('next');
    waiting.abort();
    await second;
    await assert.rejects(run({ do: 'run on' }, { signal: late }), { failure: 'cancelled' });
    running.abort();
    await first;
    assert.equal(await next, 'next');
    assert.equal(pool.size, 1);
  });

  it('lets idle threads go, and starts another when there is work again', async (t) => {
    const { pool, echo } = testPool(t, { idleMs: 1 });
    await echo('first');
    await until(() => pool.size === 0);
    assert.equal(await echo('second'), 'second');
  });

  it('gives up what is unfinished when it closes, has no thread after, and takes nothing more', async (t) => {
    const { pool, run, echo } = testPool(t);
    const running = assert.rejects(run({ do: 'run on' }), { failure: 'closed' });
    const waiting = assert.rejects(echo('waits'), { failure: 'closed' });
    await pool.close();
    await Promise.all([running, waiting]);
    assert.equal(pool.size, 0);
    await assert.rejects(echo('late'), { failure: 'closed' });
  });
});
