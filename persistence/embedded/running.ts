import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InkwireError } from '../../protocol/errors.ts';
import { connect } from '../connection.ts';
import { explainDatabaseError } from '../database-errors.ts';
import { addressOf, PASSWORD_FILE } from './cluster.ts';
import { explainDataDirError } from './data-dir.ts';

/** The line of `postmaster.pid` that holds the port, from 0. */
const PORT_LINE = 3;

/**
 * The address, with the password in it, of the embedded Postgres that a running server has on `dataDir`.
 * Throws `database-unavailable` when none runs there, or its files are another user's.
 */
export async function addressOfRunning(dataDir: string): Promise<string> {
  const [status, password] = await Promise.all([
    readOrNothing(join(dataDir, 'postgres/postmaster.pid'), dataDir),
    readOrNothing(join(dataDir, PASSWORD_FILE), dataDir),
  ]);
  const port = status.split('\n')[PORT_LINE]?.trim() ?? '';
  if (port === '' || password === '') throw nothingRuns(dataDir);
  const url = addressOf(password.trim(), port);
  // A server that was killed leaves the file, and its port may be anybody's by now.
  if (!(await answers(url))) throw nothingRuns(dataDir);
  return url;
}

function nothingRuns(dataDir: string): InkwireError {
  return new InkwireError(
    'database-unavailable',
    `No server has an embedded Postgres running on ${dataDir}. Start one ("npm start" or "inkwire serve"), or name its directory with --data-dir.`,
  );
}

async function readOrNothing(path: string, dataDir: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw explainDataDirError(error, dataDir);
  }
}

async function answers(url: string): Promise<boolean> {
  const sql = connect(url, 1);
  try {
    await sql`select 1`;
    return true;
  } catch (error) {
    if (explainDatabaseError(error) === error) throw error;
    return false;
  } finally {
    await sql.end();
  }
}
