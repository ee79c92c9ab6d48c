import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import postgres, { type Sql } from 'postgres';
import { type TestDatabase, testDatabase } from '../../persistence/testing.ts';
import { ERRORS } from '../../protocol/errors.ts';
import { LivePath } from '../live-path.ts';
import { RawSocket, signIn } from '../raw-socket.ts';
import { until } from '../wait.ts';
import { WriterClient } from '../writer-client.ts';

const NAME = 'plan';

describe('a snapshot row that was damaged by hand', () => {
  let database: TestDatabase;
  before(async () => {
    database = await testDatabase();
  });
  after(() => database.stop());

  /** A live path on a database where the document was compacted and left memory; its text, and SQL to damage it with. */
  async function compacted(t: TestContext): Promise<{ path: LivePath; sql: Sql; text: string }> {
    const url = await database.createDatabase();
    const path = await LivePath.start(url);
    t.after(() => path.stop());
    const sql = postgres(url, { max: 1, onnotice: () => {} });
    t.after(() => sql.end());
    const ada = writer(t, path);
    await ada.synced();
    for (let word = 0; word < 300; word++) {
      ada.text.insert(0, `${'x'.repeat(300)} `);
      if (word % 20 === 0) await ada.allSaved();
    }
    await ada.allSaved();
    const text = ada.text.toString();
    await until('it is compacted', async () => (await path.store.load(NAME)).snapshotSeq > 0);
    await leave(path, ada);
    return { path, sql, text };
  }

  function writer(t: TestContext, path: LivePath): WriterClient {
    const client = new WriterClient(path.collab, NAME);
    t.after(() => client.close());
    return client;
  }

  async function leave(path: LivePath, client: WriterClient): Promise<void> {
    client.close();
    await until('the document has left memory', () => path.rooms.get(NAME) === undefined);
  }

  const snapshot = async (sql: Sql): Promise<Buffer> =>
    (await sql`select snapshot from inkwire.documents where name = ${NAME}`)[0]!.snapshot;

  // Cut short it does not decode, with a letter changed it does, and the empty update is sound but says nothing.
  for (const [damage, expression] of [
    ['cut short', 'substring(snapshot for length(snapshot) / 2)'],
    ['changed by a letter', "overlay(snapshot placing 'y' from length(snapshot) / 2)"],
    ['replaced by an empty update', "'\\x0000'"],
  ] as const) {
    it(`[D11] ${damage}: is reported, the document is rebuilt from history, and the next compaction writes a sound one`, async (t) => {
      const { path, sql, text } = await compacted(t);
      await sql.unsafe(`update inkwire.documents set snapshot = ${expression}`);
      const damaged = await snapshot(sql);

      const ada = writer(t, path);
      await ada.synced();
      assert.equal(ada.text.toString(), text);
      assert.match(path.errors.join('\n'), /reading a snapshot: .*The stored snapshot of "plan" is damaged/);
      assert.deepEqual(await snapshot(sql), damaged, 'nothing was overwritten');

      ada.text.insert(0, 'more ');
      await ada.allSaved();
      await leave(path, ada);
      await until('a sound snapshot is written', async () => (await path.store.load(NAME)).damage === undefined);
      path.errors.length = 0;
      const bob = writer(t, path);
      await bob.synced();
      assert.equal(bob.text.toString(), `more ${text}`);
      assert.deepEqual(path.errors, []);
    });
  }

  it('[D5] [D11] without its history is refused, and nothing is written', async (t) => {
    const { path, sql } = await compacted(t);
    await sql`update inkwire.documents set snapshot = 'damaged'`;
    await sql`delete from inkwire.history`;
    const raw = await RawSocket.open(path.collab);
    raw.send(signIn(NAME));
    assert.equal(await raw.closeCode(), ERRORS.internal.close);
    assert.match(path.errors.join('\n'), /snapshot of "plan" is damaged, and history does not hold/);
    assert.equal((await snapshot(sql)).toString(), 'damaged');
  });

  it('[D5] that was sound once and does not decode is refused, and nothing is written', async (t) => {
    const { path, sql } = await compacted(t);
    await sql`update inkwire.documents set snapshot = '\\xdead', snapshot_hash = sha256('\\xdead')`;
    const raw = await RawSocket.open(path.collab);
    raw.send(signIn(NAME));
    assert.equal(await raw.closeCode(), ERRORS.internal.close);
    assert.match(path.errors.join('\n'), /What is stored of "plan" cannot be read/);
    assert.deepEqual(await snapshot(sql), Buffer.from([0xde, 0xad]));
  });
});
