import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { root } from '../../launch/node.mjs';
import { npm } from '../../launch/npm.mjs';

/** Where an example finds the package in a clone. */
const IN_CLONE = 'file:../../dist/editor';

/** An example of `examples/`, copied to a place where nothing of this project lies above it, with the packed package in it. */
export class Example {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** Copies `name` into the folder `into` and installs it, all but the package itself in the versions of its lock file. */
  static async install(name: string, into: string, tarball: string): Promise<Example> {
    const folder = join(into, name);
    const made = /(^|\/)(node_modules|dist|\.next)(\/|$)/;
    cpSync(join(root, 'examples', name), folder, { recursive: true, filter: (path) => !made.test(path.slice(root.length)) });
    for (const file of ['package.json', 'package-lock.json']) {
      const path = join(folder, file);
      writeFileSync(path, readFileSync(path, 'utf8').replaceAll(IN_CLONE, `file:../${basename(tarball)}`));
    }
    await npm(folder, ['ci', '--prefer-offline']);
    return new Example(folder);
  }

  /** Runs a script of its package.json to its end; throws with what it printed when it fails. */
  async run(script: string, env: Readonly<Record<string, string>> = {}, args: readonly string[] = []): Promise<void> {
    const child = this.#spawn(script, args, env);
    const output = gathered(child);
    const [code] = await once(child, 'close');
    if (code !== 0) throw new Error(`npm run ${script} of ${basename(this.folder)} ended with ${code}:\n${output()}`);
  }

  /** Starts a script that serves; resolves once it has printed its address. */
  async serve(script: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Served> {
    const child = this.#spawn(script, args, env);
    const output = gathered(child);
    const address = await new Promise<string>((resolve, reject) => {
      const look = () => {
        const found = /http:\/\/(?:localhost|127\.0\.0\.1):\d+/.exec(output().replaceAll(COLORS, ''));
        if (found !== null) resolve(found[0]);
      };
      child.stdout?.on('data', look);
      child.once('close', (code) => reject(new Error(`npm run ${script} ended with ${code}:\n${output()}`)));
    });
    return { address, stop: () => stop(child) };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  #spawn(script: string, args: readonly string[], env: Readonly<Record<string, string>>): ChildProcess {
    const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_|^NODE_TEST_CONTEXT$/.test(name)));
    return spawn('npm', ['run', script, ...(args.length > 0 ? ['--', ...args] : [])], {
      cwd: this.folder,
      env: { ...inherited, ...env, NO_COLOR: '1', NEXT_TELEMETRY_DISABLED: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own: npm does not hand a signal on to all that it runs.
      detached: true,
    });
  }
}

/** Something that serves an example. */
export interface Served {
  readonly address: string;
  readonly stop: () => Promise<void>;
}

const COLORS = new RegExp(`${String.fromCharCode(27)}\\[[\\d;]*m`, 'g');

function gathered(child: ChildProcess): () => string {
  let output = '';
  child.stdout?.on('data', (chunk) => (output += chunk));
  child.stderr?.on('data', (chunk) => (output += chunk));
  return () => output;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, 'close');
  process.kill(-child.pid!, 'SIGKILL');
  await closed;
}
