import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Sql } from 'postgres';
import { connect } from './connection.ts';
import type { Append, DocumentHandle, DocumentStore } from './document-store.ts';
import { LogWriter } from './log-writer.ts';
import type { LogWriterOptions } from './log-writer-options.ts';
import { openPostgresStore } from './postgres-store.ts';
import { bytes, entry, handleOf, seeded, textOf } from './testing/contract/fixture.ts';
import { type TestDatabase, testDatabase } from './testing.ts';

describe('the log writer', () => {
  let database: TestDatabase;
  before(async () => {
    database = await testDatabase();
  });
  after(() => database.stop());

  async function setUp(t: TestContext, options: Partial<LogWriterOptions> = {}) {
    const url = await database.createDatabase();
    const store = await openPostgresStore(url);
    const sql = connect(url, 2);
    const writer = new LogWriter(store, {
      ...{ maxHeldBytes: 1e9, maxHeldBytesPerDocument: 1e9 },
      onDeleted: () => assert.fail('nothing was deleted'),
      onFellBack: () => assert.fail('the log did not fall back'),
      onRetry: () => {},
      ...options,
    });
    t.after(async () => {
      writer.close();
      await Promise.all([store.close(), sql.end()]);
    });
    return { store, writer, sql };
  }

  it('[D1] calls back only once everything appended so far is committed, in order', async (t) => {
    const { store, writer } = await setUp(t);
    const handle = await handleOf(store, 'document');
    const called: string[] = [];
    writer.afterCommit(handle, () => called.push('nothing pending'));
    assert.deepEqual(called, ['nothing pending'], 'at once when there is nothing to wait for');
    assert.equal(handle.head, 0);

    const committed: Promise<string>[] = [];
    for (const text of ['a', 'b', 'c']) {
      writer.append(handle, bytes(text), null);
      writer.afterCommit(handle, () => {
        called.push(text);
        committed.push(store.load('document').then(textOf));
      });
      assert.equal(writer.pending(handle), true);
    }
    assert.deepEqual(called, ['nothing pending']);
    assert.equal(await writer.drain(10_000), true);
    assert.deepEqual(called, ['nothing pending', 'a', 'b', 'c']);
    assert.deepEqual(await Promise.all(committed), ['abc', 'abc', 'abc']);
    assert.deepEqual([writer.pending(handle), handle.head, writer.heldBytes], [false, 3, 0]);
  });

  it('what waits for one document does not wait for an update appended later', async (t) => {
    const { store, writer, sql } = await setUp(t);
    const handle = await handleOf(store, 'document');
    writer.append(handle, bytes('a'), null);
    const first = new Promise<void>((resolve) => writer.afterCommit(handle, resolve));
    await first;
    const release = await holdDocument(sql, 'document');
    let called = false;
    writer.append(handle, bytes('b'), null);
    writer.afterCommit(handle, () => {
      called = true;
    });
    await untilSomeoneWaits(sql);
    assert.equal(called, false);
    await release();
    await writer.drain(10_000);
    assert.equal(called, true);
  });

  it('gathers what all documents append while a commit is in flight into few statements, bounded', async (t) => {
    const batches: number[] = [];
    const { store } = await setUp(t);
    const writer = writerOver(store, (entries) => batches.push(entries.length));
    const handles = await Promise.all(Array.from({ length: 50 }, (_, index) => handleOf(store, `document ${index}`)));
    for (let nth = 0; nth < 5_000; nth++) writer.append(handles[nth % 50] as DocumentHandle, bytes(`${nth};`), null);
    await writer.drain(30_000);
    assert.equal(
      batches.reduce((sum, size) => sum + size),
      5_000,
    );
    assert.ok(batches.length <= 4 && Math.max(...batches) <= 2_000, `batches of ${batches}`);
    assert.equal(textOf(await store.load('document 7')).split(';')[99], '4957');

    batches.length = 0;
    for (let nth = 0; nth < 5; nth++) writer.append(handles[0] as DocumentHandle, new Uint8Array(3_000_000), null);
    await writer.drain(30_000);
    assert.deepEqual(batches, [1, 1, 1, 1, 1]);
  });

  it('a deleted document is told once, its callbacks never run, and others commit', async (t) => {
    const deleted: DocumentHandle[] = [];
    const { store, writer } = await setUp(t, { onDeleted: (handle) => deleted.push(handle) });
    await store.create('gone');
    const [gone, kept] = [await handleOf(store, 'gone'), await handleOf(store, 'kept')];
    await store.delete('gone');
    for (let nth = 0; nth < 3; nth++) {
      writer.append(gone, bytes('x'), null);
      writer.afterCommit(gone, () => assert.fail('acknowledged what cannot commit'));
      writer.append(kept, bytes('y'), null);
    }
    await writer.drain(10_000);
    writer.append(gone, bytes('x'), null);
    writer.afterCommit(gone, () => assert.fail('acknowledged what cannot commit'));
    assert.deepEqual([writer.pending(gone), writer.heldBytes], [false, 0]);
    assert.deepEqual(deleted, [gone]);
    assert.equal(textOf(await store.load('kept')), 'yyy');
  });

  it('[D6] rides out a database that refuses, in order, and says when it answers again', async (t) => {
    const attempts: number[] = [];
    let recovered = 0;
    const { store, writer, sql } = await setUp(t, { onRetry: (_, attempt) => attempts.push(attempt), onRecovered: () => recovered++ });
    const handle = await handleOf(store, 'document');
    await sql`alter function inkwire.append_updates rename to away`;
    for (const text of ['a', 'b', 'c']) {
      writer.append(handle, bytes(text), null);
      const before = attempts.length;
      while (attempts.length === before) await delay(1);
    }
    assert.equal(writer.pending(handle), true);
    assert.deepEqual([attempts.slice(0, 3), recovered], [[1, 2, 3], 0]);
    await sql`alter function inkwire.away rename to append_updates`;
    assert.equal(await writer.drain(30_000), true);
    assert.equal(recovered, 1);
    assert.equal(textOf(await store.load('document')), 'abc');
  });

  it('[D6] says it is full past either bound, and accepts again after the commit', async (t) => {
    const { store, writer, sql } = await setUp(t, { maxHeldBytes: 100_000, maxHeldBytesPerDocument: 40_000 });
    const [a, b, c] = await Promise.all(['a', 'b', 'c'].map((name) => handleOf(store, name)));
    await store.append([{ handle: a!, update: bytes('x'), author: null }]);
    const release = await holdDocument(sql, 'a');
    writer.append(a!, new Uint8Array(30_000), null);
    assert.equal(writer.isFull(a!), false);
    writer.append(a!, new Uint8Array(30_000), null);
    assert.deepEqual([writer.isFull(a!), writer.isFull(b!)], [true, false]);
    writer.append(b!, new Uint8Array(50_000), null);
    assert.deepEqual([writer.isFull(b!), writer.isFull(c!)], [true, true]);
    assert.ok(writer.heldBytes > 110_000);
    await untilSomeoneWaits(sql);
    assert.equal(await writer.drain(1), false);
    await release();
    assert.equal(await writer.drain(10_000), true);
    assert.deepEqual([writer.isFull(a!), writer.isFull(b!), writer.heldBytes], [false, false, 0]);
  });

  it('one small update costs more than its bytes: a flood of tiny ones is bounded too', async (t) => {
    const { store, writer } = await setUp(t, { maxHeldBytesPerDocument: 10_000 });
    const handle = await handleOf(store, 'document');
    for (let nth = 0; nth < 1_000; nth++) writer.append(handle, Uint8Array.of(1), null);
    assert.equal(writer.isFull(handle), true);
  });

  it('takes a row of another node that it hears of meanwhile for no fall-back', async (t) => {
    const url = await database.createDatabase();
    const [store, other] = await Promise.all([openPostgresStore(url), openPostgresStore(url)]);
    t.after(() => Promise.all([store.close(), other.close()]));
    const { handle } = await store.load('plan');
    let fellBack = 0;
    const writer = new LogWriter(
      {
        append: async (entries) => {
          const results = await store.append(entries);
          // Another node commits behind it, and is heard before the answer.
          await other.append([entry((await other.load('plan')).handle, 'theirs')]);
          handle.head = 2;
          return results;
        },
      },
      {
        ...{ maxHeldBytes: 1e9, maxHeldBytesPerDocument: 1e9, onDeleted: () => {}, onRetry: () => {} },
        onFellBack: async () => {
          fellBack++;
          return [];
        },
      },
    );
    t.after(() => writer.close());
    writer.append(handle, bytes('ours'), null);
    await new Promise<void>((resolve) => writer.afterCommit(handle, resolve));
    assert.deepEqual([fellBack, handle.head], [0, 2]);
  });

  it('commits nothing after close', async (t) => {
    const { store, writer } = await setUp(t);
    const handle = await handleOf(store, 'document');
    writer.append(handle, bytes('x'), null);
    writer.close();
    writer.append(handle, bytes('y'), null);
    assert.equal(await writer.drain(10_000), true);
    assert.equal(await store.count(), 0);
  });

  it('[D4] kill -9 of Postgres, ten times under load, loses nothing that was called back, and the writer recovers', async (t) => {
    const random = seeded(t);
    const { store, writer } = await setUp(t);
    const handles = await Promise.all(Array.from({ length: 20 }, (_, index) => handleOf(store, `document ${index}`)));
    const acknowledged = new Map(handles.map((handle) => [handle, 0]));
    let total = 0;
    let writing = true;
    const type = (handle: DocumentHandle, nth: number) => {
      writer.append(handle, bytes(`${nth};`), null);
      writer.afterCommit(handle, () => {
        acknowledged.set(handle, nth);
        total++;
        if (writing) setImmediate(type, handle, nth + 1);
      });
    };
    for (const handle of handles) type(handle, 1);
    for (let round = 0; round < 10; round++) {
      const enough = total + 200 + random(500);
      while (total < enough) await delay(1);
      await killAndAwaitRestart(database);
    }
    const last = total + 200;
    while (total < last) await delay(1);
    writing = false;
    assert.equal(await writer.drain(30_000), true);
    for (const handle of handles) {
      // An update whose commit was not answered is sent again: it may stand twice, never be missing or out of order.
      const log = textOf(await store.load(handle.name))
        .split(';')
        .slice(0, -1)
        .map(Number);
      assert.deepEqual(
        [...new Set(log)],
        Array.from({ length: acknowledged.get(handle)! }, (_, index) => index + 1),
      );
    }
  });
});

