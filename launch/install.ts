import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './node.mjs';
import { alone, npm, step } from './npm.mjs';
import { runQuietly } from './run-quietly.ts';

interface LockEntry {
  readonly version?: string;
  readonly integrity?: string;
  readonly optional?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
}

/** Brings `node_modules` of a folder of this project (`''` is its root) in line with its lock file. */
export async function install(folder: '' | 'e2e' | 'bench/peers' | 'bench/peers/y-websocket'): Promise<void> {
  const path = join(root, folder);
  if (isInstalled(path) && isPatched(path)) return;
  await alone(join(root, '.cache', 'install.lock'), async () => {
    if (!isInstalled(path)) await step(`installing packages${folder === '' ? '' : ` of ${folder}`}`, () => npm(path, ['ci']));
    if (!isPatched(path)) {
      await runQuietly('patch-package', [join(path, 'node_modules/patch-package/index.js')], path);
      writeFileSync(patchStamp(path), patchHash(path));
    }
  });
}

/**
 * Whether what npm last put there is what the lock file names. npm writes `.package-lock.json` when
 * it is done, so an interrupted install does not pass.
 */
function isInstalled(path: string): boolean {
  const wanted = readLock(join(path, 'package-lock.json'));
  const found = readLock(join(path, 'node_modules', '.package-lock.json'));
  return Object.entries(wanted).every(([name, entry]) => {
    if (name === '') return true;
    const there = found[name];
    if (there === undefined) return entry.optional === true && !suits(entry);
    return there.version === entry.version && there.integrity === entry.integrity;
  });
}

function suits({ os, cpu, libc }: LockEntry): boolean {
  return libc === undefined && (os?.includes(process.platform) ?? false) && (cpu?.includes(process.arch) ?? false);
}

function readLock(file: string): Record<string, LockEntry> {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : {};
}

const patchStamp = (path: string) => join(path, 'node_modules', '.inkwire-patched');

function isPatched(path: string): boolean {
  if (!existsSync(join(path, 'patches'))) return true;
  return existsSync(patchStamp(path)) && readFileSync(patchStamp(path), 'utf8') === patchHash(path);
}

function patchHash(path: string): string {
  const hash = createHash('sha256');
  const folder = join(path, 'patches');
  for (const name of readdirSync(folder).sort()) hash.update(name).update(readFileSync(join(folder, name)));
  return hash.digest('hex');
}
