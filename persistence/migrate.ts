import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sql } from 'postgres';
import { InkwireError } from '../protocol/errors.ts';
import { connect } from './connection.ts';
import { explainDatabaseError } from './database-errors.ts';
import type { DatabaseLog } from './database-log.ts';

/** Any fixed number, the same in every version: what nodes that migrate at once wait for. */
const ADVISORY_LOCK = 7_305_805_401;

interface Migration {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
}

/** Brings the database at `url` to this code's schema, as opening a store does; see `applyMigrations`. */
export async function migrate(url: string, onLog?: DatabaseLog): Promise<string[]> {
  const sql = connect(url, 1, onLog);
  try {
    return await applyMigrations(sql);
  } catch (error) {
    throw explainDatabaseError(error);
  } finally {
    await sql.end();
  }
}

/**
 * Brings the database to this code's schema. Several nodes may do so at once: one works, the others
 * wait and find it done. Throws `database-unavailable` on a database that a newer version wrote.
 * Returns the names of the migrations it applied, none later than `upTo`. The schema `inkwire` keeps our tables apart from
 * an application's in a shared database.
 */
export async function applyMigrations(sql: Sql, upTo = Number.POSITIVE_INFINITY): Promise<string[]> {
  const known = await readMigrations();
  return sql.begin(async (transaction) => {
    await transaction`select pg_advisory_xact_lock(${ADVISORY_LOCK})`;
    // Asked before "create … if not exists": Postgres wants the right to create before it looks whether there is
    // anything to do, and a server whose schema is up to date needs no such right.
    const [found] = await transaction`select to_regclass('inkwire.migrations') is not null as migrated`;
    if (!found?.migrated) {
      await transaction`create schema if not exists inkwire`;
      await transaction`
        create table inkwire.migrations (
          version integer primary key,
          name text not null,
          applied_at timestamptz not null default now()
        )`;
    }
    const [row] = await transaction<{ version: number }[]>`select coalesce(max(version), 0) as version from inkwire.migrations`;
    const current = row?.version ?? 0;
    const latest = known.at(-1)?.version ?? 0;
    if (current > latest) {
      throw new InkwireError(
        'database-unavailable',
        `The database was written by a newer Inkwire (schema ${current}; this version knows ${latest}). Start that version or a later one.`,
      );
    }
    const missing = known.filter(({ version }) => version > current && version <= upTo);
    for (const { version, name, sql: text } of missing) {
      await transaction.unsafe(text);
      await transaction`insert into inkwire.migrations (version, name) values (${version}, ${name})`;
    }
    return missing.map((migration) => migration.name);
  });
}

async function readMigrations(): Promise<Migration[]> {
  const folder = join(import.meta.dirname, 'migrations');
  const names = (await readdir(folder)).filter((name) => /^\d{4}-.*\.sql$/.test(name)).sort();
  return Promise.all(
    names.map(async (name) => ({ version: Number.parseInt(name, 10), name, sql: await readFile(join(folder, name), 'utf8') })),
  );
}
