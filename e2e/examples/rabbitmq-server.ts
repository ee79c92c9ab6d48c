import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rabbitmq, type UnpackedRabbitmq } from '../../launch/rabbitmq.ts';
import { until } from '../wait.ts';

const unpacked = await rabbitmq();

/** Why tests that need RabbitMQ are skipped; `false` when there is one. */
export const withoutRabbitmq: string | false = unpacked === null ? 'RabbitMQ cannot be had from Debian' : false;

/** A real RabbitMQ, and the register of names that Erlang wants, in processes of their own. */
export class RabbitmqServer {
  readonly url: string;
  readonly #folder: string;
  readonly #names: ChildProcess;
  readonly #server: ChildProcess;

  private constructor(port: number, folder: string, names: ChildProcess, server: ChildProcess) {
    this.url = `amqp://guest:guest@127.0.0.1:${port}`;
    this.#folder = folder;
    this.#names = names;
    this.#server = server;
  }

  static async start(): Promise<RabbitmqServer> {
    const { root, programs, plugins, code } = unpacked as UnpackedRabbitmq;
    const folder = await mkdtemp(join(tmpdir(), 'inkwire-test-rabbitmq-'));
    const [port, namesPort, nodePort] = [await freePort(), await freePort(), await freePort()];
    await writeFile(
      join(folder, 'rabbitmq.conf'),
      `listeners.tcp.1 = 127.0.0.1:${port}\nlog.console = true\nlog.file = false\ndisk_free_limit.absolute = 10MB\n`,
    );
    await writeFile(join(folder, 'plugins'), '[].');
    const env = {
      ...process.env,
      // Where Erlang keeps the secret that its nodes share.
      HOME: folder,
      ROOTDIR: root,
      BINDIR: programs,
      EMU: 'beam',
      PROGNAME: 'erl',
      ERL_EPMD_PORT: String(namesPort),
      ERL_EPMD_ADDRESS: '127.0.0.1',
      ERL_LIBS: plugins,
      RABBITMQ_NODENAME: 'inkwire-test@localhost',
      RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq.conf'),
      RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'plugins'),
      RABBITMQ_PLUGINS_DIR: plugins,
      RABBITMQ_MNESIA_BASE: join(folder, 'data'),
      RABBITMQ_LOG_BASE: join(folder, 'log'),
      RABBITMQ_PID_FILE: join(folder, 'pid'),
      RABBITMQ_DIST_PORT: String(nodePort),
    };
    const names = spawn(join(programs, 'epmd'), ['-port', String(namesPort)], { env, stdio: 'ignore' });
    const args = ['-pa', code, '-noinput', '-s', 'rabbit', 'boot', '-boot', 'start_sasl', '+W', 'w'];
    const server = spawn(join(programs, 'erlexec'), args, { env, cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [server.stdout, server.stderr]) stream.on('data', (chunk) => (output += chunk));
    const started = new RabbitmqServer(port, folder, names, server);
    try {
      await until('RabbitMQ has started', () => {
        if (server.exitCode !== null) throw new Error(`RabbitMQ ended:\n${output}`);
        return output.includes('completed with');
      });
    } catch (error) {
      await started.dispose();
      throw new Error(`${(error as Error).message}\n${output}`);
    }
    return started;
  }

  get pid(): number {
    return this.#server.pid as number;
  }

  async dispose(): Promise<void> {
    for (const child of [this.#server, this.#names]) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const closed = once(child, 'close');
      child.kill('SIGKILL');
      await closed;
    }
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 5 });
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
