import { execFileSync } from 'node:child_process';
import { chmod, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { userForPostgres } from '../../../persistence/embedded/run-as.ts';
import type { Fault, FaultEnv } from '../fault.ts';

/** Room beside what the log holds already, twice, bytes: enough to move the table and to pack it. */
const SPARE_BYTES = 8 * 1024 * 1024;

/** Where the small disk is, while there is one. */
let disk: string | null = null;

async function mount(bytes: number): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'inkwire-small-disk-'));
  await chmod(folder, 0o755);
  const user = await userForPostgres(folder);
  const owner = user === null ? '' : `,uid=${user.uid},gid=${user.gid}`;
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes},mode=700${owner}`, 'tmpfs', folder], { stdio: 'pipe' });
  } catch (error) {
    await rm(folder, { recursive: true });
    throw error;
  }
  return folder;
}

async function unmount(folder: string): Promise<void> {
  execFileSync('umount', [folder], { stdio: 'pipe' });
  await rm(folder, { recursive: true });
}

async function fill(folder: string): Promise<void> {
  const file = await open(join(folder, 'filler'), 'w');
  try {
    for (;;) await file.write(new Uint8Array(64 * 1024));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  } finally {
    await file.close();
  }
}

async function tableBytes(env: FaultEnv): Promise<number> {
  const [row] = await env.sql(`select pg_total_relation_size('inkwire.updates') as bytes`);
  return Number(row!.bytes);
}

/** The log lies on a file system of a few megabytes, which something else fills. */
export const fillDisk: Fault = {
  name: 'the disk is full',
  unavailable: async () => {
    if (process.getuid?.() !== 0) return 'only root can mount a small file system';
    return mount(SPARE_BYTES).then(
      async (folder) => {
        await unmount(folder);
        return null;
      },
      () => 'no file system can be mounted here',
    );
  },
  inject: async (env) => {
    disk = await mount(2 * (await tableBytes(env)) + SPARE_BYTES);
    await env.sql(`create tablespace small location '${disk}'`);
    await env.sql('alter table inkwire.updates set tablespace small');
    // What was compacted left room between the rows, which could take new ones for minutes.
    await env.sql('vacuum full inkwire.updates');
    await fill(disk);
  },
  // Of the server's waiting: new text needs a page that is not there.
  felt: ({ server }) => server.output.lastIndexOf('the database does not answer') > server.output.lastIndexOf('the database answers again'),
  heal: async (env) => {
    if (disk === null) return;
    await rm(join(disk, 'filler'), { force: true });
    await env.sql('alter table inkwire.updates set tablespace pg_default');
    await env.sql('drop tablespace small');
    await unmount(disk);
    disk = null;
  },
};
