import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { it, type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { connect } from '../connection.ts';
import { findBinaries } from './binaries.ts';
import { POSTGRES_ENV } from './cluster.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.ts';
import { userForPostgres } from './run-as.ts';

const MODULE = new URL('./embedded-postgres.ts', import.meta.url).href;

const started = new WeakMap<TestContext, (() => Promise<unknown>)[]>();

/** Runs `undo` when the test ends, last first: node:test runs hooks first to last, and files must not go before their Postgres. */
function whenDone(t: TestContext, undo: () => Promise<unknown>): void {
  const undos = started.get(t);
  if (undos !== undefined) {
    undos.unshift(undo);
    return;
  }
  const list = [undo];
  started.set(t, list);
  t.after(async () => {
    for (const each of list) await each();
  });
}

async function folder(t: TestContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'inkwire-test-embedded-'));
  whenDone(t, () => rm(path, { recursive: true, force: true }));
  return path;
}

async function start(t: TestContext, dataDir: string): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({ dataDir });
  whenDone(t, () => postgres.stop());
  return postgres;
}

async function query<T = Record<string, string>>(url: string, text: string): Promise<T[]> {
  const sql = connect(url, 1);
  try {
    return (await sql.unsafe(text)) as unknown as T[];
  } finally {
    await sql.end();
  }
}

/** Repeats a query until the database answers. */
async function eventually(url: string, text: string): Promise<Record<string, string>[]> {
  for (;;) {
    try {
      return await query(url, text);
    } catch {
      await delay(10);
    }
  }
}

/** A process of its own that starts a Postgres and says `started PID` or `refused MESSAGE`. */
async function startElsewhere(t: TestContext, dataDir: string): Promise<{ child: ChildProcess; line: string }> {
  const code = `
    import { startEmbeddedPostgres } from ${JSON.stringify(MODULE)};
    const postgres = await startEmbeddedPostgres({ dataDir: ${JSON.stringify(dataDir)} }).catch((error) => console.log('refused ' + error.message));
    if (postgres) { console.log('started ' + postgres.pid + ' ' + postgres.url); process.stdin.resume(); process.stdin.on('end', () => postgres.stop()); }`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['pipe', 'pipe', 'inherit'] });
  whenDone(t, async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    await (await startEmbeddedPostgres({ dataDir }).catch(() => null))?.stop();
  });
  const [line] = (await once(createInterface({ input: child.stdout! }), 'line')) as [string];
  return { child, line };
}

