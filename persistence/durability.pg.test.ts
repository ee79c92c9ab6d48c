import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { after, before, describe, it, type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import * as Y from 'yjs';
import { openAccessStore } from './access-store.ts';
import { openAssetStore } from './assets/postgres-asset-store.ts';
import { connect } from './connection.ts';
import type { DocumentStore, MergeUpdates } from './document-store.ts';
import { watchDurability } from './durability.ts';
import { openEditStore } from './edit-store.ts';
import type { EmbeddedPostgres } from './embedded/embedded-postgres.ts';
import { openPeopleStore } from './people-store.ts';
import { openPostgresStore } from './postgres-store.ts';
import { startPostgres } from './testing/system-postgres.ts';
import { type TestDatabase, testDatabase } from './testing.ts';
import { openVersionNameStore } from './version-name-store.ts';

async function execute(url: string, ...statements: string[]): Promise<void> {
  const sql = connect(url, 1);
  for (const statement of statements) await sql.unsafe(statement);
  await sql.end();
}

/** A Yjs update that inserts `text` at the beginning. */
function typed(text: string): Uint8Array {
  const document = new Y.Doc();
  document.getText('t').insert(0, text);
  return Y.encodeStateAsUpdate(document);
}

/** As many as a checkpoint is kept after. */
const MANY = 10_000;

/** Everything that writes, in all stores, once. */
async function writeInEveryWay(store: DocumentStore, url: string): Promise<void> {
  await store.create('created', { title: 'Created', update: typed('a'), author: 'ada', clientId: 7 });
  const { handle } = await store.load('appended');
  handle.claimed = new Map([[9, 'ada']]);
  await store.append([{ handle, update: typed('b'), author: 'ada' }]);
  await store.append([{ handle, update: typed('c'), author: null }]);
  await store.append([1, 2].map(() => ({ handle, update: typed('d'), author: 'ada' })));
  await store.setTitle(handle, 'Appended');
  await store.raiseSchemaVersion(handle, 2);
  const merge: MergeUpdates = (snapshot, updates) => snapshot ?? updates[0]!;
  await store.append(Array.from({ length: MANY }, (_, at) => ({ handle, update: typed(String(at % 10)), author: 'ada' })));
  await store.compact(handle, merge);
  await store.append([{ handle, update: typed('e'), author: 'ada' }]);
  assert.notEqual(await store.compact(handle, merge), null);

  const access = openAccessStore(url);
  const now = Date.now();
  const secret = createHash('sha256').update('secret').digest();
  await access.revoke('token', 'some-token', now);
  const link = { id: 'link', documentName: 'created', role: 'edit', createdBy: 'ada', createdAt: now, expiresAt: null } as const;
  await access.createShareLink(link, secret, 10);
  await access.useShareLink(secret, now);
  await access.changeShareLink('link', { role: 'view' }, () => now);
  await access.close();

  const hash32 = createHash('sha256').update('key').digest();
  const assets = openAssetStore(url);
  const hash = '0'.repeat(64);
  for (const documentName of ['created', 'appended']) {
    const upload = assets.begin();
    await upload.write(new Uint8Array(300_000));
    const asset = { documentName, hash, mediaType: 'image/png', size: 300_000, fileName: 'a.png', author: 'ada' };
    assert.equal(await upload.finish({ ...asset, maxDocumentBytes: 1e9 }), 'stored');
  }
  await assets.begin().write(new Uint8Array(300_000));
  await assets.collect({ olderThan: new Date(now + 86_400_000) });
  await assets.close();

  const edits = openEditStore(url);
  const edit = { documentName: 'created', clientId: 1, author: 'ada', kind: 'script', keyHash: hash32, requestHash: hash32 } as const;
  const [first, second] = [randomUUID(), randomUUID()];
  assert.equal(await edits.begin({ ...edit, id: first }), 'begun');
  await edits.takeOver({ id: first, clientId: 1, isSameRequest: true, answer: null, isUnderWay: false }, 2);
  await edits.finish(first, {}, 1);
  await edits.add({ ...edit, kind: 'import', id: randomUUID() }, 1);
  await edits.begin({ ...edit, keyHash: null, id: second });
  await edits.drop(second);
  await edits.close();

  const names = openVersionNameStore(url);
  const named = await names.add('created', { version: null, name: 'first', by: 'ada' });
  assert.ok(typeof named === 'object');
  await names.remove('created', named.id);
  await names.close();
  const people = openPeopleStore(url);
  await people.note('ada', 'Ada');
  await people.close();
  await store.delete('created');
}

/**
 * Has every transaction note, just before its commit, for each table of ours that it wrote to the value of
 * synchronous_commit that the commit will read.
 */
const NOTE_COMMITS = `
  create table public.commits (relation text, setting text);
  create function public.note_commit() returns trigger language plpgsql as $$
    begin
      insert into public.commits values (tg_table_name, current_setting('synchronous_commit'));
      return null;
    end $$;
  do $$
    declare relation regclass;
    begin
      for relation in select oid from pg_class where relnamespace = 'inkwire'::regnamespace and relkind = 'r' loop
        execute format('create constraint trigger note_commit after insert or update or delete on %s
          deferrable initially deferred for each row execute function public.note_commit()', relation);
      end loop;
    end $$`;

describe('synchronous_commit = off', () => {
  let database: TestDatabase;
  before(async () => {
    database = await testDatabase();
  });
  after(() => database.stop());

  async function open(t: TestContext, url: string): Promise<DocumentStore> {
    const store = await openPostgresStore(url);
    t.after(() => store.close());
    return store;
  }

  const nameOf = (url: string) => new URL(url).pathname.slice(1);
  const places: [where: string, turnOff: (url: string) => Promise<string>][] = [
    [
      'the database',
      async (url) => {
        await execute(url, `alter database ${nameOf(url)} set synchronous_commit = off`);
        return url;
      },
    ],
    [
      'the role',
      async (url) => {
        await execute(url, `alter role inkwire in database ${nameOf(url)} set synchronous_commit = off`);
        return url;
      },
    ],
    ['the address', async (url) => `${url}?synchronous_commit=off`],
  ];
  for (const [where, turnOff] of places) {
    it(`[D14] of ${where} does not reach a transaction that writes`, async (t) => {
      const url = await turnOff(await database.createDatabase());
      const store = await open(t, url);
      await execute(url, NOTE_COMMITS);
      await writeInEveryWay(store, url);
      const sql = connect(url, 1);
      const found = await sql`
        select relname, array(select distinct setting from public.commits where relation = relname) as settings
        from pg_class where relnamespace = 'inkwire'::regnamespace and relkind = 'r' and relname <> 'migrations' order by relname`;
      const [session] = await sql`show synchronous_commit`;
      await sql.end();
      assert.equal(session?.synchronous_commit, 'off', 'it is not off at all');
      assert.deepEqual(
        found.filter(({ settings }) => settings !== '{on}'),
        [],
      );
    });
  }

  it('[D14] on a connection that a pooler hands on does not reach a transaction that writes', async (t) => {
    const url = await database.createDatabase();
    const store = await open(t, url);
    await store.create('plan');
    const sql = connect(url, 1);
    await sql`set synchronous_commit = off`;
    const inside = await sql.begin(async (transaction) => {
      await transaction`select inkwire.append_update(id, name, epoch, 'ada', '\\x00') from inkwire.documents`;
      return transaction`show synchronous_commit`;
    });
    const [after] = await sql`show synchronous_commit`;
    await sql.end();
    assert.equal(inside[0]?.synchronous_commit, 'on');
    assert.equal(after?.synchronous_commit, 'off', 'it outlived the transaction: the next to get the connection would notice');
  });

  it('[D14] leaves alone what flushes', async (t) => {
    const url = `${await database.createDatabase()}?synchronous_commit=local`;
    const store = await open(t, url);
    await execute(url, NOTE_COMMITS);
    await store.create('plan');
    const sql = connect(url, 1);
    const [row] = await sql`select distinct setting from public.commits`;
    await sql.end();
    assert.equal(row?.setting, 'local');
  });

  it('[D14] [D4] loses no acknowledged edit when Postgres is killed', async (t) => {
    const url = await database.createDatabase();
    await execute(
      url,
      `alter database ${nameOf(url)} set synchronous_commit = off`,
      `alter system set wal_writer_delay = '10s'`,
      'select pg_reload_conf()',
    );
    const store = await open(t, url);
    const { handle } = await store.load('plan');
    const edits = 5;
    for (let edit = 0; edit < edits; edit++) await store.append([{ handle, update: typed(String(edit)), author: 'ada' }]);
    await kill(database.postgres);
    assert.equal((await untilItAnswers(() => store.load('plan'))).updates.length, edits);
  });
});

/** Kills Postgres and waits for its successor: a backend may answer for a moment after the postmaster's death. */
async function kill(postgres: EmbeddedPostgres): Promise<void> {
  const { pid } = postgres;
  postgres.kill();
  while (postgres.pid === pid || postgres.pid === 0) await delay(10);
}

async function untilItAnswers<T>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if ((error as { code?: string }).code !== 'database-unavailable') throw error;
      await delay(20);
    }
  }
}

