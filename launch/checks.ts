import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { CPU_TIME_FD, cpuSeconds, withCpuTime } from './cpu-time.ts';
import { root } from './node.mjs';

/** The checks of the whole source; each reads the settings in the root folder. */
export const CHECKS = {
  'type check': ['typescript/bin/tsc', '-p', '.'],
  'lint and format': ['@biomejs/biome/bin/biome', 'check', '--error-on-warnings'],
  'format everything': ['@biomejs/biome/bin/biome', 'check', '--write'],
} as const satisfies Record<string, readonly [tool: string, ...args: string[]]>;

/** Runs a check with its output on this terminal. `clean` when it found nothing. */
export async function runCheck(name: keyof typeof CHECKS): Promise<{ clean: boolean; cpuSeconds: number }> {
  const [tool, ...rest] = CHECKS[name];
  const { command, args } = withCpuTime(process.execPath, [join(root, 'e2e/node_modules', tool), ...rest]);
  const child = spawn(command, args, { cwd: root, stdio: ['inherit', 'inherit', 'inherit', 'pipe'] });
  const told = cpuSeconds(child.stdio[CPU_TIME_FD] as Readable);
  const clean = (await new Promise((resolve) => child.on('exit', resolve))) === 0;
  return { clean, cpuSeconds: await told };
}
