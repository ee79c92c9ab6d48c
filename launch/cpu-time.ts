import { cpus } from 'node:os';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

/** A command as `spawn` takes it. */
interface Command {
  readonly command: string;
  readonly args: readonly string[];
}

/** The file descriptor of the command on which its CPU time arrives; `spawn` is to make a pipe of it. */
export const CPU_TIME_FD = 3;

/** The same command, which tells the CPU time of itself and of all that it started and waited for, once it has ended. */
export function withCpuTime(command: string, args: readonly string[]): Command {
  // Node knows the CPU time of its own process only; a shell has had the times of its children since there are shells.
  const script = `"$@" ${CPU_TIME_FD}>&-; code=$?; times >&${CPU_TIME_FD}; exit $code`;
  return { command: '/bin/sh', args: ['-c', script, 'sh', command, ...args] };
}

/** Seconds of CPU, user and system. 0 of a command that was killed, which tells nothing. */
export async function cpuSeconds(told: Readable): Promise<number> {
  return parseTimes(await text(told));
}

/** What the shell's `times` prints: user and system time of itself, then of its children, each as `1m2.34s`. */
export function parseTimes(printed: string): number {
  return [...printed.matchAll(/(\d+)m([\d.,]+)s/g)].reduce(
    (sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds?.replace(',', '.')),
    0,
  );
}

/** Starts to watch the machine: what it returns tells the share of it, 0 to 1, that others had since then, given what our own had. */
export function watchMachine(): (ownCpuSeconds: number) => number {
  const before = machineMs();
  return (ownCpuSeconds) => {
    const now = machineMs();
    const all = now.all - before.all;
    return all === 0 ? 0 : Math.max(0, (now.busy - before.busy - ownCpuSeconds * 1000) / all);
  };
}

/** Milliseconds of all cores since the machine has started. */
function machineMs(): { all: number; busy: number } {
  const times = cpus().map((core) => core.times);
  const sum = (each: readonly number[]) => each.reduce((total, ms) => total + ms, 0);
  const all = sum(times.map(({ user, nice, sys, idle, irq }) => user + nice + sys + idle + irq));
  return { all, busy: all - sum(times.map(({ idle }) => idle)) };
}
