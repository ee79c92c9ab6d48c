import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import * as Y from 'yjs';
import { makeSameDocument } from '../../document/updates/same-document.ts';
import { openAccessStore } from '../access-store.ts';
import { connect } from '../connection.ts';
import type { DocumentStore } from '../document-store.ts';
import { openPostgresStore } from '../postgres-store.ts';
import { type TestDatabase, testDatabase } from '../testing.ts';
import { verify } from '../verifying.ts';
import { backUp } from './backup.ts';
import { restore } from './restore.ts';

const quiet = () => {};

/** Every row of every table as text, to compare two databases. */
async function contents(url: string): Promise<Record<string, string[]>> {
  const sql = connect(url, 1);
  const tables = await sql<{ name: string }[]>`
    select relname as name from pg_class where relnamespace = 'inkwire'::regnamespace and relkind = 'r' and relname <> 'migrations' order by 1`;
  const all: Record<string, string[]> = {};
  for (const { name } of tables) {
    const rows = await sql<{ row: string }[]>`select t::text as row from ${sql(`inkwire.${name}`)} t order by 1`;
    all[name] = rows.map(({ row }) => row);
  }
  await sql.end();
  return all;
}

/** Updates of one text, a word each. */
function words(count: number): Uint8Array[] {
  const document = new Y.Doc();
  const updates: Uint8Array[] = [];
  document.on('update', (update: Uint8Array) => updates.push(update));
  for (let at = 0; at < count; at++) document.getText('t').insert(0, `word ${at} `);
  return updates;
}

async function fill(store: DocumentStore, url: string): Promise<void> {
  const { handle } = await store.load('plan/ä "quoted"\\n');
  handle.claimed = new Map([[7, 'ada']]);
  const updates = words(40);
  await store.append(updates.slice(0, 20).map((update) => ({ handle, update, author: 'ada' })));
  await store.compact(handle, (snapshot, rows) => Y.mergeUpdates(snapshot === null ? [...rows] : [snapshot, ...rows]));
  await store.append(updates.slice(20).map((update) => ({ handle, update, author: null })));
  await store.create('large', { update: words(3)[0]!, author: 'bob', clientId: 9 });
  const { handle: large } = await store.load('large');
  await store.append([{ handle: large, update: randomBytes(3_000_000), author: null }]);
  await store.create('deleted', { update: words(1)[0]!, clientId: 5 });
  await store.delete('deleted');
  const access = openAccessStore(url);
  await access.revoke('token', 'a-token', Date.now());
  await access.close();
  const sql = connect(url, 1);
  await sql`insert into inkwire.asset_blobs (chunk_bytes) values (4)`;
  await sql`insert into inkwire.asset_chunks (blob_id, nth, data) select id, 0, ${randomBytes(900_000)} from inkwire.asset_blobs`;
  await sql`insert into inkwire.assets (hash, blob_id, media_type, size) select sha256('x'), id, 'image/png', 4 from inkwire.asset_blobs`;
  await sql`insert into inkwire.document_assets (document_name, hash, file_name, uploaded_at) values ('large', sha256('x'), 'x.png', now())`;
  await sql.end();
}

