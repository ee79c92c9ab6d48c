import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ERRORS } from '../protocol/errors.ts';
import { connect } from './connection.ts';
import { describeDatabaseFailure, explainDatabaseError } from './database-errors.ts';
import { openPostgresStore } from './postgres-store.ts';
import { startPostgres } from './testing/system-postgres.ts';
import { type TestDatabase, testDatabase } from './testing.ts';

const SECRET = 'a-secret-of-its-own';

/** What opening a store at `url` is refused with: for clients, and for the operator. */
async function refusal(url: string): Promise<{ client: string; operator: string | null }> {
  const error = await openPostgresStore(url).then(
    async (store) => {
      await store.close();
      assert.fail(`${url} was opened`);
    },
    (cause: Error & { code?: string }) => cause,
  );
  assert.equal(error.code, 'database-unavailable', error.stack);
  return { client: error.message, operator: describeDatabaseFailure(error) };
}

describe('a database that does not let us in', () => {
  let database: TestDatabase;
  before(async () => {
    database = await testDatabase();
    const sql = connect(database.url, 1);
    await sql.unsafe(`create role powerless login password '${SECRET}'`);
    await sql.unsafe(`create role crowded login password '${SECRET}' connection limit 0`);
    await sql.unsafe(`create role barred nologin password '${SECRET}'`);
    await sql.unsafe(`create role reader login password '${SECRET}'`);
    await sql.unsafe('alter role reader set default_transaction_read_only = on');
    await sql.end();
  });
  after(() => database.stop());

  const as = (user: string) => (url: URL) => Object.assign(url, { username: user, password: SECRET });
  const cases: [what: string, change: (url: URL) => unknown, operator: RegExp][] = [
    [
      'a database that does not exist',
      (url) => Object.assign(url, { pathname: '/nowhere' }),
      /^Postgres says: database "nowhere" does not exist\. Create it .*DATABASE_URL\.$/,
    ],
    [
      'a wrong password',
      (url) => Object.assign(url, { password: SECRET }),
      /^Postgres says: password authentication failed for user "inkwire"\. Correct the user or the password .*percent-encoded/,
    ],
    ['an unknown user', as('stranger'), /^Postgres says: password authentication failed for user "stranger"\. Correct the user/],
    ['a user who may not log in', as('barred'), /^Postgres says: role "barred" is not permitted to log in\. Allow it to/],
    ['a user without rights', as('powerless'), /^Postgres says: permission denied for database postgres\. .*grant create on database/],
    ['a user who may only read', as('reader'), /^Postgres says: cannot execute .* in a read-only transaction\. .*takes writes\.$/],
    ['too many connections', as('crowded'), /^Postgres says: too many connections for role "crowded"\. .*max_connections.*pgbouncer/],
    [
      'a host that does not resolve',
      (url) => Object.assign(url, { hostname: 'database.invalid' }),
      /^The database cannot be reached: .*database\.invalid\. Correct the host in DATABASE_URL/,
    ],
    [
      'a refused port',
      (url) => Object.assign(url, { port: '1' }),
      /^The database cannot be reached: connect ECONNREFUSED 127\.0\.0\.1:1\. Start the Postgres there, or correct host and port/,
    ],
    [
      'TLS asked of a Postgres without it',
      (url) => url.searchParams.set('sslmode', 'require'),
      /^The database cannot be reached: .* TLS .*\. It does not speak TLS: .*sslmode/,
    ],
    [
      'a parameter that Postgres does not know',
      (url) => url.searchParams.set('ssl_mode', 'require'),
      /^Postgres says: unrecognized configuration parameter "ssl_mode"\. Remove the parameter/,
    ],
  ];
  for (const [what, change, expected] of cases) {
    it(`${what}: clients read nothing of it, the operator what was said and what to do`, async () => {
      const url = new URL(database.url);
      const { password } = url;
      change(url);
      const { client, operator } = await refusal(url.href);
      assert.equal(client, ERRORS['database-unavailable'].title);
      assert.match(operator ?? '', expected);
      assert.ok(!operator?.includes(SECRET) && !operator?.includes(password), 'it holds the password');
      assert.doesNotMatch(operator ?? '', /\n|\bat .*\.ts/);
    });
  }

  it('TLS required: the operator reads how to ask for it', async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'inkwire-test-hba-'));
    t.after(() => rm(folder, { recursive: true }));
    await chmod(folder, 0o755);
    const rules = join(folder, 'pg_hba.conf');
    await writeFile(rules, 'hostssl all all 127.0.0.1/32 trust\n');
    const postgres = await startPostgres({ hba_file: rules });
    t.after(() => postgres.stop());
    assert.match(
      (await refusal(postgres.url)).operator ?? '',
      /^Postgres says: no pg_hba\.conf entry for host "127\.0\.0\.1", user "inkwire", .*no encryption\. If it takes encrypted .*\?sslmode=require/,
    );
  });

  it('every slot taken: the operator reads what takes them', async (t) => {
    const postgres = await startPostgres({ max_connections: '4', superuser_reserved_connections: '0', max_wal_senders: '0' });
    t.after(() => postgres.stop());
    const others = connect(postgres.url, 4);
    t.after(() => others.end({ timeout: 0 }));
    await Promise.all(Array.from({ length: 4 }, () => others`select pg_sleep(0.1)`));
    assert.match((await refusal(postgres.url)).operator ?? '', /^Postgres says: sorry, too many clients already\. Inkwire takes about ten/);
  });

  it('an embedded Postgres that is away: nobody is sent to an address that is not theirs', async () => {
    const error = explainDatabaseError(Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED' }));
    assert.equal(describeDatabaseFailure(error, { embedded: true }), 'The database cannot be reached: connect ECONNREFUSED 127.0.0.1:1.');
  });

  it('a host of which no address answers: each is named', () => {
    const refused = (address: string) => new Error(`connect ECONNREFUSED ${address}`);
    const all = Object.assign(new AggregateError([refused('::1:5432'), refused('127.0.0.1:5432')]), { code: 'ECONNREFUSED' });
    assert.match(
      describeDatabaseFailure(explainDatabaseError(all)) ?? '',
      /: connect ECONNREFUSED ::1:5432, connect ECONNREFUSED 127\.0\.0\.1:5432\./,
    );
  });

  it('what is no failure of the database stays what it is', async () => {
    const sql = connect(database.url, 1);
    const error = await sql`select 1/0`.catch((cause: unknown) => cause);
    await sql.end();
    assert.equal(explainDatabaseError(error), error);
    assert.equal(describeDatabaseFailure(error), null);
    assert.equal(describeDatabaseFailure(new Error('other')), null);
  });
});
