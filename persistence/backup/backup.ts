import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { TransactionSql } from 'postgres';
import { connect } from '../connection.ts';
import { ArchiveWriter } from './archive.ts';
import { checkArchive } from './checking.ts';
import type { Manifest, TableEnd } from './manifest.ts';
import { backupTables } from './tables.ts';

/** What is told while it is made. */
export interface Progress {
  readonly table: string;
  readonly rows: number;
  /** Bytes of the file so far. */
  readonly fileBytes: number;
}

/** What was written. */
export interface BackupOutcome extends Manifest {
  readonly documents: number;
  readonly fileBytes: number;
  /** Pictures and files whose bytes are in S3-compatible storage, and so not in the file. */
  readonly elsewhere: number;
}

/**
 * Writes everything of the database at `url` to a new file at `path`: one moment of it, seen by one transaction, while others go on writing. The
 * file is read back and compared before it stands at its place; rejects, with nothing left, when anything of it fails.
 */
export async function backUp(url: string, path: string, version: string, onProgress: (progress: Progress) => void): Promise<BackupOutcome> {
  const archive = await ArchiveWriter.create(path);
  const sql = connect(url, 1);
  try {
    const outcome = await sql.begin('isolation level repeatable read read only', (transaction) =>
      dump(transaction, archive, version, onProgress),
    );
    await checkArchive(await archive.end());
    await archive.publish();
    return { ...outcome, fileBytes: archive.bytes };
  } catch (error) {
    await archive.discard();
    throw error;
  } finally {
    await sql.end({ timeout: 5 });
  }
}

async function dump(sql: TransactionSql, archive: ArchiveWriter, version: string, onProgress: (progress: Progress) => void) {
  const [moment] = await sql<{ at: Date; migration: number; documents: string; elsewhere: string }[]>`
    select clock_timestamp() as at, (select max(version) from inkwire.migrations) as migration,
      (select count(*) from inkwire.documents where deleted_at is null) as documents, (select count(*) from inkwire.asset_blobs where moved) as elsewhere`;
  const tables = await backupTables(sql);
  const manifest: Manifest = { version, at: moment!.at.toISOString(), migration: moment!.migration, tables };
  await archive.write('manifest', manifest);
  for (const table of tables) {
    const [counted] = await sql<{ rows: string }[]>`select count(*) as rows from ${sql(`inkwire.${table.name}`)}`;
    const rows = Number(counted?.rows);
    onProgress({ table: table.name, rows, fileBytes: archive.bytes });
    await archive.write('table', table);
    const hash = createHash('sha256');
    let bytes = 0;
    const stream: Readable = await sql`copy inkwire.${sql(table.name)} (${sql([...table.columns])}) to stdout (format binary)`.readable();
    for await (const chunk of stream) {
      hash.update(chunk as Buffer);
      bytes += (chunk as Buffer).length;
      await archive.writeRows(chunk as Buffer);
    }
    const end: TableEnd = { rows, bytes, sha256: hash.digest('hex') };
    await archive.write('table-end', end);
  }
  await archive.write('end', { tables: tables.length });
  return { ...manifest, documents: Number(moment!.documents), elsewhere: Number(moment!.elsewhere) };
}
