import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import type { Append, AppendResult } from './document-store.ts';
import { LogWriter } from './log-writer.ts';
import type { LogWriterOptions } from './log-writer-options.ts';
import { openPostgresStore } from './postgres-store.ts';
import { bytes, handleOf, textOf } from './testing/contract/fixture.ts';
import { type TestDatabase, testDatabase } from './testing.ts';

const LARGE = 'large '.repeat(60_000);

describe('a large update', () => {
  let database: TestDatabase;
  before(async () => {
    database = await testDatabase();
  });
  after(() => database.stop());

  /** A writer whose large updates go the way that `large` says; the real one is `commit`. */
  async function setUp(
    t: TestContext,
    large: (commit: () => Promise<AppendResult>, entry: Append) => Promise<AppendResult>,
    options: Partial<LogWriterOptions> = {},
  ) {
    const store = await openPostgresStore(await database.createDatabase());
    const writer = new LogWriter(store, {
      ...{ maxHeldBytes: 1e9, maxHeldBytesPerDocument: 1e9 },
      appendLarge: (entry) => large(async () => (await store.append([entry]))[0]!, entry),
      onDeleted: () => assert.fail('nothing was deleted'),
      onFellBack: () => assert.fail('the log did not fall back'),
      onRetry: () => {},
      ...options,
    });
    t.after(async () => {
      writer.close();
      await store.close();
    });
    return { store, writer };
  }

  it('[L4] is committed beside what others append, and its document keeps its order', async (t) => {
    const gate = Promise.withResolvers<void>();
    const { store, writer } = await setUp(t, async (commit) => {
      await gate.promise;
      return commit();
    });
    const [own, other] = [await handleOf(store, 'own'), await handleOf(store, 'other')];
    const called: string[] = [];
    for (const text of ['a', LARGE, 'b', LARGE, 'c']) {
      writer.append(own, bytes(text), null);
      writer.afterCommit(own, () => called.push(text.slice(0, 5)));
    }
    await new Promise<void>((resolve) => {
      writer.append(other, bytes('x'), null);
      writer.afterCommit(other, resolve);
    });
    assert.deepEqual([called, writer.pending(own), writer.pending(other)], [['a'], true, false]);
    assert.equal(await writer.drain(1), false);
    gate.resolve();
    assert.equal(await writer.drain(30_000), true);
    assert.deepEqual(called, ['a', 'large', 'b', 'large', 'c']);
    assert.equal(textOf(await store.load('own')), `a${LARGE}b${LARGE}c`);
    assert.deepEqual([own.head, writer.heldBytes], [5, 0]);
  });

  it('[D6] is tried again when the database refuses, and nothing of its document goes before it', async (t) => {
    const attempts: number[] = [];
    let recovered = 0;
    const { store, writer } = await setUp(t, (commit) => (attempts.length < 2 ? Promise.reject(new Error('away')) : commit()), {
      onRetry: (_, attempt) => attempts.push(attempt),
      onRecovered: () => recovered++,
    });
    const handle = await handleOf(store, 'document');
    for (const text of [LARGE, 'b']) writer.append(handle, bytes(text), null);
    assert.equal(await writer.drain(30_000), true);
    assert.deepEqual([attempts, recovered], [[1, 2], 1]);
    assert.equal(textOf(await store.load('document')), `${LARGE}b`);
  });

  it('[D12] of a deleted document is dropped with what waits behind it', async (t) => {
    const deleted: string[] = [];
    const { store, writer } = await setUp(
      t,
      async (commit, { handle }) => {
        await store.delete(handle.name);
        return commit();
      },
      { onDeleted: ({ name }) => deleted.push(name) },
    );
    const handle = await handleOf(store, 'document');
    writer.append(handle, bytes('a'), null);
    assert.equal(await writer.drain(30_000), true);
    for (const text of [LARGE, 'b']) writer.append(handle, bytes(text), null);
    assert.equal(await writer.drain(30_000), true);
    assert.deepEqual([deleted, writer.heldBytes, writer.pending(handle)], [['document'], 0, false]);
  });

  it('[D13] that the log has lost the document of is committed again with what it lacks', async (t) => {
    let isFirst = true;
    const { store, writer } = await setUp(
      t,
      async (commit) => {
        if (!isFirst) return commit();
        isFirst = false;
        return { status: 'missing' };
      },
      { onFellBack: async () => [bytes('lost ')] },
    );
    const handle = await handleOf(store, 'document');
    for (const text of [LARGE, 'b']) writer.append(handle, bytes(text), null);
    assert.equal(await writer.drain(30_000), true);
    assert.equal(textOf(await store.load('document')), `lost ${LARGE}b`);
  });
});
