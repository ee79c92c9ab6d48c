import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, before, describe, it } from 'node:test';
import { type TestDatabase, testDatabase } from '../../persistence/testing.ts';
import { runCli } from '../cli.ts';
import { memoryIo } from './testing.ts';

async function psqlUrl(argv: string[], env: Record<string, string> = {}) {
  const io = memoryIo();
  const code = await runCli(['psql-url', ...argv], env, io);
  return { code, output: io.output(), told: io.told() };
}

describe('inkwire psql-url', () => {
  let database: TestDatabase;
  before(async () => {
    database = await testDatabase();
  });
  after(() => database.stop());

  it('prints the address of the embedded Postgres that runs on the data directory', async () => {
    const { dataDir } = database.postgres;
    const printed = { code: 0, output: `${database.url}\n`, told: '' };
    assert.deepEqual(await psqlUrl(['--data-dir', dataDir]), printed);
    assert.deepEqual(await psqlUrl([], { INKWIRE_DATA_DIR: dataDir }), printed);
  });

  const installed = spawnSync('psql', ['--version']).status === 0;
  it('prints what psql takes', { skip: !installed && 'psql is not installed' }, async () => {
    for (const env of [{ INKWIRE_DATA_DIR: database.postgres.dataDir }, { DATABASE_URL: `${database.url}?prepare=false&max=3` }]) {
      const { output } = await psqlUrl([], env);
      const { stdout, stderr } = spawnSync('psql', [output.trim(), '-Atc', 'select 6 * 7'], { encoding: 'utf8' });
      assert.equal(stdout, '42\n', stderr);
    }
  });

  it('prints DATABASE_URL as it is, but for the parameters of our driver', async () => {
    const url = 'postgres://ada:p%40ss@db.example/inkwire?sslmode=require';
    assert.equal((await psqlUrl([], { DATABASE_URL: url })).output, `${url}\n`);
    assert.equal((await psqlUrl(['--database-url', `${url}&prepare=false`])).output, `${url}\n`);
  });

  it('says that no server runs there, and prints no address', async () => {
    const { code, output, told } = await psqlUrl(['--data-dir', '/nowhere/at/all']);
    assert.deepEqual({ code, output }, { code: 1, output: '' });
    assert.match(told, /^No server has an embedded Postgres running on \/nowhere\/at\/all\. Start one \("npm start" or "inkwire serve"\)/);
  });

  it('[A5] shows nothing of an address that it cannot read', async () => {
    for (const url of ['postgres://ada:p@ss/word@db.example/inkwire', 'hunter2', 'mysql://ada:hunter2@db.example/inkwire']) {
      const { code, output, told } = await psqlUrl([], { DATABASE_URL: url });
      assert.deepEqual({ code, output }, { code: 2, output: '' });
      assert.match(told, /^DATABASE_URL \(--database-url\) must be an address such as postgres:\/\/user:password@host/);
      assert.doesNotMatch(told, /hunter2|word@db/);
    }
  });
});