/** False also for a process that ended and that nobody has waited for, which has no command line. */
function isRunning(pid: number): boolean {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`).length > 0;
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

it('data and password outlive a stop, and only who knows the password gets in', async (t) => {
  const dataDir = await folder(t);
  const first = await start(t, dataDir);
  await query(first.url, 'create table kept as select 42 as answer');
  await first.stop();
  await first.stop();
  const second = await start(t, dataDir);
  assert.deepEqual([...(await query<{ answer: number }>(second.url, 'select answer from kept'))], [{ answer: 42 }]);
  assert.equal((await stat(join(dataDir, 'postgres-password'))).mode & 0o777, 0o600);
  const stranger = new URL(second.url);
  stranger.password = 'guess';
  await assert.rejects(query(stranger.href, 'select 1'), { code: '28P01' });
});

it('[D1] a commit is on the disk: nothing that makes it so is turned off', async (t) => {
  const { url } = await start(t, await folder(t));
  for (const setting of ['fsync', 'full_page_writes', 'synchronous_commit']) {
    assert.deepEqual(Object.values((await query(url, `show ${setting}`))[0]!), ['on']);
  }
});

it('text sorts, and loses its case, the same on every machine', async (t) => {
  const { url } = await start(t, await folder(t));
  const [row] = await query(
    url,
    'select datlocprovider::text as provider, datlocale as locale, pg_encoding_to_char(encoding) as encoding from pg_database where datname = current_database()',
  );
  assert.deepEqual({ ...row }, { provider: 'b', locale: 'C.UTF-8', encoding: 'UTF8' });
});

it('[D10] a second server on the directory is refused, and told which process has it', async (t) => {
  const dataDir = await folder(t);
  const first = await start(t, dataDir);
  const expected = { code: 'database-unavailable', message: new RegExp(`${dataDir} is in use .*process ${process.pid}\\b`) };
  await assert.rejects(startEmbeddedPostgres({ dataDir }), expected);
  assert.match((await startElsewhere(t, dataDir)).line, new RegExp(`^refused .*${dataDir}.*process ${process.pid}\\b`));
  await query(first.url, 'select 1');
  await first.stop();
  await start(t, dataDir);
});

it('[D10] of servers that start at once on a new directory one wins', async (t) => {
  const dataDir = await folder(t);
  const lines = await Promise.all(Array.from({ length: 3 }, async () => (await startElsewhere(t, dataDir)).line));
  assert.equal(lines.filter((line) => line.startsWith('started')).length, 1, lines.join('\n'));
});

it('[D4] [D10] kill -9 of the server leaves no orphan, and the next start has every commit', async (t) => {
  const dataDir = await folder(t);
  for (let round = 0; round < 3; round++) {
    const { child, line } = await startElsewhere(t, dataDir);
    const [, pid, url] = /^started (\d+) (\S+)$/.exec(line) as unknown as [string, string, string];
    await query(url, `create table round_${round} ()`);
    child.kill('SIGKILL');
    await once(child, 'exit');
    // The next one starts while the Postgres of the dead server may still be shutting down.
    const next = await start(t, dataDir);
    await query(next.url, Array.from({ length: round + 1 }, (_, each) => `select from round_${each}`).join(';'));
    assert.equal(isRunning(Number(pid)), false);
    await next.stop();
    assert.equal(existsSync(join(dataDir, 'postgres/postmaster.pid')), false);
  }
});

it('[D4] Postgres killed -9 comes back by itself at the same address, with every commit', async (t) => {
  const postgres = await start(t, await folder(t));
  for (let round = 0; round < 3; round++) {
    await eventually(postgres.url, `create table if not exists round_${round} ()`);
    const before = postgres.pid;
    postgres.kill();
    await eventually(postgres.url, `select from round_${round}`);
    assert.notEqual(postgres.pid, before);
  }
});

it('[D10] a Postgres that outlived its server is stopped by the next start', async (t) => {
  const dataDir = await folder(t);
  await (await startEmbeddedPostgres({ dataDir })).stop();
  const cluster = join(dataDir, 'postgres');
  const user = await userForPostgres(cluster);
  const orphan = spawn(
    join(await findBinaries(dataDir, user, () => {}), 'postgres'),
    ['-D', process.platform === 'linux' ? '/proc/self/cwd' : cluster, '-c', 'listen_addresses=', '-c', 'unix_socket_directories='],
    { cwd: cluster, env: POSTGRES_ENV, stdio: ['ignore', 'ignore', 'pipe'], ...user },
  );
  const gone = once(orphan, 'exit');
  for await (const line of createInterface({ input: orphan.stderr })) if (line.includes('ready to accept')) break;
  const postgres = await start(t, dataDir);
  await gone;
  await query(postgres.url, 'select 1');
});

it('[D10] a stale postmaster.pid whose number another program got does not keep Postgres from starting', async (t) => {
  const dataDir = await folder(t);
  await (await startEmbeddedPostgres({ dataDir })).stop();
  const cluster = join(dataDir, 'postgres');
  const other = spawn('sleep', ['1000'], { stdio: 'ignore', ...(await userForPostgres(cluster)) });
  whenDone(t, async () => other.kill());
  await writeFile(join(cluster, 'postmaster.pid'), `${other.pid}\n${cluster}\n1\n5432\n\n127.0.0.1\n`);
  const postgres = await start(t, dataDir);
  await query(postgres.url, 'select 1');
  assert.equal(other.exitCode ?? other.signalCode, null, 'a program that is not ours was killed');
});

it('a start that died half way is made good by the next', async (t) => {
  const dataDir = await folder(t);
  await writeFile(join(dataDir, 'postgres.partial'), 'what initdb left');
  const postgres = await start(t, dataDir);
  await query(postgres.url, 'select 1');
  assert.equal(existsSync(join(dataDir, 'postgres.partial')), false);
});

it('data stay in the directory named, also under a folder closed to the user Postgres runs as', {
  skip: process.getuid?.() !== 0 && 'only root drops to another user',
}, async (t) => {
  const closed = await folder(t);
  await chmod(closed, 0o700);
  const dataDir = join(closed, 'project/.inkwire');
  const first = await start(t, dataDir);
  await query(first.url, 'create table kept ()');
  await first.stop();
  const second = await start(t, dataDir);
  await query(second.url, 'select from kept');
  assert.equal((await readFile(join(dataDir, 'postgres/PG_VERSION'), 'utf8')).trim(), '18');
});
