import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InkwireError } from '../../protocol/errors.ts';
import { LOG_LINE_PREFIX } from './postgres-log.ts';
import { canReach, type RunAs } from './run-as.ts';

/** The major version of the Postgres that package.json names. */
const POSTGRES_MAJOR = '18';

/** The superuser's name in every embedded cluster. */
const DATABASE_USER = 'inkwire';

/** Its password, in the data directory. */
export const PASSWORD_FILE = 'postgres-password';

/** Where an embedded Postgres is reached, for the driver and for psql. */
export function addressOf(password: string, port: number | string): string {
  return `postgres://${DATABASE_USER}:${password}@127.0.0.1:${port}/postgres`;
}

/** What Postgres and initdb see of our environment: nothing, so that no PG* or LC_* variable changes them. */
export const POSTGRES_ENV = { PATH: '/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C' };

/**
 * Settings of the embedded Postgres. `fsync`, `full_page_writes` and `synchronous_commit` are on, as
 * is their default: an acknowledged edit is on the disk. The rest fits one application on its own
 * machine: no replicas, no parallel workers, few idle processes.
 */
export const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '60',
  shared_buffers: '64MB',
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',
  // Fewer checkpoints, fewer full pages in the log; recovery after kill -9 stays within seconds.
  checkpoint_timeout: '15min',
  max_wal_size: '512MB',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_logical_replication_workers: '0',
  max_parallel_workers_per_gather: '0',
  autovacuum: 'on',
  autovacuum_max_workers: '2',
  io_method: 'sync',
  jit: 'off',
  huge_pages: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
  log_line_prefix: LOG_LINE_PREFIX,
  lc_messages: 'C',
};

/** How Postgres addresses its cluster: the path, or its working folder when the path is closed to its user. */
export interface ClusterPlace {
  /** The folder to start in. */
  readonly cwd: string;
  /** The value of `-D`. */
  readonly argument: string;
}

/**
 * Data stay where they were asked to be even under a folder closed to Postgres' user (a project in
 * root's 0700 home): on Linux a process starts in its folder before it drops its rights, and
 * `/proc/self/cwd` then leads there without walking the path.
 */
export async function placeOf(cluster: string, user: RunAs | null): Promise<ClusterPlace> {
  if (user === null || (await canReach(cluster, user))) return { cwd: cluster, argument: cluster };
  if (process.platform === 'linux') return { cwd: cluster, argument: '/proc/self/cwd' };
  throw new InkwireError(
    'database-unavailable',
    `The user that runs Postgres cannot reach ${cluster}. Start as an ordinary user or choose another INKWIRE_DATA_DIR.`,
  );
}

/** The superuser's password, made on first use and kept in a file only its owner can read. */
export async function readOrMakePassword(path: string): Promise<string> {
  const kept = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  if (kept.trim() !== '') return kept.trim();
  const password = randomBytes(24).toString('base64url');
  await writeFile(path, `${password}\n`, { mode: 0o600, flush: true });
  return password;
}

/** The major version that wrote the cluster, or `null` when there is none. */
async function majorOf(cluster: string): Promise<string | null> {
  try {
    return (await readFile(join(cluster, 'PG_VERSION'), 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Runs initdb unless the cluster exists. It is made under another name and renamed: a start that dies leaves no half of one. */
export async function ensureCluster(
  bin: string,
  cluster: string,
  password: string,
  user: RunAs | null,
  onProgress: (text: string) => void,
): Promise<void> {
  const written = await majorOf(cluster);
  if (written === POSTGRES_MAJOR) return;
  if (written !== null) {
    throw new InkwireError(
      'database-unavailable',
      `The data in ${cluster} were written by Postgres ${written}; this Inkwire brings Postgres ${POSTGRES_MAJOR}, which cannot read them. ` +
        `Nothing was changed. Start them with a Postgres ${written} and name it in DATABASE_URL, or use the Inkwire that wrote them.`,
    );
  }
  onProgress('setting up its Postgres');
  const partial = `${cluster}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { mode: 0o700 });
  if (user !== null) await chown(partial, user.uid, user.gid);

  const passwordFile = `${partial}.password`;
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (user !== null) await chown(passwordFile, user.uid, user.gid);
  const stdin = await open(passwordFile, 'r');
  try {
    const { cwd, argument } = await placeOf(partial, user);
    await run(
      join(bin, 'initdb'),
      [
        ...['-D', argument, '-U', DATABASE_USER, '-E', 'UTF8'],
        ...['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
        ...['--auth=scram-sha-256', '--pwfile=/dev/stdin'],
      ],
      { cwd, user, stdin: stdin.fd },
    );
  } finally {
    await stdin.close();
    await rm(passwordFile, { force: true });
  }
  await rename(partial, cluster);
}

function run(command: string, args: string[], options: { cwd: string; user: RunAs | null; stdin: number }): Promise<void> {
  const child = spawn(command, args, { cwd: options.cwd, env: POSTGRES_ENV, stdio: [options.stdin, 'pipe', 'pipe'], ...options.user });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-2_000);
    });
  }
  return new Promise((resolve, reject) => {
    const fail = (why: string, cause?: Error) =>
      reject(new InkwireError('database-unavailable', `The embedded Postgres could not be set up (${command}): ${why}`, { cause }));
    child.once('error', (error) => fail(error.message, error));
    child.once('close', (code) => (code === 0 ? resolve() : fail(output.trim())));
  });
}
