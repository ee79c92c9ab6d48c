import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, 'migrations');
const NAMES = readdirSync(FOLDER)
  .filter((name) => /^\d{4}-.*\.sql$/.test(name))
  .sort();

/** A numbered step of the database's schema. */
export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
  /** Servers that do not know it cannot work after it. The file says so, and why, in a first line that begins with "-- Breaking:". */
  readonly breaking: boolean;
}

/** The last migration that this code knows. */
export const LATEST_MIGRATION = versionOf(NAMES.at(-1) ?? '0');

/** All of them, in order. */
export function readMigrations(): Promise<Migration[]> {
  return Promise.all(
    NAMES.map(async (name) => {
      const sql = await readFile(join(FOLDER, name), 'utf8');
      return { version: versionOf(name), name, sql, breaking: sql.startsWith('-- Breaking:') };
    }),
  );
}

function versionOf(name: string): number {
  return Number.parseInt(name, 10);
}
