import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Something the set-up could not do. The message is for a person and says what would help. */
export class SetupError extends Error {}

/**
 * Runs `work` and says on standard error what is being done and how many seconds it took.
 * @template T
 * @param {string} label
 * @param {() => Promise<T>} work
 */
export async function step(label, work) {
  const begun = performance.now();
  process.stderr.write(`inkwire: ${label} … `);
  try {
    const result = await work();
    process.stderr.write(`${((performance.now() - begun) / 1000).toFixed(1)} s\n`);
    return result;
  } catch (error) {
    process.stderr.write('failed\n');
    throw error;
  }
}

/**
 * Runs `work` while no other process does so under the same lock file; waits for its turn. A lock
 * whose holder is gone is taken over.
 * @template T
 * @param {string} lock path of the lock file
 * @param {() => Promise<T>} work
 */
export async function alone(lock, work) {
  mkdirSync(dirname(lock), { recursive: true });
  while (!take(lock)) await sleep(100);
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

/** @param {string} lock */
function take(lock) {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
  try {
    process.kill(Number(readFileSync(lock, 'utf8')) || process.pid, 0);
  } catch (error) {
    if (codeOf(error) === 'ESRCH') rmSync(lock, { force: true });
  }
  return false;
}

/** @param {unknown} error */
function codeOf(error) {
  return /** @type {NodeJS.ErrnoException} */ (error).code;
}

/**
 * Runs npm in a folder, silently; dependencies' install scripts do not run. Throws a `SetupError`.
 * @param {string} folder
 * @param {readonly string[]} args
 */
export async function npm(folder, args) {
  // Under `npm run` the same npm is used again, also where it is not in the PATH.
  const cli = process.env.npm_execpath ?? '';
  const [command, first] = cli.endsWith('npm-cli.js') ? [process.execPath, [cli]] : ['npm', []];
  // What an outer `npm run` says of its own package would be taken as settings of this one.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_(package|lifecycle|config_local_prefix)/.test(name)),
  );
  const child = spawn(command, [...first, ...args, '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  const code = await new Promise((resolve, reject) => {
    child.on('error', (error) => reject(explain(folder, codeOf(error) === 'ENOENT' ? 'npm: not found' : error.message)));
    child.on('close', resolve);
  });
  if (code !== 0) throw explain(folder, output);
}

/**
 * @param {string} folder
 * @param {string} output what npm said
 */
function explain(folder, output) {
  // The cause comes first; at the end stand the log file and, at times, pages of usage.
  const said = output
    .split('\n')
    .filter((line) => !/^npm (warn|error)?\s*$/.test(line))
    .slice(0, 12)
    .join('\n')
    .trim();
  if (/^npm: not found/.test(output))
    return new SetupError('npm is not installed, and the set-up needs it. It comes with Node: https://nodejs.org');
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EIDLETIMEOUT/.test(output)) {
    return new SetupError(`npm cannot reach its registry. Check the network and the proxy settings of npm, then try again.\n\n${said}`);
  }
  if (/EACCES|EPERM|EROFS/.test(output)) {
    return new SetupError(`npm may not write to ${folder} or to its cache. Run it as the owner of that folder.\n\n${said}`);
  }
  if (/ENOSPC/.test(output)) return new SetupError(`The disk is full; the set-up needs about 700 MB.\n\n${said}`);
  return new SetupError(`npm failed in ${folder}:\n\n${said}`);
}
