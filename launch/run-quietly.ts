import { spawn } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';
import { SetupError } from './npm.mjs';

/** Runs a Node script to its end; its output is shown only when it fails, in the `SetupError` thrown then. */
export async function runQuietly(name: string, args: readonly string[], cwd: string): Promise<void> {
  const child = spawn(process.execPath, args, { cwd, env: { ...process.env, NO_COLOR: '1' }, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  const code = await new Promise((resolve) => child.on('close', resolve));
  if (code !== 0) throw new SetupError(`${name} failed:\n\n${stripVTControlCharacters(output).trim()}`);
}
