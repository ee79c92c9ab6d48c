import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { findBinaries } from '../embedded/binaries.ts';
import { POSTGRES_ENV } from '../embedded/cluster.ts';
import { userForPostgres } from '../embedded/run-as.ts';
import { SupervisedPostgres } from '../embedded/supervisor.ts';

const OLDEST_MAJOR = 15;
const LOOPBACK_ONLY = { listen_addresses: '127.0.0.1', unix_socket_directories: '' };

/** The `bin` folder of the newest Postgres (15 or later) installed on this machine, or `null`. */
export function findSystemPostgres(path: string): { bin: string; major: number } | null {
  const debian = '/usr/lib/postgresql';
  const folders = [...path.split(delimiter), ...(existsSync(debian) ? readdirSync(debian).map((major) => join(debian, major, 'bin')) : [])];
  const found = folders
    .filter((bin) => bin !== '' && existsSync(join(bin, 'postgres')) && existsSync(join(bin, 'initdb')))
    .map((bin) => ({ bin, major: majorOf(join(bin, 'postgres')) }))
    .filter(({ major }) => major >= OLDEST_MAJOR)
    .sort((a, b) => b.major - a.major);
  return found[0] ?? null;
}

function majorOf(postgres: string): number {
  const { stdout } = spawnSync(postgres, ['--version'], { encoding: 'utf8', env: POSTGRES_ENV });
  return Number(/(\d+)/.exec(stdout ?? '')?.[1] ?? 0);
}

/** A cluster of the Postgres in `bin` in a temporary folder, with these settings. `stop` removes it. */
export async function startSystemPostgres(
  bin: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<{ url: string; stop(): Promise<void> }> {
  const cluster = await mkdtemp(join(tmpdir(), 'inkwire-test-system-'));
  const user = await userForPostgres(cluster);
  if (user !== null) await chown(cluster, user.uid, user.gid);
  const initdb = spawnSync(join(bin, 'initdb'), ['-D', cluster, '-U', 'inkwire', '-E', 'UTF8', '--locale=C', '-A', 'trust'], {
    encoding: 'utf8',
    env: POSTGRES_ENV,
    ...user,
  });
  if (initdb.status !== 0) throw new Error(`initdb failed: ${initdb.stderr}`);
  const port = await freePort();
  const postgres = await SupervisedPostgres.start({
    executable: join(bin, 'postgres'),
    args: [
      '-D',
      cluster,
      '-p',
      String(port),
      ...Object.entries({ ...LOOPBACK_ONLY, ...settings }).map(([name, value]) => `--${name}=${value}`),
    ],
    cwd: cluster,
    user,
    prepare: async () => {},
    onLog: () => {},
  });
  return {
    url: `postgres://inkwire@127.0.0.1:${port}/postgres`,
    async stop() {
      await postgres.stop();
      await rm(cluster, { recursive: true, force: true });
    },
  };
}

/** A cluster of the embedded Postgres' binaries, which `startEmbeddedPostgres` starts with settings of its own. */
export async function startPostgres(settings: Readonly<Record<string, string>>): Promise<{ url: string; stop(): Promise<void> }> {
  return startSystemPostgres(await findBinaries(tmpdir(), await userForPostgres(tmpdir()), () => {}), settings);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}
