import { execFile } from 'node:child_process';
import { readdir, readFile, readlink, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

const POLL_MS = 20;
/** How long a leftover has after each signal, in the order they are sent. */
const PATIENCE_MS: readonly (readonly [NodeJS.Signals, number])[] = [
  ['SIGINT', 10_000],
  ['SIGQUIT', 5_000],
  ['SIGKILL', 5_000],
];

/**
 * Clears what a dead server may have left on its cluster, which the caller holds the lock of: a
 * Postgres that still runs or is just shutting down is stopped and waited for, and a `postmaster.pid`
 * whose number some unrelated process got meanwhile is removed. One that names no process is left to
 * Postgres itself, which then also checks for shared memory still in use.
 */
export async function clearLeftover(cluster: string): Promise<void> {
  const file = join(cluster, 'postmaster.pid');
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) return;
  const postmaster = Number(text.split('\n', 1)[0]);
  for (const [signal, patienceMs] of PATIENCE_MS) {
    let running = await postgresProcesses(cluster);
    if (running.length === 0) break;
    for (const pid of signal === 'SIGKILL' ? running : running.filter((each) => each === postmaster)) send(pid, signal);
    for (const end = performance.now() + patienceMs; running.length > 0 && performance.now() < end; ) {
      await delay(POLL_MS);
      running = await postgresProcesses(cluster);
    }
  }
  if (send(postmaster, 0)) await rm(file, { force: true });
}

/** Sends a signal (0 only asks); whether there is such a process. */
function send(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Every process of a Postgres on this cluster. A postmaster and its backends work in the cluster's folder. */
async function postgresProcesses(cluster: string): Promise<number[]> {
  if (process.platform !== 'linux') return processesByCommand(cluster);
  const found: number[] = [];
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const folder = await readlink(`/proc/${entry}/cwd`).catch(() => null);
    if (folder !== cluster) continue;
    if ((await readFile(`/proc/${entry}/comm`, 'utf8').catch(() => '')).trim() === 'postgres') found.push(Number(entry));
  }
  return found;
}

async function processesByCommand(cluster: string): Promise<number[]> {
  const { stdout } = await promisify(execFile)('ps', ['-axo', 'pid=,command=']);
  const lines = stdout.split('\n').filter((line) => line.includes('postgres') && line.includes(`-D ${cluster} `));
  return lines.map((line) => Number.parseInt(line, 10));
}
