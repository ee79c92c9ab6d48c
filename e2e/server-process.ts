import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fillFromTemplate } from '../persistence/testing/cluster-template.ts';

const MAIN = fileURLToPath(new URL('../server/main.ts', import.meta.url));

/** Longest wait for a server to listen, ms. */
const START_TIMEOUT_MS = 60_000;

/**
 * A real server in a process of its own. It keeps its port and data over restarts, so that clients
 * find it again after a kill.
 */
export class ServerProcess {
  readonly #env: Record<string, string>;
  readonly dataDir: string;
  #child: ChildProcess | null = null;
  #output = '';
  #url = '';

  private constructor(dataDir: string, env: Record<string, string>) {
    this.dataDir = dataDir;
    this.#env = env;
  }

  /** Starts a server on a free port, on an embedded database of its own unless `DATABASE_URL` is in `env`. */
  static async start(env: Record<string, string> = {}): Promise<ServerProcess> {
    const server = new ServerProcess(await mkdtemp(join(tmpdir(), 'inkwire-test-')), env);
    if (env.DATABASE_URL === undefined && env.INKWIRE_DATA_DIR === undefined) fillFromTemplate(server.dataDir);
    await server.start();
    return server;
  }

  /** `http://127.0.0.1:port`. */
  get url(): string {
    return this.#url;
  }

  /** Where providers connect. */
  get collab(): string {
    return `${this.#url.replace('http', 'ws')}/collab`;
  }

  get pid(): number {
    if (this.#child?.pid === undefined) throw new Error('The server is not running.');
    return this.#child.pid;
  }

  /** Everything it printed, on both streams. */
  get output(): string {
    return this.#output;
  }

  get running(): boolean {
    return this.#child !== null && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  async start(): Promise<void> {
    const port = this.#url === '' ? '0' : new URL(this.#url).port;
    const child = spawn(process.execPath, [MAIN, 'serve'], {
      env: { ...process.env, HOST: '127.0.0.1', PORT: port, INKWIRE_DATA_DIR: this.dataDir, ...this.#env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    const { promise: listening, resolve, reject } = Promise.withResolvers<string>();
    const read = (chunk: Buffer) => {
      this.#output += chunk.toString();
      const address = /http:\/\/(?:127\.0\.0\.1|0\.0\.0\.0):\d+[^\s,]*/.exec(this.#output.slice(from))?.[0];
      if (address !== undefined) resolve(address);
    };
    const from = this.#output.length;
    child.stdout.on('data', read);
    child.stderr.on('data', (chunk: Buffer) => {
      this.#output += chunk.toString();
    });
    child.once('exit', (code, signal) => reject(new Error(`The server ended (${code ?? signal}) before it listened:\n${this.#output}`)));
    const timer = setTimeout(() => reject(new Error(`The server does not listen:\n${this.#output}`)), START_TIMEOUT_MS);
    try {
      this.#url = await listening;
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends the process without a word, as a crash would, and waits until it is gone. */
  async kill9(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Ends it without a word and starts it again: what it then knows is what the database holds. */
  async restart(): Promise<void> {
    await this.kill9();
    await this.start();
  }

  /** Asks it to stop; resolves with its exit code. */
  async terminate(): Promise<number | null> {
    return this.#end('SIGTERM');
  }

  /** Stops it and removes its data. */
  async dispose(): Promise<void> {
    if (this.running) await this.terminate();
    await rm(this.dataDir, { recursive: true, force: true });
  }

  async #end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    const child = this.#child;
    if (child === null || !this.running) return null;
    const exit = once(child, 'exit') as Promise<[number | null]>;
    child.kill(signal);
    return (await exit)[0];
  }
}
