import assert from 'node:assert/strict';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { connect } from './connection.ts';
import { startEmbeddedPostgres } from './embedded/embedded-postgres.ts';
import { addressOfRunning } from './embedded/running.ts';

async function folder(t: TestContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'inkwire-test-data-dir-'));
  t.after(() => rm(path, { recursive: true, force: true }));
  return path;
}

/** Does `work` as a user who may not do everything: root drops its rights meanwhile. */
async function withoutRights<T>(work: () => Promise<T>): Promise<T> {
  const root = process.geteuid?.() === 0;
  if (root) process.seteuid?.(65_534);
  try {
    return await work();
  } finally {
    if (root) process.seteuid?.(0);
  }
}

describe('a data directory that cannot be used', () => {
  const refused = (dataDir: string, message: RegExp) =>
    assert.rejects(startEmbeddedPostgres({ dataDir }), { code: 'database-unavailable', message });

  it('because it is a file, or lies below one', async (t) => {
    const file = join(await folder(t), 'file');
    await writeFile(file, '');
    await refused(
      file,
      /^The data directory .*file cannot be used: EEXIST.*\. It is a file: choose another directory with INKWIRE_DATA_DIR \(--data-dir\)\.$/,
    );
    await refused(join(file, 'below'), /cannot be used: ENOTDIR.*\. A part of its path is a file/);
  });

  it('because this user may not write there, or may not make it', async (t) => {
    const closed = await folder(t);
    await chmod(closed, 0o555);
    for (const dataDir of [closed, join(closed, 'below')]) {
      await withoutRights(() =>
        refused(
          dataDir,
          /^The data directory .* cannot be used: (EACCES: permission denied|its file "lock" cannot be opened).* Do this as the user it belongs to/,
        ),
      );
    }
  });

  it('because another version of Postgres wrote it: it is left as it is', async (t) => {
    const dataDir = await folder(t);
    await (await startEmbeddedPostgres({ dataDir })).stop();
    const version = join(dataDir, 'postgres/PG_VERSION');
    await writeFile(version, '19\n');
    await refused(
      dataDir,
      /were written by Postgres 19; this Inkwire brings Postgres 18, which cannot read them\. Nothing was changed\. .*DATABASE_URL/,
    );
    assert.equal(await readFile(version, 'utf8'), '19\n');
    await writeFile(version, '18\n');
    await (await startEmbeddedPostgres({ dataDir })).stop();
  });
});

describe('the log of an embedded Postgres', () => {
  it('is handed on by its severity, and so is what becomes of its process', async (t) => {
    const dataDir = await folder(t);
    const lines: string[] = [];
    const steps: string[] = [];
    const postgres = await startEmbeddedPostgres({
      dataDir,
      onLog: (level, text) => lines.push(`${level} ${text}`),
      onProgress: (text) => steps.push(text),
    });
    try {
      assert.ok(steps.includes('setting up its Postgres'), steps.join());
      assert.ok(lines.includes('debug LOG: database system is ready to accept connections'), lines.join('\n'));
      assert.deepEqual(
        lines.filter((line) => !line.startsWith('debug ')),
        [],
        'a normal start is not quiet',
      );
      const sql = connect(postgres.url, 1);
      await assert.rejects(sql.unsafe("select 'confidential'::int"));
      await sql`do $$ begin raise warning 'take care'; end $$`;
      await sql.end();
      const { pid } = postgres;
      postgres.kill();
      while (postgres.pid === pid || postgres.pid === 0) await delay(10);
      for (const expected of [
        /^error ERROR: invalid input syntax/,
        /^warn WARNING: take care/,
        /^warn Postgres ended \(SIGKILL\); starting it again$/,
      ]) {
        assert.ok(
          lines.some((line) => expected.test(line)),
          `${expected} is not in\n${lines.join('\n')}`,
        );
      }
      assert.ok(!lines.some((line) => line.includes('STATEMENT')), 'a statement is in the log');
    } finally {
      await postgres.stop();
    }
  });
});

describe('the address of a running embedded Postgres', () => {
  it('is that of the Postgres on the directory, while it runs', async (t) => {
    const dataDir = await folder(t);
    const none = { code: 'database-unavailable', message: /^No server has an embedded Postgres running on .*--data-dir\.$/ };
    await assert.rejects(addressOfRunning(dataDir), none);
    const postgres = await startEmbeddedPostgres({ dataDir });
    assert.equal(await addressOfRunning(dataDir), postgres.url);
    const left = await readFile(join(dataDir, 'postgres/postmaster.pid'));
    await postgres.stop();
    await assert.rejects(addressOfRunning(dataDir), none);
    await writeFile(join(dataDir, 'postgres/postmaster.pid'), left);
    await assert.rejects(addressOfRunning(dataDir), none, 'the file of a server that was killed was believed');
  });

  it('is for who may read its files', async (t) => {
    const dataDir = await folder(t);
    await writeFile(join(dataDir, 'postgres-password'), 'secret\n');
    await chmod(join(dataDir, 'postgres-password'), 0);
    const refused = await withoutRights(() => addressOfRunning(dataDir).catch((error: Error) => error.message));
    assert.match(refused, /^The data directory .* cannot be used: EACCES: .*postgres.*'\. Do this as the user it belongs to/);
  });
});
