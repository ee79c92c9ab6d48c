import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type { TransactionSql } from 'postgres';
import { InkwireError } from '../../protocol/errors.ts';
import { connect } from '../connection.ts';
import { applyMigrations } from '../migrate.ts';
import { readArchive } from './archive.ts';
import { checkArchive } from './checking.ts';
import type { Manifest } from './manifest.ts';
import type { BackupTable } from './tables.ts';

/**
 * Puts a backup into the database at `url`, which must hold no document, in one transaction: all of it or nothing. The file is read whole and
 * compared before that. Rejects with `bad-content` for a file that is damaged, `bad-request` for a database that is not empty, and
 * `database-unavailable` for a file of a later version.
 */
export async function restore(url: string, path: string, onProgress: (table: string) => void): Promise<Manifest> {
  const manifest = await checkArchive(path);
  const sql = connect(url, 1);
  try {
    await applyMigrations(sql, manifest.migration);
    await sql.begin(async (transaction) => {
      await requireEmpty(transaction, manifest);
      await copyIn(transaction, path, onProgress);
      await setSequences(transaction);
    });
    await applyMigrations(sql);
    return manifest;
  } finally {
    await sql.end({ timeout: 5 });
  }
}

async function requireEmpty(sql: TransactionSql, { migration, tables }: Manifest): Promise<void> {
  const [row] = await sql<{ migration: number }[]>`select max(version) as migration from inkwire.migrations`;
  if (row?.migration !== migration) {
    throw new InkwireError(
      'bad-request',
      'The database is of a later version than the backup. Restore into a new database: it is brought up to date after that.',
    );
  }
  for (const { name } of tables) {
    const [found] = await sql<{ full: boolean }[]>`select exists (select from ${sql(`inkwire.${name}`)}) as full`;
    if (found?.full)
      throw new InkwireError(
        'bad-request',
        `The database is not empty: there are rows in inkwire.${name}. Restore into a new one; nothing was changed.`,
      );
  }
}

async function copyIn(sql: TransactionSql, path: string, onProgress: (table: string) => void): Promise<void> {
  let stream: Writable | null = null;
  let finished: Promise<unknown> = Promise.resolve();
  for await (const { kind, payload } of readArchive(path)) {
    if (kind === 'table') {
      const { name, columns } = JSON.parse(payload.toString()) as BackupTable;
      onProgress(name);
      stream = await sql`copy inkwire.${sql(name)} (${sql([...columns])}) from stdin (format binary)`.writable();
      finished = once(stream, 'finish');
      finished.catch(() => {});
    } else if (kind === 'rows' && stream !== null) {
      // A copy: the frame is a view into what was unpacked.
      if (!stream.write(Buffer.from(payload))) await Promise.race([once(stream, 'drain'), finished]);
    } else if (kind === 'table-end' && stream !== null) {
      stream.end();
      await finished;
      stream = null;
    }
  }
}

/** What is made next comes behind what was restored. */
async function setSequences(sql: TransactionSql): Promise<void> {
  const columns = await sql<{ relation: string; column: string }[]>`
    select c.relname as relation, a.attname as column from pg_attribute a join pg_class c on c.oid = a.attrelid
    where c.relnamespace = 'inkwire'::regnamespace and a.attidentity <> ''`;
  for (const { relation, column } of columns) {
    await sql`
      select setval(pg_get_serial_sequence(${`inkwire.${relation}`}, ${column}), greatest(1, coalesce((select max(${sql(column)}) from ${sql(`inkwire.${relation}`)}), 1)))`;
  }
}