function writerOver(store: DocumentStore, onBatch: (entries: readonly Append[]) => void): LogWriter {
  const counting = {
    append(entries: readonly Append[]) {
      onBatch(entries);
      return store.append(entries);
    },
  };
  return new LogWriter(counting, {
    maxHeldBytes: 1e9,
    maxHeldBytesPerDocument: 1e9,
    onDeleted() {},
    onFellBack: async () => [],
    onRetry() {},
  });
}

/** Locks a document's row, so that appends to it wait. Returns what lets go. */
async function holdDocument(sql: Sql, name: string): Promise<() => Promise<void>> {
  const locked = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  const ended = sql.begin(async (transaction) => {
    await transaction`select from inkwire.documents where name = ${name} for update`;
    locked.resolve();
    await released.promise;
  });
  await Promise.race([locked.promise, ended]);
  return async () => {
    released.resolve();
    await ended;
  };
}

/** Backends of a killed Postgres answer for some moments more: a round counts once another process serves. */
async function killAndAwaitRestart({ postgres }: TestDatabase): Promise<void> {
  const before = postgres.pid;
  assert.notEqual(before, 0);
  postgres.kill();
  while (postgres.pid === before || postgres.pid === 0) await delay(1);
}

async function untilSomeoneWaits(sql: Sql): Promise<void> {
  const waiting = async () =>
    sql`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%append_update%'`;
  while ((await waiting()).length === 0) await delay(5);
}
