import { spawnSync } from 'node:child_process';

/** Which core runs what. Postgres is left to the system. */
export interface Cores {
  readonly pinned: boolean;
  /** A command line that runs on the server's core. */
  forServer(command: readonly string[]): readonly string[];
  /** A command line that runs on whichever is free, also when this process may not. */
  forAny(command: readonly string[]): readonly string[];
  /** Keeps this process, the generator, off the server's core. */
  keepGenerator(): void;
}

const UNPINNED: Cores = { pinned: false, forServer: (command) => command, forAny: (command) => command, keepGenerator: () => {} };

/** One core for the server and another for the generator, where `taskset` (Linux) is there and allows two. */
export function shareCores(): Cores {
  const { status, stdout } = spawnSync('taskset', ['-pc', String(process.pid)], { encoding: 'utf8' });
  const all = status === 0 ? coresIn(stdout.slice(stdout.lastIndexOf(':') + 1)) : [];
  const [server, generator] = all;
  if (server === undefined || generator === undefined) return UNPINNED;
  return {
    pinned: true,
    forServer: (command) => ['taskset', '-c', String(server), ...command],
    forAny: (command) => ['taskset', '-c', all.join(','), ...command],
    keepGenerator: () => {
      spawnSync('taskset', ['-apc', String(generator), String(process.pid)]);
    },
  };
}

/** The numbers in a list such as "0-3,8". */
export function coresIn(list: string): number[] {
  return list.split(',').flatMap((range) => {
    const [first = Number.NaN, last = first] = range.split('-').map(Number.parseFloat);
    return Number.isNaN(first) ? [] : Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}
