import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RedisExecutable, redisExecutable } from '../launch/redis.ts';
import { until } from './wait.ts';

/** Why tests that need Redis are skipped; `false` when there is one. */
export const withoutRedis: string | false =
  (await redisExecutable()) === null ? 'no Redis or Valkey was found or could be had: name one in INKWIRE_REDIS_SERVER' : false;

/** A real Redis or Valkey in a process of its own, that keeps its port over restarts. */
export class RedisServer {
  readonly port: number;
  readonly #folder: string;
  readonly #executable: RedisExecutable;
  readonly #args: readonly string[];
  #child: ChildProcess | null = null;

  private constructor(port: number, folder: string, executable: RedisExecutable, args: readonly string[]) {
    this.port = port;
    this.#folder = folder;
    this.#executable = executable;
    this.#args = args;
  }

  static async start(args: readonly string[] = []): Promise<RedisServer> {
    const executable = await redisExecutable();
    if (executable === null) throw new Error('There is no Redis.');
    const folder = await mkdtemp(join(tmpdir(), 'inkwire-test-redis-'));
    const server = new RedisServer(await freePort(), folder, executable, args);
    await server.start();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    const { executablePath, env } = this.#executable;
    const args = ['--port', String(this.port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', ...this.#args];
    this.#child = spawn(executablePath, args, { cwd: this.#folder, env: { ...process.env, ...env }, stdio: 'ignore' });
    await until('Redis answers', () => this.answers());
  }

  /** Whether somebody listens on its port. */
  async answers(): Promise<boolean> {
    const socket = connect(this.port, '127.0.0.1');
    try {
      await once(socket, 'connect');
      return true;
    } catch {
      return false;
    } finally {
      socket.destroy();
    }
  }

  async kill9(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, 'exit');
    child.kill('SIGCONT');
    child.kill('SIGKILL');
    await exit;
  }

  /** It hangs, its connections open. */
  pause(): void {
    this.#child?.kill('SIGSTOP');
  }

  resume(): void {
    this.#child?.kill('SIGCONT');
  }

  async dispose(): Promise<void> {
    await this.kill9();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
