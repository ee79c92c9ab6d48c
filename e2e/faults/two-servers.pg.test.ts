import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import postgres from 'postgres';
import { type TestDatabase, testDatabase } from '../../persistence/testing.ts';
import { ServerProcess } from '../server-process.ts';
import { until } from '../wait.ts';
import { Ledger } from './ledger.ts';
import type { Typist } from './typist.ts';

const DOCUMENT = 'plan';
/** Together past 64 KiB of updates on each server, so that both compact. */
const WORDS = 1_500;

describe('two servers on one database, each alone', () => {
  let database: TestDatabase;
  let servers: ServerProcess[];
  before(async () => {
    database = await testDatabase();
    servers = [await ServerProcess.start({ DATABASE_URL: database.url }), await ServerProcess.start({ DATABASE_URL: database.url })];
  });
  after(async () => {
    for (const server of servers) await server.dispose();
    await database.stop();
  });

  it('[D4] [D8] lose nothing of what either acknowledged, though their people do not see each other', async (t) => {
    const ledger = new Ledger(t);
    const typists: Typist[] = [];
    for (const [at, server] of servers.entries()) {
      for (const who of ['a', 'b']) typists.push(await ledger.hire(server, DOCUMENT, `${who}${at}`));
    }
    for (const typist of typists) typist.start(1);
    await until('everyone has typed enough', () => typists.every(({ acknowledged }) => acknowledged >= WORDS));
    for (const typist of typists) typist.stop();
    for (const typist of typists) await typist.client.allSaved();
    assert.ok(!typists[0]!.client.text.toString().includes('[a1#'), 'there is no cluster: one node does not show the edits of the other');
    await until('it was compacted', async () => {
      const sql = postgres(database.url, { max: 1, onnotice: () => {} });
      const [row] = await sql`select snapshot_seq from inkwire.documents where name = ${DOCUMENT}`;
      await sql.end();
      return Number(row!.snapshot_seq) > 0;
    });

    for (const typist of typists) typist.leave();
    await Promise.all(servers.map((server) => server.kill9()));
    for (const server of servers) {
      await server.start();
      await ledger.checkStored(server);
    }
  });
});
