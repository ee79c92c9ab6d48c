import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts CPU for its users in hundredths of a second on every platform (USER_HZ). */
const TICKS_PER_SECOND = 100;

/**
 * CPU seconds of a process and of its children, those that have ended included; NaN where there is no
 * `/proc`. Postgres has a process for each connection, all of them children of one.
 */
export function processFamilyCpuSeconds(pid: number): number {
  try {
    const parent = readStat(String(pid));
    const children = readdirSync('/proc')
      .filter((entry) => /^\d+$/.test(entry))
      .map(tryReadStat)
      .filter((stat) => stat?.parent === pid);
    const ticks = children.reduce((sum, child) => sum + (child?.own ?? 0), parent.own + parent.ended);
    return ticks / TICKS_PER_SECOND;
  } catch {
    return Number.NaN;
  }
}

/** Field numbers are those of proc(5); the command, the second, may hold spaces and ends with the last parenthesis. */
function readStat(pid: string): { parent: number; own: number; ended: number } {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const field = (number: number) => Number(fields[number - 3]);
  return { parent: field(4), own: field(14) + field(15), ended: field(16) + field(17) };
}

function tryReadStat(pid: string): ReturnType<typeof readStat> | null {
  try {
    return readStat(pid);
  } catch {
    return null; // It ended while it was looked at.
  }
}
