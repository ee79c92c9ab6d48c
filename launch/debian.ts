import { spawn } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { cacheFolder } from './node.mjs';
import { alone, step } from './npm.mjs';

/** How to start a program. */
export interface Program {
  readonly executablePath: string;
  /** Variables it needs beside the process's own. */
  readonly env: Record<string, string>;
}

/** The first of these programs that is on the path, or where a system keeps its own. */
export function onPath(names: readonly string[]): Program | null {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/usr/sbin', '/usr/local/bin', '/opt/homebrew/bin'];
  const executablePath = folders.flatMap((folder) => names.map((name) => join(folder, name))).find(isExecutable);
  return executablePath === undefined ? null : { executablePath, env: {} };
}

/**
 * A program of Debian's packages, unpacked into the cache folder, for which nobody needs to be root: `path` is where it lies in them. `null`
 * where there is no Debian, or it cannot be reached.
 */
export function fromDebian(name: string, packages: readonly string[], path: string): Promise<Program | null> {
  if (!existsSync('/usr/bin/apt-get') || !existsSync('/usr/bin/dpkg-deb')) return Promise.resolve(null);
  const folder = join(cacheFolder(), name);
  return alone(`${folder}.lock`, async () => {
    if (!existsSync(join(folder, path))) {
      mkdirSync(folder, { recursive: true });
      await step(`fetching ${name} from Debian`, () => unpack(folder, packages));
    }
    if (!isExecutable(join(folder, path))) return null;
    const libraries = join(folder, 'usr/lib');
    const folders = existsSync(libraries) ? [libraries, ...readdirSync(libraries).map((below) => join(libraries, below))] : [];
    return { executablePath: join(folder, path), env: { LD_LIBRARY_PATH: folders.join(':') } };
  });
}

async function unpack(folder: string, packages: readonly string[]): Promise<void> {
  // The lists of a fresh machine are empty; who is not root cannot fetch them, and needs none that are fresh.
  if (process.getuid?.() === 0) await run('apt-get', ['-qq', 'update'], folder);
  await run('apt-get', ['-qq', 'download', ...packages], folder);
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.deb'))) await run('dpkg-deb', ['-x', file, '.'], folder);
}

async function run(command: string, args: string[], cwd: string): Promise<void> {
  const child = spawn(command, args, {
    cwd,
    stdio: 'ignore',
    timeout: 120_000,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  await new Promise((resolve) => child.on('error', resolve).on('close', resolve));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
