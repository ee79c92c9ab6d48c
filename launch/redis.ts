import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { cacheFolder } from './node.mjs';
import { alone, step } from './npm.mjs';

/** How to start a Redis or Valkey server. */
export interface RedisExecutable {
  readonly executablePath: string;
  /** Variables it needs beside the process's own. */
  readonly env: Record<string, string>;
}

/**
 * A Redis or Valkey server for the tests: named by `INKWIRE_REDIS_SERVER`, on the path, or Debian's, unpacked into the cache folder, for
 * which nobody needs to be root. `null` when there is none and none can be had. Found once and remembered.
 */
export async function redisExecutable(): Promise<RedisExecutable | null> {
  const named = process.env.INKWIRE_REDIS_SERVER;
  if (named) return { executablePath: named, env: {} };
  const record = join(cacheFolder(), 'redis.json');
  return recall(record) ?? alone(`${record}.lock`, async () => recall(record) ?? (await search(record)));
}

function recall(record: string): RedisExecutable | undefined {
  if (!existsSync(record)) return undefined;
  const found: RedisExecutable = JSON.parse(readFileSync(record, 'utf8'));
  return existsSync(found.executablePath) ? found : undefined;
}

async function search(record: string): Promise<RedisExecutable | null> {
  const found = onPath() ?? (await fromDebian());
  if (found === null || !starts(found)) return null;
  mkdirSync(cacheFolder(), { recursive: true });
  writeFileSync(record, JSON.stringify(found));
  return found;
}

function onPath(): RedisExecutable | null {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/usr/local/bin', '/opt/homebrew/bin'];
  const paths = folders.flatMap((folder) => ['valkey-server', 'redis-server'].map((name) => join(folder, name)));
  const executablePath = paths.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
  return executablePath === undefined ? null : { executablePath, env: {} };
}

/** Debian's packages, unpacked: as an ordinary user nothing can be installed. */
async function fromDebian(): Promise<RedisExecutable | null> {
  if (!existsSync('/usr/bin/apt-get') || !existsSync('/usr/bin/dpkg-deb')) return null;
  const folder = join(cacheFolder(), 'redis');
  mkdirSync(folder, { recursive: true });
  await step('fetching Redis from Debian', async () => {
    // The lists of a fresh machine are empty; who is not root cannot fetch them, and needs none that are fresh.
    if (process.getuid?.() === 0) await run('apt-get', ['-qq', 'update'], folder);
    await run('apt-get', ['-qq', 'download', 'redis-server', 'redis-tools', 'liblzf1', 'libjemalloc2'], folder);
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.deb'))) await run('dpkg-deb', ['-x', file, '.'], folder);
  });
  const executablePath = join(folder, 'usr/bin/redis-server');
  if (!existsSync(executablePath)) return null;
  const libraries = join(folder, 'usr/lib');
  const folders = [libraries, ...readdirSync(libraries).map((name) => join(libraries, name))];
  return { executablePath, env: { LD_LIBRARY_PATH: folders.join(':') } };
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

function starts({ executablePath, env }: RedisExecutable): boolean {
  return spawnSync(executablePath, ['--version'], { env: { ...process.env, ...env } }).status === 0;
}
