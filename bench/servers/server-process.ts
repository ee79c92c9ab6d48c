import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Contestant } from './contestants.ts';
import type { Cores } from './cores.ts';
import type { Question, Usage } from './probe.ts';

const PROBE = new URL('./probe.ts', import.meta.url).href;
const START_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 20_000;

export interface ServerOptions {
  readonly databaseUrl: string;
  readonly cores: Cores;
  /** Where to write a CPU profile when it stops. */
  readonly profileDir: string | null;
  readonly nodeFlags: readonly string[];
  /** It has a core of its own, rather than all. */
  readonly pinned: boolean;
}

/** Servers that run; killed when the bench ends before they do. */
const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** A server in a process of its own, on the core kept for it. */
export class ServerProcess {
  readonly #child: ChildProcess;
  /** `ws://127.0.0.1:port` */
  readonly url: string;
  /** Where providers connect. */
  readonly collab: string;

  private constructor(child: ChildProcess, url: string, { dialect }: Contestant) {
    this.#child = child;
    this.url = url;
    this.collab = dialect.url(url, '');
  }

  static async start(contestant: Contestant, { databaseUrl, cores, profileDir, nodeFlags, pinned }: ServerOptions): Promise<ServerProcess> {
    const profile = profileDir === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileDir}`];
    const [command = '', ...args] = (pinned ? cores.forServer : cores.forAny)([
      process.execPath,
      '--expose-gc',
      ...nodeFlags,
      '--import',
      PROBE,
      ...profile,
      ...contestant.args,
    ]);
    const child = spawn(command, args, {
      env: { ...process.env, ...contestant.env(databaseUrl) },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    running.add(child);
    child.once('exit', () => running.delete(child));
    return new ServerProcess(child, (await address(child)).replace('http', 'ws'), contestant);
  }

  /** What it has used; after a full garbage collection when `collect` is set. */
  async usage(collect = false): Promise<Usage> {
    const answer = once(this.#child, 'message') as Promise<[Usage]>;
    this.#child.send({ ask: 'usage', collect } satisfies Question);
    return (await answer)[0];
  }

  /** Watches its event loop from now on, or no longer. */
  watchEventLoop(on: boolean): void {
    this.#child.send({ ask: 'watch', on } satisfies Question);
  }

  /** kill -9; resolves once it is gone. */
  async kill(): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }

  /** Asks it to stop, and kills it when it does not. */
  async stop(): Promise<void> {
    if (!running.has(this.#child)) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await ended;
    clearTimeout(timer);
  }
}

function address(child: ChildProcess): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let output = '';
  const read = (chunk: Buffer) => {
    output = (output + chunk).slice(-4_000);
    const found = /http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0];
    if (output.includes('Yjs was already imported')) reject(new Error('The server runs with two copies of Yjs, which costs it more.'));
    else if (found !== undefined) resolve(found);
  };
  child.stdout?.on('data', read);
  child.stderr?.on('data', read);
  child.once('error', reject);
  child.once('exit', (code, signal) => reject(new Error(`The server ended (${code ?? signal}):\n${output}`)));
  const timer = setTimeout(() => {
    child.kill('SIGKILL');
    reject(new Error(`The server does not listen:\n${output}`));
  }, START_TIMEOUT_MS);
  return promise.finally(() => clearTimeout(timer));
}
