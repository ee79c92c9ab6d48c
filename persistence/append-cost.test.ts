import assert from 'node:assert/strict';
import { it } from 'node:test';
import { connect } from './connection.ts';
import { openPostgresStore } from './postgres-store.ts';
import { concatenate, entry } from './testing/contract/fixture.ts';
import { testDatabase } from './testing.ts';

const SAMPLE = 300;
const BETWEEN = 20_000;

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
