import type { Sql, TransactionSql } from 'postgres';
import { InkwireError } from '../protocol/errors.ts';
import { APPLICATION_NAME, connect, migrationOf } from './connection.ts';
import { explainDatabaseError } from './database-errors.ts';
import type { DatabaseLog } from './database-log.ts';
import { LATEST_MIGRATION, type Migration, readMigrations } from './migration-files.ts';

/** Any fixed number, the same in every version: what nodes that migrate at once wait for. */
const ADVISORY_LOCK = 7_305_805_401;

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
 * Brings the database to this code's schema. Several nodes may do so at once: one works, the others wait and find it done. Returns the names of
 * the migrations it applied, none later than `upTo`; none when a newer version has been here and nothing that it did breaks this one. The schema
 * `inkwire` keeps our tables apart from an application's in a shared database.
 *
 * Throws `database-unavailable` on a database that this version cannot work with, and, with nothing changed, for a breaking migration while
 * servers that do not know it are connected.
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
          applied_at timestamptz not null default now(),
          breaking boolean not null default false
        )`;
    }
    const [row] = await transaction<{ version: number }[]>`select coalesce(max(version), 0) as version from inkwire.migrations`;
    const current = row?.version ?? 0;
    if (current > LATEST_MIGRATION) {
      await requireUnbroken(transaction, current);
      return [];
    }
    const missing = known.filter(({ version }) => version > current && version <= upTo);
    await requireNobodyBroken(transaction, missing);
    for (const { sql: text } of missing) await transaction.unsafe(text);
    for (const { version, name, breaking } of missing)
      await transaction`insert into inkwire.migrations (version, name, breaking) values (${version}, ${name}, ${breaking})`;
    return missing.map((migration) => migration.name);
  });
}

/** A newer Inkwire has been here. */
async function requireUnbroken(sql: TransactionSql, current: number): Promise<void> {
  const [broken] = await sql<{ name: string }[]>`
    select name from inkwire.migrations where version > ${LATEST_MIGRATION} and breaking order by version limit 1`;
  if (broken === undefined) return;
  throw new InkwireError(
    'database-unavailable',
    `The database was written by a newer Inkwire (schema ${current}; this version knows ${LATEST_MIGRATION}, and cannot work with ${broken.name}). Start that version or a later one.`,
  );
}

/** Servers of an older version that are connected would fail in the middle of their work. They say in the name of each connection what they know. */
async function requireNobodyBroken(sql: TransactionSql, missing: readonly Migration[]): Promise<void> {
  const breaking = missing.findLast((migration) => migration.breaking);
  if (breaking === undefined) return;
  const connections = await sql<{ name: string; address: string | null }[]>`
    select application_name as name, host(client_addr) as address from pg_stat_activity
    where datname = current_database() and starts_with(application_name, ${APPLICATION_NAME})`;
  const broken = connections.find(({ name }) => migrationOf(name) < breaking.version);
  if (broken === undefined) return;
  const where = broken.address === null ? '' : `, one of them at ${broken.address}`;
  throw new InkwireError(
    'database-unavailable',
    `Servers of an older Inkwire are connected to the database${where}, and cannot work after ${breaking.name}. Stop them all, then start this one; nothing was changed.`,
  );
}