describe('a watch on durability', () => {
  it('[D14] is silent about a Postgres that is durable', async (t) => {
    const postgres = await startPostgres({});
    t.after(() => postgres.stop());
    const warnings: string[] = [];
    await watchDurability(postgres.url, (sentence) => warnings.push(sentence))();
    assert.deepEqual(warnings, []);
  });

  it('[D14] warns of fsync and full_page_writes off, what follows and what to do, once until it changes', async (t) => {
    const postgres = await startPostgres({ full_page_writes: 'off' });
    t.after(() => postgres.stop());
    const warnings: string[] = [];
    const look = watchDurability(postgres.url, (sentence) => warnings.push(sentence));
    await look();
    assert.equal(warnings.length, 1);
    assert.match(warnings[0]!, /^full_page_writes is off .* damaged .* Set full_page_writes = on/);

    await setFsync(postgres.url, 'off');
    await look();
    await look();
    assert.equal(warnings.length, 2);
    assert.match(warnings[1]!, /^fsync is off .* acknowledged can be lost .* Set fsync = on and reload/);

    await setFsync(postgres.url, 'on');
    await look();
    await setFsync(postgres.url, 'off');
    await look();
    assert.equal(warnings.length, 3);
  });

  it('rejects with database-unavailable when nothing answers', async () => {
    await assert.rejects(watchDurability('postgres://nobody@127.0.0.1:1/none', () => {})(), { code: 'database-unavailable' });
  });
});

/** A running Postgres takes the setting over when it has read its files again. */
async function setFsync(url: string, value: 'on' | 'off'): Promise<void> {
  await execute(url, `alter system set fsync = ${value}`, 'select pg_reload_conf()');
  const sql = connect(url, 1);
  while ((await sql`show fsync`)[0]?.fsync !== value) await delay(10);
  await sql.end();
}
