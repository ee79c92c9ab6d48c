import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { InkwireError } from '../../protocol/errors.ts';
import { unusableDataDir } from './data-dir.ts';

/** SQLite's result code for a lock that another connection holds. */
const SQLITE_BUSY = 5;

/** A lock on a data directory; the kernel drops it when the process dies, however it dies. */
export interface DataLock {
  release(): void;
}

/**
 * Makes this process the only server on `dataDir`, or throws `database-unavailable` naming the other.
 * Node offers no file locks of its own; an exclusive transaction on an empty SQLite file is one (fcntl
 * on Unix), so nothing is left stale after kill -9, and two starts at once cannot both win, which a
 * file holding a process id cannot promise. `server.pid` is only there to name the holder.
 */
export function lockDataDir(dataDir: string): DataLock {
  const holder = join(dataDir, 'server.pid');
  const database = openLock(dataDir);
  try {
    database.exec('begin exclusive');
  } catch (error) {
    database.close();
    if ((error as { errcode?: number }).errcode !== SQLITE_BUSY) {
      throw new InkwireError('database-unavailable', `The data directory ${dataDir} cannot be locked: ${(error as Error).message}.`, {
        cause: error,
      });
    }
    throw new InkwireError(
      'database-unavailable',
      `The data directory ${dataDir} is in use by another Inkwire server (process ${readHolder(holder)}). ` +
        'Stop that one first, or choose another directory with INKWIRE_DATA_DIR.',
    );
  }
  writeFileSync(holder, `${process.pid}\n`);
  return {
    release() {
      rmSync(holder, { force: true });
      database.close();
    },
  };
}

function openLock(dataDir: string): DatabaseSync {
  try {
    return new DatabaseSync(join(dataDir, 'lock'));
  } catch (error) {
    // SQLite does not tell more, and to open the file beside it would drop a lock that this process holds on it.
    throw unusableDataDir(dataDir, 'its file "lock" cannot be opened for writing', 'EACCES', error);
  }
}

function readHolder(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim() || 'unknown';
  } catch {
    return 'unknown';
  }
}
