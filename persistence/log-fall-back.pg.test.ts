import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import type { Sql } from 'postgres';
import { until } from '../e2e/wait.ts';
import { connect } from './connection.ts';
import type { DocumentHandle, DocumentStore } from './document-store.ts';
import type { Commit } from './log-batch.ts';
import { LogWriter } from './log-writer.ts';
import { openPostgresStore } from './postgres-store.ts';
import { bytes, handleOf, textOf } from './testing/contract/fixture.ts';
import { type TestDatabase, testDatabase } from './testing.ts';

/** A writer, and the rows it has to do with as they were at some moment. */
interface Scene {
  readonly store: DocumentStore;
  readonly writer: LogWriter;
  readonly sql: Sql;
  /** What a room would answer: what it holds and the log lacks. */
  readonly lost: Map<DocumentHandle, string[]>;
  readonly asked: DocumentHandle[];
  readonly commits: Commit[];
  readonly retries: unknown[];
  refuses: boolean;
  /** Appends, and calls back once it is acknowledged. */
  say(handle: DocumentHandle, text: string): Promise<void>;
}

describe('a log that has fallen back', () => {
  let database: TestDatabase;
  before(async () => {
    database = await testDatabase();
  });
  after(() => database.stop());

  async function setUp(t: TestContext): Promise<Scene> {
    const url = await database.createDatabase();
    const store = await openPostgresStore(url);
    const sql = connect(url, 1);
    const scene = { store, sql, lost: new Map(), asked: [], commits: [], retries: [], refuses: false } as unknown as Scene & {
      writer: LogWriter;
    };
    scene.writer = new LogWriter(store, {
      ...{ maxHeldBytes: 1e9, maxHeldBytesPerDocument: 1e9 },
      onDeleted: () => assert.fail('nothing was deleted'),
      onRetry: (error) => scene.retries.push(error),
      onCommitted: (commit) => scene.commits.push(commit),
      async onFellBack(handle) {
        scene.asked.push(handle);
        if (scene.refuses) throw new Error('the database does not answer');
        await store.reclaim(handle);
        return (scene.lost.get(handle) ?? []).map(bytes);
      },
    });
    scene.say = (handle, text) => {
      scene.writer.append(handle, bytes(text), 'ann');
      return new Promise((resolve) => scene.writer.afterCommit(handle, resolve));
    };
    t.after(async () => {
      scene.writer.close();
      await Promise.all([store.close(), sql.end()]);
    });
    return scene;
  }

  /** Takes the last updates of a document back, as a restored backup would. */
  const fallBack = (sql: Sql, name: string, head: number) =>
    sql.begin(async (transaction) => {
      await transaction`delete from inkwire.updates where seq > ${head} and document_id = (select id from inkwire.documents where name = ${name})`;
      await transaction`update inkwire.documents set head = ${head} where name = ${name}`;
    });

  it('[D13] is given what it lacks before anything more is acknowledged, also what is said meanwhile', async (t) => {
    const scene = await setUp(t);
    const { store, sql, asked, lost } = scene;
    const handle = await handleOf(store, 'plan');
    for (const text of ['one;', 'two;', 'three;']) await scene.say(handle, text);
    await fallBack(sql, 'plan', 1);
    lost.set(handle, ['two;three;']);
    await Promise.all(
      ['four;', 'five;'].map(async (text) => {
        await scene.say(handle, text);
        assert.match(textOf(await store.load('plan')), /two;three;/, 'acknowledged with a hole in the log');
      }),
    );
    assert.deepEqual(asked, [handle]);
    assert.equal(textOf(await store.load('plan')), 'one;four;five;two;three;');
    assert.equal(handle.head, (await store.load('plan')).head);
    assert.equal(scene.writer.pending(handle), false);
  });

  it('[D13] is noticed though nobody writes, and by nobody who asked before a commit', async (t) => {
    const scene = await setUp(t);
    const { store, sql, asked, lost, writer } = scene;
    const handle = await handleOf(store, 'plan');
    for (const text of ['one;', 'two;']) await scene.say(handle, text);
    writer.verify(handle, 2, 2);
    writer.verify(handle, 1, 1);
    assert.deepEqual(asked, [], 'what was read before a commit says nothing of it');
    await fallBack(sql, 'plan', 1);
    lost.set(handle, ['two;']);
    const [head] = await store.heads([handle]);
    writer.verify(handle, 2, head!);
    assert.equal(writer.pending(handle), true, 'the room must stay');
    assert.equal(await writer.drain(10_000), true);
    assert.equal(textOf(await store.load('plan')), 'one;two;');
    assert.equal(writer.pending(handle), false);
  });

  it('[D13] is filled in a document that the database has lost whole, or given its place to another', async (t) => {
    const scene = await setUp(t);
    const { store, sql, lost } = scene;
    const handle = await handleOf(store, 'plan');
    await scene.say(handle, 'one;');
    await sql`delete from inkwire.updates`;
    await sql`delete from inkwire.documents`;
    await sql`insert into inkwire.documents (id, name, search_text) overriding system value values (${handle.id}, 'another', '')`;
    lost.set(handle, ['one;']);
    await scene.say(handle, 'two;');
    assert.equal(textOf(await store.load('plan')), 'one;two;');
    assert.equal(textOf(await store.load('another')), '');
  });

  it('[D13] holds back that document alone, for as long as the database cannot say what it lacks', async (t) => {
    const scene = await setUp(t);
    const { store, sql, lost, retries } = scene;
    const [plan, notes] = [await handleOf(store, 'plan'), await handleOf(store, 'notes')];
    for (const handle of [plan, notes]) await scene.say(handle, 'one;');
    await scene.say(plan, 'two;');
    await fallBack(sql, 'plan', 1);
    lost.set(plan, ['two;']);
    scene.refuses = true;
    let acknowledged = false;
    const saved = scene.say(plan, 'three;').then(() => {
      acknowledged = true;
    });
    await until('it was tried again', () => retries.length > 1);
    await scene.say(notes, 'two;');
    assert.equal(acknowledged, false);
    assert.equal(await scene.writer.drain(10), false);
    scene.refuses = false;
    await saved;
    assert.equal(textOf(await store.load('plan')), 'one;three;two;');
  });

  it('tells of commits: what was added to which log, by whom', async (t) => {
    const scene = await setUp(t);
    const { store, commits, writer } = scene;
    const [plan, notes] = [await handleOf(store, 'plan'), await handleOf(store, 'notes')];
    await scene.say(plan, 'one;');
    writer.append(plan, bytes('two;'), 'bob');
    writer.append(notes, bytes('one;'), null);
    await scene.say(plan, 'three;');
    const told = commits.map(({ handle, updates, ...rest }) => ({ ...rest, name: handle.name, texts: updates.map(String) }));
    assert.deepEqual(told, [
      { name: 'plan', firstSeq: 1, lastSeq: 1, authors: ['ann'], texts: [String(bytes('one;'))] },
      { name: 'plan', firstSeq: 2, lastSeq: 3, authors: ['bob', 'ann'], texts: [String(bytes('two;')), String(bytes('three;'))] },
      { name: 'notes', firstSeq: 1, lastSeq: 1, authors: [null], texts: [String(bytes('one;'))] },
    ]);
  });
});
