import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import postgres from 'postgres';
import { connect } from './connection.ts';
import { migrate } from './migrate.ts';
import { openPostgresStore } from './postgres-store.ts';
import { type TestDatabase, testDatabase } from './testing.ts';

describe('migrations', () => {
  let database: TestDatabase;
  before(async () => {
    database = await testDatabase();
  });
  after(() => database.stop());

  it('are applied once, however many nodes start at once', async () => {
    const url = await database.createDatabase();
    const applied = await Promise.all(Array.from({ length: 6 }, () => migrate(url)));
    assert.deepEqual(
      applied.filter((names) => names.length > 0),
      [
        [
          '0001-documents.sql',
          '0002-snapshot-hash.sql',
          '0003-append-plan.sql',
          '0004-access.sql',
          '0005-client-ids.sql',
          '0006-append-one.sql',
          '0007-lives.sql',
          '0008-synchronous-commits.sql',
          '0009-append-by-id.sql',
          '0010-assets.sql',
          '0011-breaking.sql',
          '0012-edits.sql',
          '0013-version-names.sql',
          '0014-checkpoints.sql',
          '0015-people.sql',
          '0016-edit-kinds.sql',
        ],
      ],
    );
    assert.deepEqual(await migrate(url), []);
  });

  it('[C3] refuse a database in which a newer version has broken this one, and leave it as it is', async () => {
    const url = await database.createDatabase();
    await migrate(url);
    const sql = connect(url, 1);
    await sql`insert into inkwire.migrations (version, name, breaking) values (9998, '9998-later.sql', true), (9999, '9999-last.sql', false)`;
    await assert.rejects(openPostgresStore(url), { code: 'database-unavailable', message: /newer Inkwire \(schema 9999.*9998-later/ });
    await assert.rejects(migrate(url), { code: 'database-unavailable' });
    await sql.end();
  });

  it('[C3] let an older version work on a database to which a newer one has added what breaks nobody', async () => {
    const url = await database.createDatabase();
    await migrate(url);
    const sql = connect(url, 1);
    await sql`alter table inkwire.documents add column later text`;
    await sql`insert into inkwire.migrations (version, name) values (9999, '9999-later.sql')`;
    await sql.end();
    const store = await openPostgresStore(url);
    const { handle } = await store.load('plan');
    assert.deepEqual(await store.append([{ handle, update: new Uint8Array([0, 0]), author: null }]), [{ status: 'committed', seq: 1 }]);
    await store.close();
  });

  it('[C3] that break older servers wait until none is connected', async () => {
    const url = await database.createDatabase();
    await migrate(url);
    const sql = connect(url, 1);
    await sql`delete from inkwire.migrations where version >= 7`;
    const older = postgres(url, { max: 1, connection: { application_name: 'inkwire, migration 6' } });
    await older`select 1`;
    await assert.rejects(migrate(url), { code: 'database-unavailable', message: /older Inkwire .*0007-lives\.sql.*Stop them all/ });
    await older.end();
    // What it finds then is not what the list says: the step itself fails, and says so.
    await assert.rejects(migrate(url), (error: Error) => !error.message.includes('older Inkwire'));
    await sql.end();
  });

  it('need no right to create anything once they are applied: a server may run as a user without it', async () => {
    const url = await database.createDatabase();
    await migrate(url);
    const sql = connect(url, 1);
    const user = new URL(url).pathname.slice(1);
    // The lines of docs/operating.md.
    await sql.unsafe(`create role ${user} login password 'only-uses'`);
    await sql.unsafe(`grant usage on schema inkwire to ${user}`);
    await sql.unsafe(`grant select, insert, update, delete on all tables in schema inkwire to ${user}`);
    await sql.end();
    const store = await openPostgresStore(Object.assign(new URL(url), { username: user, password: 'only-uses' }).href);
    const { handle } = await store.load('plan');
    const update = new Uint8Array([0, 0]);
    assert.deepEqual(await store.append([{ handle, update, author: 'ada' }]), [{ status: 'committed', seq: 1 }]);
    assert.deepEqual(await store.append([{ handle, update, author: 'ada' }]), [{ status: 'committed', seq: 2 }]);
    assert.equal((await store.compact(handle, () => update))?.snapshotSeq, 2);
    assert.equal(await store.delete('plan'), true);
    await store.close();
  });

  it('touch nothing outside the schema inkwire', async () => {
    const url = await database.createDatabase();
    const sql = connect(url, 1);
    await sql`create table documents (mine text)`;
    await migrate(url);
    const outside = await sql`
      select relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname not in ('inkwire', 'information_schema') and n.nspname not like 'pg\_%'`;
    assert.deepEqual(
      outside.map(({ relname }) => relname),
      ['documents'],
    );
    await sql.end();
  });

  it('explain every table and function', async () => {
    const url = await database.createDatabase();
    await migrate(url);
    const sql = connect(url, 1);
    const unexplained = await sql`
      select relname as name from pg_class where relnamespace = 'inkwire'::regnamespace and relkind = 'r'
        and obj_description(oid, 'pg_class') is null
      union all
      select proname from pg_proc where pronamespace = 'inkwire'::regnamespace and obj_description(oid, 'pg_proc') is null`;
    assert.deepEqual([...unexplained], []);
    await sql.end();
  });

  it('say so when there is no database', async () => {
    const url = new URL(database.url);
    url.port = '1';
    await assert.rejects(openPostgresStore(url.href), { code: 'database-unavailable' });
  });
});
