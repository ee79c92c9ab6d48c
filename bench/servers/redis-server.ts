import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Program } from '../../launch/debian.ts';
import { redisExecutable } from '../../launch/redis.ts';

/** Longest wait for what a start leads to, ms. */
const START_TIMEOUT_MS = 60_000;

/** Why tests that need Redis are skipped; `false` when there is one. */
export const withoutRedis: string | false =
  (await redisExecutable()) === null ? 'no Redis or Valkey was found or could be had: name one in INKWIRE_REDIS_SERVER' : false;

/** A real Redis or Valkey in a process of its own, that keeps its port over restarts. */
export class RedisServer {
  readonly port: number;
  readonly #folder: string;
  readonly #executable: Program;
  readonly #args: readonly string[];
  #child: ChildProcess | null = null;

  private constructor(port: number, folder: string, executable: Program, args: readonly string[]) {
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

  /** Three that share the slots of a cluster. */
  static async cluster(): Promise<RedisServer[]> {
    const args = ['--cluster-enabled', 'yes', '--cluster-node-timeout', '2000'];
    const servers = await Promise.all([0, 1, 2].map(() => RedisServer.start(args)));
    const ranges = ['0 5460', '5461 10922', '10923 16383'];
    for (const [at, server] of servers.entries()) {
      await server.command(`CLUSTER ADDSLOTSRANGE ${ranges[at]}`);
      await server.command(`CLUSTER SET-CONFIG-EPOCH ${at + 1}`);
      if (at > 0) await server.command(`CLUSTER MEET 127.0.0.1 ${servers[0]!.port}`);
    }
    for (const server of servers) {
      await until('the cluster is whole', async () => {
        const info = await server.command('CLUSTER INFO');
        return info.includes('cluster_state:ok') && info.includes('cluster_known_nodes:3');
      });
    }
    return servers;
  }

  /** A Sentinel that watches a primary it calls "main". */
  static async sentinel(primary: RedisServer): Promise<RedisServer> {
    const executable = await redisExecutable();
    if (executable === null) throw new Error('There is no Redis.');
    const folder = await mkdtemp(join(tmpdir(), 'inkwire-test-redis-'));
    const config = join(folder, 'sentinel.conf');
    await writeFile(config, `sentinel monitor main 127.0.0.1 ${primary.port} 1\n`);
    const server = new RedisServer(await freePort(), folder, executable, [config, '--sentinel']);
    await server.start();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    const { executablePath, env } = this.#executable;
    const where = ['--port', String(this.port), '--bind', '127.0.0.1'];
    const isSentinel = this.#args.includes('--sentinel');
    const args = isSentinel ? [...this.#args, ...where] : [...where, '--save', '', '--appendonly', 'no', ...this.#args];
    this.#child = spawn(executablePath, args, { cwd: this.#folder, env: { ...process.env, ...env }, stdio: 'ignore' });
    await until('Redis answers', () => this.answers());
  }

  /** What it answers to a command in its inline form. */
  async command(line: string): Promise<string> {
    const socket = connect(this.port, '127.0.0.1');
    let answer = '';
    socket.on('data', (chunk: Buffer) => {
      answer += chunk.toString();
    });
    socket.write(`${line}\r\nQUIT\r\n`);
    await once(socket, 'close');
    return answer;
  }

  /** Messages that were published, and bytes that came in, since it started. */
  async usage(): Promise<{ messages: number; bytes: number }> {
    const answer = await this.command('INFO everything');
    const number = (pattern: RegExp) => Number(pattern.exec(answer)?.[1] ?? 0);
    return { messages: number(/cmdstat_publish:calls=(\d+)/), bytes: number(/total_net_input_bytes:(\d+)/) };
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

async function until(what: string, condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`Waited ${START_TIMEOUT_MS} ms in vain until ${what}.`);
    await sleep(20);
  }
}
