import { execFileSync } from 'node:child_process';
import type { Fault, FaultEnv } from '../fault.ts';

/** The postmaster first, so that it starts no further one; its children left its process group. */
function signalPostgres({ database }: FaultEnv, signal: 'SIGSTOP' | 'SIGCONT'): void {
  const { pid } = database.postgres;
  process.kill(pid, signal);
  const processes = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
  for (const line of processes) {
    const [child, parent] = line.trim().split(/\s+/).map(Number);
    if (parent === pid) process.kill(child!, signal);
  }
}

export const pausePostgres: Fault = {
  name: 'Postgres is stopped by SIGSTOP',
  inject: async (env) => signalPostgres(env, 'SIGSTOP'),
  heal: async (env) => signalPostgres(env, 'SIGCONT'),
};
