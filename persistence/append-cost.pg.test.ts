import assert from 'node:assert/strict';
import { it } from 'node:test';
import { connect } from './connection.ts';
import type { DocumentStore } from './document-store.ts';
import { openPostgresStore } from './postgres-store.ts';
import { concatenate, entry } from './testing/contract/fixture.ts';
import { testDatabase } from './testing.ts';

const SAMPLE = 300;
const BETWEEN = 20_000;
const DOCUMENTS = 2_000;

it('[S2] the bytes an append writes do not grow with the document or its log', async (t) => {
  const database = await testDatabase();
  t.after(() => database.stop());
  const store = await openPostgresStore(database.url);
  const sql = connect(database.url, 1);
  const { handle } = await store.load('document');
  const typed = entry(handle, 'an update as small as a keystroke', 'ann');
  const bytesPerAppend = async () => {
    const [before] = await sql<{ at: string }[]>`select pg_current_wal_insert_lsn() as at`;
    for (let nth = 0; nth < SAMPLE; nth++) await store.append([typed]);
    const [after] = await sql<{ bytes: string }[]>`select pg_current_wal_insert_lsn() - ${before!.at}::pg_lsn as bytes`;
    return Number(after!.bytes) / SAMPLE;
  };
  await store.append([typed]);
  const young = await bytesPerAppend();
  for (let left = BETWEEN; left > 0; left -= 1_000) await store.append(new Array(1_000).fill(typed));
  const longLog = await bytesPerAppend();
  await store.compact(handle, concatenate);
  const bigSnapshot = await bytesPerAppend();
  t.diagnostic(`bytes of WAL per append: ${young} at first, ${longLog} after ${BETWEEN}, ${bigSnapshot} behind a snapshot of them`);
  assert.ok(longLog < young * 1.5 && bigSnapshot < young * 1.5);
  await sql.end();
  await store.close();
});

it('[S2] an append reads its own documents only, also while the statistics know nothing of them', async (t) => {
  const database = await testDatabase();
  t.after(() => database.stop());
  const sql = connect(database.url, 1);
  const store = await openPostgresStore(database.url);
  await sql`alter table inkwire.documents set (autovacuum_enabled = false)`;
  const handles = await Promise.all(Array.from({ length: DOCUMENTS }, async (_, at) => (await store.load(`document ${at}`)).handle));
  // The first are appended to while the table is all but empty: whatever plan was good then is the one at hand later.
  for (let from = 0; from < DOCUMENTS; from += 50) await store.append(handles.slice(from, from + 50).map((handle) => entry(handle, 'a')));
  for (const handle of handles.slice(0, 10)) await store.append([entry(handle, 'a')]);
  const rowsRead = async () => {
    const [row] = await sql<{ rows: string }[]>`
      select pg_stat_clear_snapshot(), seq_tup_read + idx_tup_fetch as rows
      from pg_stat_user_tables where relid = 'inkwire.documents'::regclass`;
    return Number(row!.rows);
  };
  // A connection counts what it read once it is closed, if not before.
  const readBy = async (appends: (store: DocumentStore) => Promise<void>) => {
    const other = await openPostgresStore(database.url);
    await appends(other);
    const before = await rowsRead();
    await appends(other);
    await other.close();
    let last = -1;
    let now = await rowsRead();
    while (now !== last) [last, now] = [now, await rowsRead()];
    return now - before;
  };
  const together = await readBy(async (other) => {
    for (let from = 0; from < DOCUMENTS; from += 10) await other.append(handles.slice(from, from + 10).map((handle) => entry(handle, 'b')));
  });
  const alone = await readBy(async (other) => {
    for (const handle of handles.slice(0, 200)) await other.append([entry(handle, 'c')]);
  });
  const claiming = await readBy(async (other) => {
    for (const [at, handle] of handles.slice(0, 200).entries()) {
      await other.append([entry({ ...handle, claimed: new Map([[at + 1, 'ann']]) }, 'd')]);
    }
  });
  t.diagnostic(
    `rows of documents read for each document: ${together / DOCUMENTS} together, ${alone / 200} alone, ${claiming / 200} claiming`,
  );
  await store.close();
  await sql.end();
  for (const [rows, documents] of [
    [together, DOCUMENTS],
    [alone, 200],
    [claiming, 200],
  ] as const)
    assert.ok(rows <= documents * 6, `${rows} rows`);
});