describe('a backup', () => {
  let database: TestDatabase;
  let folder: string;
  before(async () => {
    database = await testDatabase();
    folder = await mkdtemp(join(tmpdir(), 'inkwire-test-backup-'));
  });
  after(async () => {
    await database.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** A filled database, and a backup of it. */
  async function backedUp(name: string) {
    const url = await database.createDatabase();
    const store = await openPostgresStore(url);
    await fill(store, url);
    await store.close();
    const path = join(folder, name);
    const told: string[] = [];
    const outcome = await backUp(url, path, '1.2.3', ({ table, rows }) => told.push(`${table} ${rows}`));
    return { url, path, outcome, told };
  }

  it('[B1] holds every row of every table, and brings them back into an empty database, where life goes on', async () => {
    const { url, path, outcome, told } = await backedUp('whole');
    assert.deepEqual([outcome.documents, outcome.version, outcome.fileBytes], [2, '1.2.3', (await stat(path)).size]);
    assert.equal((await stat(path)).mode & 0o777, 0o600);
    assert.ok(told.includes('updates 22') && told.includes('history 1'), told.join());
    const other = await database.createDatabase();
    const manifest = await restore(other, path, quiet);
    assert.equal(manifest.at, outcome.at);
    const [before, restored] = [await contents(url), await contents(other)];
    assert.deepEqual(Object.keys(restored), Object.keys(before));
    for (const [table, rows] of Object.entries(before)) assert.deepEqual(restored[table], rows, table);
    for (const table of ['documents', 'updates', 'history', 'client_ids', 'retired_client_ids', 'revocations', 'asset_chunks']) {
      assert.ok(restored[table]!.length > 0, `${table} was not tried`);
    }
    const store = await openPostgresStore(other);
    const { handle } = await store.load('plan/ä "quoted"\\n');
    assert.deepEqual(await store.append([{ handle, update: words(1)[0]!, author: null }]), [{ status: 'committed', seq: 41 }]);
    assert.equal((await store.create('after')).info.version, 0);
    await store.close();
  });

  it('[B1] is one moment: what was committed before is in it, and nothing is torn, while others write', async () => {
    const url = await database.createDatabase();
    const store = await openPostgresStore(url);
    const handles = await Promise.all(Array.from({ length: 20 }, async (_, at) => (await store.load(`d${at}`)).handle));
    const updates = words(400);
    let written = 0;
    let writing = true;
    const writer = (async () => {
      while (writing && written < updates.length) {
        await store.append(handles.map((handle) => ({ handle, update: updates[written]!, author: null })));
        if (written % 50 === 49)
          await store.compact(handles[written % 20]!, (snapshot, rows) =>
            Y.mergeUpdates(snapshot === null ? [...rows] : [snapshot, ...rows]),
          );
        written++;
      }
    })();
    while (written < 100) await pause(5);
    const before = written;
    const path = join(folder, 'under writers');
    await backUp(url, path, '1', quiet);
    writing = false;
    await writer;
    await store.close();
    const other = await database.createDatabase();
    await restore(other, path, quiet);
    const restored = await openPostgresStore(other);
    const heads = await Promise.all(handles.map(async ({ name }) => (await restored.load(name)).head));
    assert.equal(new Set(heads).size, 1, `one commit reached some documents and not others: ${heads}`);
    assert.ok(heads[0]! >= before && heads[0]! <= written, `${before} ≤ ${heads[0]} ≤ ${written}`);
    assert.deepEqual((await verify(other, makeSameDocument, quiet)).findings, []);
    await restored.close();
  });

  it('[B1] is refused with a bit flipped, cut off, or of another kind, and the database stays empty', async (t) => {
    const { path } = await backedUp('to be damaged');
    const whole = await readFile(path);
    const other = await database.createDatabase();
    const positions = [
      0,
      15,
      16,
      20,
      whole.length - 1,
      whole.length - 33,
      ...Array.from({ length: 20 }, () => Math.floor(Math.random() * whole.length)),
    ];
    t.diagnostic(`positions ${positions}`);
    for (const position of positions) {
      const damaged = Buffer.from(whole);
      damaged[position]! ^= 1 << (position % 8);
      await writeFile(join(folder, 'damaged'), damaged);
      await assert.rejects(restore(other, join(folder, 'damaged'), quiet), { code: 'bad-content' }, `bit at ${position}`);
    }
    for (const length of [0, 10, 16, 48, 1_000, whole.length - 1]) {
      await writeFile(join(folder, 'damaged'), whole.subarray(0, length));
      await assert.rejects(restore(other, join(folder, 'damaged'), quiet), { code: 'bad-content' }, `cut at ${length}`);
    }
    const sql = connect(other, 1);
    assert.deepEqual([...(await sql`select to_regclass('inkwire.documents') as made`)], [{ made: null }]);
    await sql.end();
  });

  it('replaces no file, is not restored over documents, and leaves nothing behind when it fails', async () => {
    const { url, path } = await backedUp('there already');
    await assert.rejects(backUp(url, path, '1', quiet), { code: 'bad-request' });
    await assert.rejects(restore(url, path, quiet), { code: 'bad-request' });
    await assert.rejects(backUp(await database.createDatabase(), join(folder, 'of nothing'), '1', quiet));
    assert.deepEqual(
      (await readdir(folder)).filter((name) => name.startsWith('of nothing') || name.endsWith('.part')),
      [],
    );
  });

  it('of an earlier version is brought up to date', async () => {
    const { path } = await backedUp('earlier');
    const other = await database.createDatabase();
    const { migration } = await restore(other, path, quiet);
    const sql = connect(other, 1);
    assert.deepEqual([...(await sql`select max(version) as version from inkwire.migrations`)], [{ version: migration }]);
    await sql.end();
  });
});

describe('verify', () => {
  let database: TestDatabase;
  before(async () => {
    database = await testDatabase();
  });
  after(() => database.stop());

  it('[B2] finds a missing update, a snapshot that is not its log’s, damaged bytes, and a head without its update', async () => {
    const url = await database.createDatabase();
    const store = await openPostgresStore(url);
    for (const name of ['whole', 'gap', 'other', 'damaged', 'head']) {
      const { handle } = await store.load(name);
      await store.append(words(10).map((update) => ({ handle, update, author: null })));
      if (name !== 'gap')
        await store.compact(handle, (snapshot, rows) => Y.mergeUpdates(snapshot === null ? [...rows] : [snapshot, ...rows]));
      await store.append(words(2).map((update) => ({ handle, update, author: null })));
    }
    const sql = connect(url, 1);
    assert.deepEqual((await verify(url, makeSameDocument, quiet)).findings, []);
    const id = (name: string) => sql`(select id from inkwire.documents where name = ${name})`;
    await sql`delete from inkwire.updates where document_id = ${id('gap')} and seq = 4`;
    const foreign = Y.mergeUpdates(words(10));
    await sql`update inkwire.documents set snapshot = ${foreign}, snapshot_hash = sha256(${foreign}) where name = 'other'`;
    await sql`update inkwire.documents set snapshot = snapshot || decode('00', 'hex') where name = 'damaged'`;
    await sql`update inkwire.documents set head = head + 1 where name = 'head'`;
    const { documents, findings } = await verify(url, makeSameDocument, quiet);
    assert.equal(documents, 5);
    assert.deepEqual(findings.map(({ document }) => document).sort(), ['damaged', 'gap', 'head', 'other']);
    assert.match(findings.find(({ document }) => document === 'gap')!.problem, /update 4 is missing/);
    await sql.end();
    await store.close();
  });
});
