import { chmodSync, constants, cpSync, lchownSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../embedded/embedded-postgres.ts';

/** Names a data directory that `makeTemplate` has filled. Unset where a test file is run alone. */
const TEMPLATE = 'INKWIRE_TEST_CLUSTER';

/** What a data directory is copied of: all but the lock, which is its server's. */
const PARTS = ['postgres', 'postgres-password'];

/** Fills an empty data directory with a Postgres that has never been used, and leaves it stopped. */
export async function makeTemplate(dataDir: string): Promise<void> {
  await (await startEmbeddedPostgres({ dataDir })).stop();
}

/**
 * Gives an empty data directory a Postgres of its own without initdb, which takes a second of CPU and
 * waits for the disk: a copy of what initdb made for the whole run. If there is none it stays empty, and
 * initdb is run at its start. All copies have the same password.
 */
export function fillFromTemplate(dataDir: string): void {
  const template = process.env[TEMPLATE] ?? '';
  if (template === '') return;
  for (const part of PARTS) {
    const [from, to] = [join(template, part), join(dataDir, part)];
    cpSync(from, to, { recursive: true, mode: constants.COPYFILE_FICLONE });
    // The rights of folders are not copied, and Postgres wants its own to be closed.
    const { uid, gid, mode } = statSync(from);
    chmodSync(to, mode);
    if (uid !== process.getuid?.()) giveAway(to, uid, gid);
  }
}

/** Started by root, Postgres runs as another user, who owns its files. */
function giveAway(folder: string, uid: number, gid: number): void {
  lchownSync(folder, uid, gid);
  for (const entry of readdirSync(folder, { recursive: true, encoding: 'utf8' })) lchownSync(join(folder, entry), uid, gid);
}
