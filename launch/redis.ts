import { spawnSync } from 'node:child_process';
import { fromDebian, onPath, type Program } from './debian.ts';

/**
 * A Redis or Valkey server for the tests: named by `INKWIRE_REDIS_SERVER`, on the path, or Debian's. `null` when there is none and none can be had.
 */
export async function redisExecutable(): Promise<Program | null> {
  const named = process.env.INKWIRE_REDIS_SERVER;
  if (named) return { executablePath: named, env: {} };
  const packages = ['redis-server', 'redis-tools', 'liblzf1', 'libjemalloc2'];
  const found = onPath(['valkey-server', 'redis-server']) ?? (await fromDebian('redis', packages, 'usr/bin/redis-server'));
  return found !== null && starts(found) ? found : null;
}

function starts({ executablePath, env }: Program): boolean {
  return spawnSync(executablePath, ['--version'], { env: { ...process.env, ...env } }).status === 0;
}
