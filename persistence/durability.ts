import { connect } from './connection.ts';
import { explainDatabaseError } from './database-errors.ts';

/** Settings without which a commit may be lost however it is made, and what an operator has to know of each. */
const NEEDED = {
  fsync:
    'fsync is off in this Postgres: if its machine crashes or loses power, edits that were acknowledged can be lost and the whole database damaged. ' +
    'Set fsync = on and reload Postgres.',
  full_page_writes:
    'full_page_writes is off in this Postgres: if its machine crashes or loses power in the middle of writing a page, the database can be damaged beyond repair. ' +
    'Set full_page_writes = on and reload Postgres, unless its file system never writes half a page.',
} as const;

/**
 * Returns a function that looks at how durable the Postgres at `url` is, and warns of each setting that
 * is off and was on, or not known, at the last look. No client can change these settings, and a test
 * database may well do without; `synchronous_commit` needs no warning, see 0008-synchronous-commits.sql.
 * A look takes a connection for a moment and rejects with `database-unavailable` when there is none.
 */
export function watchDurability(url: string, warn: (sentence: string) => void): () => Promise<void> {
  let off: ReadonlySet<string> = new Set();
  return async () => {
    const settings = await readSettings(url);
    const before = off;
    off = new Set(settings.filter(({ setting }) => setting === 'off').map(({ name }) => name));
    for (const [name, sentence] of Object.entries(NEEDED)) if (off.has(name) && !before.has(name)) warn(sentence);
  };
}

async function readSettings(url: string): Promise<{ name: string; setting: string }[]> {
  const sql = connect(url, 1);
  try {
    return await sql<{ name: string; setting: string }[]>`select name, setting from pg_settings where name in ${sql(Object.keys(NEEDED))}`;
  } catch (error) {
    throw explainDatabaseError(error);
  } finally {
    await sql.end();
  }
}
