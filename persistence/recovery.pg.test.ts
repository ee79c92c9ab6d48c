import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import type { Sql } from 'postgres';
import { connect } from './connection.ts';
import type { DocumentHandle, DocumentStore } from './document-store.ts';
import { openPostgresStore } from './postgres-store.ts';
import { concatenate, entry, handleOf, textOf } from './testing/contract/fixture.ts';
import { type TestDatabase, testDatabase } from './testing.ts';

const NAME = 'plan';

describe('a damaged snapshot', () => {
  let database: TestDatabase;
  before(async () => {
    database = await testDatabase();
  });
  after(() => database.stop());

  /** A document compacted twice, with a tail of one, and its database at hand. */
  async function compacted(t: TestContext): Promise<{ store: DocumentStore; sql: Sql; handle: DocumentHandle }> {
    const url = await database.createDatabase();
    const store = await openPostgresStore(url);
    const sql = connect(url, 1);
    t.after(() => Promise.all([store.close(), sql.end()]));
    const handle = await handleOf(store, NAME);
    for (const texts of [['a;', 'b;'], ['c;']]) {
      await store.append(texts.map((text) => entry(handle, text)));
      await store.compact(handle, concatenate);
    }
    await store.append([entry(handle, 'd;')]);
    return { store, sql, handle };
  }

  const damage = (sql: Sql) => sql`update inkwire.documents set snapshot = set_byte(snapshot, 1, 0)`;
  const stored = async (sql: Sql) => (await sql`select snapshot, snapshot_seq, head from inkwire.documents`)[0];

  it('[D11] is noticed, and the document is read from history and the log; nothing is overwritten', async (t) => {
    const { store, sql } = await compacted(t);
    assert.equal((await store.load(NAME)).damage, undefined);
    await damage(sql);
    const before = await stored(sql);
    for (let read = 0; read < 2; read++) {
      const loaded = await store.load(NAME);
      assert.match(loaded.damage ?? '', /snapshot of "plan" is damaged.*rebuilt from its 3 updates/);
      assert.equal(loaded.snapshot, null);
      assert.equal(textOf(loaded), 'a;b;c;d;');
      assert.equal(loaded.head, 4);
    }
    assert.deepEqual(await stored(sql), before);
  });

  it('[D11] is made anew by the next compaction, with or without something to compact', async (t) => {
    const { store, sql, handle } = await compacted(t);
    for (const rows of [1, 0]) {
      await damage(sql);
      assert.equal((await store.compact(handle, concatenate))?.compacted, rows);
      const loaded = await store.load(NAME);
      assert.equal(loaded.damage, undefined);
      assert.equal(textOf(loaded), 'a;b;c;d;');
    }
    assert.equal(await store.compact(handle, concatenate), null);
  });

  it('[D11] without its history is an error that names the document, and is neither shown nor overwritten', async (t) => {
    const { store, sql, handle } = await compacted(t);
    await damage(sql);
    const refusal = { code: 'internal', message: /snapshot of "plan" is damaged, and history does not hold/ };
    await sql`update inkwire.history set data = set_byte(data, length(data) / 2, get_byte(data, length(data) / 2) # 1) where first_seq = 3`;
    await assert.rejects(store.load(NAME), refusal);
    await sql`delete from inkwire.history where first_seq = 1`;
    const before = await stored(sql);
    await assert.rejects(store.load(NAME), refusal);
    await assert.rejects(store.compact(handle, concatenate), refusal);
    assert.deepEqual(await stored(sql), before);
  });
});
