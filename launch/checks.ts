import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from './node.mjs';

/** The checks of the whole source; each reads the settings in the root folder. */
export const CHECKS = {
  'type check': ['typescript/bin/tsc', '-p', '.'],
  'lint and format': ['@biomejs/biome/bin/biome', 'check', '--error-on-warnings'],
  'format everything': ['@biomejs/biome/bin/biome', 'check', '--write'],
} as const satisfies Record<string, readonly [tool: string, ...args: string[]]>;

/** Runs a check with its output on this terminal. True when it found nothing. */
export async function runCheck(name: keyof typeof CHECKS): Promise<boolean> {
  const [tool, ...args] = CHECKS[name];
  const child = spawn(process.execPath, [join(root, 'e2e/node_modules', tool), ...args], { cwd: root, stdio: 'inherit' });
  return (await new Promise((resolve) => child.on('exit', resolve))) === 0;
}
