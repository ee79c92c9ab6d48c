import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import type { Sql } from 'postgres';
import * as Y from 'yjs';
import { connect } from '../persistence/connection.ts';
import { type TestDatabase, testDatabase } from '../persistence/testing.ts';
import { HeadWatch } from '../server/sync/head-watch.ts';
import { LivePath } from './live-path.ts';
import { ServerProcess } from './server-process.ts';
import { until } from './wait.ts';
import { WriterClient } from './writer-client.ts';

describe('a database that falls back under a running server', () => {
  let database: TestDatabase;
  let sql: Sql;
  before(async () => {
    database = await testDatabase();
    sql = connect(database.url, 1);
  });
  after(async () => {
    await sql.end();
    await database.stop();
  });

  /** Sends everybody away from a database, and lets nobody in. */
  async function shut(name: string): Promise<void> {
    await sql.unsafe(`alter database "${name}" allow_connections false`);
    await sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${name}`;
    await until('nobody is connected', async () => (await sql`select from pg_stat_activity where datname = ${name}`).length === 0);
  }

  async function backUp(name: string): Promise<void> {
    await shut(name);
    await sql.unsafe(`create database "${name} backup" template "${name}"`);
    await sql.unsafe(`alter database "${name}" allow_connections true`);
  }

  async function restore(name: string): Promise<void> {
    await shut(name);
    await sql.unsafe(`alter database "${name}" rename to "${name} lost"`);
    await sql.unsafe(`alter database "${name} backup" rename to "${name}"`);
  }

  async function start(t: TestContext): Promise<{ server: ServerProcess; name: string; url: string }> {
    const url = await database.createDatabase();
    const server = await ServerProcess.start({ DATABASE_URL: url });
    t.after(() => server.dispose());
    return { server, url, name: decodeURIComponent(new URL(url).pathname.slice(1)) };
  }

  function writer(t: TestContext, server: ServerProcess, name: string): WriterClient {
    const client = new WriterClient(server.collab, name);
    t.after(() => client.close());
    return client;
  }

  const textOf = (client: WriterClient) => client.document.getXmlFragment('default').toString();

  for (const [what, created] of [
    ['of a document that the backup has', 'before'],
    ['of a document that was created since', 'after'],
  ] as const) {
    it(`[D13] keeps every acknowledged word ${what}, for a fresh client after a restart`, async (t) => {
      const { server, name, url } = await start(t);
      const ada = writer(t, server, 'plan');
      await ada.synced();
      const say = async (word: string) => {
        ada.text.insert(ada.text.length, word);
        await ada.allSaved();
      };
      if (created === 'before') await say('one ');
      await backUp(name);
      if (created === 'after') await say('one ');
      await say('two ');
      await restore(name);
      await say('three');
      assert.match(server.output, /has fallen back/, 'the operator is told');
      await server.kill9();
      const again = await ServerProcess.start({ DATABASE_URL: url });
      t.after(() => again.dispose());
      const fresh = writer(t, again, 'plan');
      await fresh.synced();
      await until('it reads all', () => textOf(fresh).includes('three'));
      assert.equal(textOf(fresh), '<paragraph>one two three</paragraph>');
    });
  }

  it('[D13] is noticed though nobody writes', async (t) => {
    const url = await database.createDatabase();
    const name = new URL(url).pathname.slice(1);
    const path = await LivePath.start(url);
    t.after(() => path.stop());
    const ada = new WriterClient(path.collab, 'plan');
    t.after(() => ada.close());
    await ada.synced();
    for (const word of ['one ', 'two']) {
      ada.text.insert(ada.text.length, word);
      await ada.allSaved();
      if (word === 'one ') await backUp(name);
    }
    await restore(name);
    const watch = new HeadWatch({ store: path.store, writer: path.writer, handles: () => path.rooms.handles() });
    const stored = new Y.Doc();
    await until('the log has it again', async () => {
      await watch.look();
      const loaded = await path.store.load('plan').catch(() => null);
      for (const update of loaded?.updates ?? []) Y.applyUpdate(stored, update);
      return stored.getXmlFragment('default').toString().includes('one two');
    });
  });
});
