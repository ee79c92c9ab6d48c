import { randomInt } from 'node:crypto';
import { mkdir, realpath } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { InkwireError } from '../../protocol/errors.ts';
import type { DatabaseLog } from '../database-log.ts';
import { findBinaries } from './binaries.ts';
import { addressOf, ensureCluster, PASSWORD_FILE, placeOf, readOrMakePassword, SETTINGS } from './cluster.ts';
import { explainDataDirError } from './data-dir.ts';
import { type DataLock, lockDataDir } from './data-lock.ts';
import { clearLeftover } from './leftover.ts';
import { userForPostgres } from './run-as.ts';
import { SupervisedPostgres } from './supervisor.ts';

export interface EmbeddedPostgresOptions {
  /** Where everything is kept; made when missing. */
  readonly dataDir: string;
  /** What takes a moment, as it begins: the end of a sentence "Inkwire is …". */
  readonly onProgress?: (text: string) => void;
  /** Lines of Postgres' own log, and what becomes of its process. */
  readonly onLog?: DatabaseLog;
}

export interface EmbeddedPostgres {
  /** Address for the driver, with the password in it; stays the same when Postgres is restarted. */
  readonly url: string;
  /** Absolute, symbolic links resolved. */
  readonly dataDir: string;
  /** The postmaster's process id; 0 while Postgres is being restarted. */
  readonly pid: number;
  /** Kills Postgres as a crash would; it comes back by itself. For tests. */
  kill(): void;
  /** Stops Postgres and gives the data directory free. Safe to call twice. */
  stop(): Promise<void>;
}

const PORT_ATTEMPTS = 10;

/**
 * Starts a real Postgres 18 on `dataDir`, on a free loopback port, and keeps it running: when it dies
 * it is started again on the same port with the same password. It dies with this process. Throws
 * `database-unavailable` when another server has the directory, or Postgres cannot run here; the
 * message says what to do.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { onProgress = () => {}, onLog = () => {} } = options;
  let lock: DataLock | null = null;
  try {
    await mkdir(options.dataDir, { recursive: true, mode: 0o755 });
    const dataDir = await realpath(options.dataDir);
    lock = lockDataDir(dataDir);
    return await startLocked(dataDir, lock, onProgress, onLog);
  } catch (error) {
    lock?.release();
    throw explainDataDirError(error, options.dataDir);
  }
}

async function startLocked(
  dataDir: string,
  lock: DataLock,
  onProgress: (text: string) => void,
  onLog: DatabaseLog,
): Promise<EmbeddedPostgres> {
  const cluster = join(dataDir, 'postgres');
  const user = await userForPostgres(cluster);
  const bin = await findBinaries(dataDir, user, onProgress);
  const password = await readOrMakePassword(join(dataDir, PASSWORD_FILE));
  await ensureCluster(bin, cluster, password, user, onProgress);

  const { cwd, argument } = await placeOf(cluster, user);
  const { postgres, port } = await startOnFreePort((candidate) => ({
    executable: join(bin, 'postgres'),
    args: ['-D', argument, '-p', String(candidate), ...Object.entries(SETTINGS).map(([name, value]) => `--${name}=${value}`)],
    cwd,
    user,
    prepare: () => clearLeftover(cluster),
    onLog,
  }));

  let stopping: Promise<void> | null = null;
  return {
    url: addressOf(password, port),
    dataDir,
    get pid() {
      return postgres.pid;
    },
    kill: postgres.kill,
    stop() {
      stopping ??= postgres.stop().finally(() => lock.release());
      return stopping;
    },
  };
}

async function startOnFreePort(command: (port: number) => Parameters<typeof SupervisedPostgres.start>[0]) {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    try {
      return { postgres: await SupervisedPostgres.start(command(port)), port };
    } catch (error) {
      if (attempt === PORT_ATTEMPTS || !/Address already in use/.test((error as Error).message)) throw error;
    }
  }
}

/**
 * A free loopback port below the ranges that systems hand out for outgoing connections (Linux from
 * 32768, macOS from 49152): while Postgres is being restarted nobody is given its port by chance, and
 * a client that keeps trying cannot connect to itself.
 */
async function freePort(): Promise<number> {
  for (let attempt = 1; attempt <= 100; attempt++) {
    const port = randomInt(15_000, 32_768);
    if (await isFree(port)) return port;
  }
  throw new InkwireError('database-unavailable', 'No free port was found for the embedded Postgres.');
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
