import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import * as Y from 'yjs';
import { connect } from '../connection.ts';
import { openPostgresStore } from '../postgres-store.ts';
import { type TestDatabase, testDatabase } from '../testing.ts';
import { readDocument } from './archived-document.ts';
import { backUp } from './backup.ts';
import { bringBack } from './bring-back.ts';

const NAME = 'plan/ä "quoted"\\n';

describe('one document of a backup', () => {
  let database: TestDatabase;
  let folder: string;
  let url: string;
  let path: string;
  const source = new Y.Doc();
  const picture = randomBytes(500_000);
  const hash = createHash('sha256').update(picture).digest();

  before(async () => {
    database = await testDatabase();
    folder = await mkdtemp(join(tmpdir(), 'inkwire-test-bring-back-'));
    url = await database.createDatabase();
    path = join(folder, 'file');
    const updates: Uint8Array[] = [];
    source.on('update', (update: Uint8Array) => updates.push(update));
    for (let at = 0; at < 60; at++) source.getText('t').insert(0, `word ${at} `);
    // Larger than a frame of the file.
    source.getText('t').insert(0, randomBytes(400_000).toString('hex'));
    const store = await openPostgresStore(url);
    const { handle } = await store.load(NAME);
    handle.claimed = new Map([[source.clientID, 'ada']]);
    await store.append(updates.slice(0, 30).map((update) => ({ handle, update, author: 'ada' })));
    await store.compact(handle, (snapshot, rows) => Y.mergeUpdates(snapshot === null ? [...rows] : [snapshot, ...rows]));
    await store.append(updates.slice(30).map((update) => ({ handle, update, author: null })));
    await store.create('another', { title: 'Another' });
    await store.close();
    const sql = connect(url, 1);
    const [blob] = await sql`insert into inkwire.asset_blobs (chunk_bytes) values (250000) returning id`;
    for (const nth of [0, 1]) {
      const data = picture.subarray(nth * 250_000, (nth + 1) * 250_000);
      await sql`insert into inkwire.asset_chunks (blob_id, nth, data) values (${blob!.id}, ${nth}, ${data})`;
    }
    await sql`insert into inkwire.assets (hash, blob_id, media_type, size) values (${hash}, ${blob!.id}, 'image/png', ${picture.length})`;
    await sql`insert into inkwire.document_assets (document_name, hash, file_name, uploaded_at) values (${NAME}, ${hash}, 'x.png', now())`;
    await sql.end();
    await backUp(url, path, '1.2.3', () => {});
  });
  after(async () => {
    await database.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** What a database holds of the document. */
  async function held(of: string) {
    const store = await openPostgresStore(of);
    const loaded = await store.load(NAME);
    const log = await store.updatesAfter(loaded.handle, 0, 1_000);
    const rest = await store.updatesAfter(loaded.handle, log.at(-1)?.seq ?? 0, 1_000);
    await store.close();
    const document = new Y.Doc();
    for (const update of [...(loaded.snapshot === null ? [] : [loaded.snapshot]), ...loaded.updates]) Y.applyUpdate(document, update);
    return { text: document.getText('t').toString(), log: [...log, ...rest], loaded };
  }

  it('[B3] comes back with its history, authors, times, the owners of its client ids and its pictures, after it was deleted', async () => {
    const before = await held(url);
    const store = await openPostgresStore(url);
    await store.delete(NAME);
    const sql = connect(url, 1);
    await sql`delete from inkwire.document_assets`;
    await sql`delete from inkwire.assets`;
    await sql`delete from inkwire.asset_blobs`;
    const document = await readDocument(path, NAME);
    assert.equal((await bringBack(url, path, document!)).assetsElsewhere, 0);
    const after = await held(url);
    assert.equal(after.text, source.getText('t').toString());
    assert.deepEqual(
      after.log.map(({ seq, author, at, data }) => [seq, author, Number(at), Buffer.from(data).toString('hex')]),
      before.log.map(({ seq, author, at, data }) => [seq, author, Number(at), Buffer.from(data).toString('hex')]),
    );
    assert.deepEqual([...after.loaded.clientIds], [[source.clientID, 'ada']]);
    assert.equal(after.loaded.retiredClientIds.size, 0, 'nothing of it is taken for an earlier life');
    const chunks = await sql<{ data: Buffer }[]>`
      select c.data from inkwire.asset_chunks c join inkwire.assets a using (blob_id)
        join inkwire.document_assets d using (hash) where d.document_name = ${NAME} order by nth`;
    assert.ok(Buffer.concat(chunks.map(({ data }) => data)).equals(picture));
    assert.deepEqual(await store.append([{ handle: after.loaded.handle, update: Uint8Array.of(0, 0), author: null }]), [
      { status: 'committed', seq: 62 },
    ]);
    assert.notEqual(
      await store.compact(after.loaded.handle, (snapshot, rows) => Y.mergeUpdates(snapshot === null ? [...rows] : [snapshot, ...rows])),
      null,
    );
    await sql.end();
    await store.close();
  });

  it('[B3] touches none that is there, and tells of one that the backup has not', async () => {
    const document = await readDocument(path, 'another');
    assert.equal(document?.title, 'Another');
    await assert.rejects(bringBack(url, path, document!), { code: 'document-exists' });
    assert.equal(await readDocument(path, 'a third'), null);
  });
});
