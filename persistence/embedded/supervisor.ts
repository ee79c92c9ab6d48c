import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { InkwireError } from '../../protocol/errors.ts';
import type { DatabaseLog } from '../database-log.ts';
import { POSTGRES_ENV } from './cluster.ts';
import { PostgresLog } from './postgres-log.ts';
import type { RunAs } from './run-as.ts';

/** Back-off between starts that fail; one that succeeded begins it anew. */
const MIN_RESTART_MS = 20;
const MAX_RESTART_MS = 2_000;
const FAST_SHUTDOWN_MS = 5_000;
const IMMEDIATE_SHUTDOWN_MS = 5_000;
const LOG_TAIL_LINES = 12;

export interface PostgresCommand {
  readonly executable: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly user: RunAs | null;
  /** Runs before every start; what keeps a new Postgres from starting is cleared here. */
  readonly prepare: () => Promise<void>;
  /** Lines of Postgres' own log, and what happens to the process. */
  readonly onLog: DatabaseLog;
}

type State =
  | { readonly kind: 'starting' }
  | { readonly kind: 'running'; readonly child: ChildProcess }
  | { readonly kind: 'waiting'; readonly timer: NodeJS.Timeout }
  | { readonly kind: 'stopped' };

/** A Postgres that is started again whenever it dies, until `stop`. */
export class SupervisedPostgres {
  readonly #command: PostgresCommand;
  readonly #diesWithUs: boolean;
  #state: State = { kind: 'starting' };
  #child: ChildProcess | null = null;
  #restartMs = MIN_RESTART_MS;

  private constructor(command: PostgresCommand) {
    this.#command = command;
    this.#diesWithUs = canDieWithParent();
  }

  /** Resolves once Postgres accepts connections; rejects with the end of its log when it does not start. */
  static async start(command: PostgresCommand): Promise<SupervisedPostgres> {
    const supervised = new SupervisedPostgres(command);
    await supervised.#start();
    process.once('exit', supervised.kill);
    return supervised;
  }

  /** The postmaster's process id; 0 while there is none. */
  get pid(): number {
    return this.#state.kind === 'running' ? (this.#state.child.pid ?? 0) : 0;
  }

  /** Kills Postgres at once, as a crash would; the supervisor then starts it again. */
  readonly kill = (): void => {
    this.#child?.kill('SIGKILL');
  };

  /** Stops Postgres in order: transactions are aborted, data are written. Ends within some ten seconds whatever happens. */
  async stop(): Promise<void> {
    process.removeListener('exit', this.kill);
    if (this.#state.kind === 'waiting') clearTimeout(this.#state.timer);
    this.#state = { kind: 'stopped' };
    const child = this.#child;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGINT');
    const quit = setTimeout(() => child.kill('SIGQUIT'), FAST_SHUTDOWN_MS);
    const kill = setTimeout(() => child.kill('SIGKILL'), FAST_SHUTDOWN_MS + IMMEDIATE_SHUTDOWN_MS);
    await gone;
    clearTimeout(quit);
    clearTimeout(kill);
  }

  async #start(): Promise<void> {
    await this.#command.prepare();
    if (this.#state.kind === 'stopped') return;
    const child = this.#spawn();
    this.#child = child;
    await becomesReady(child, this.#command.onLog);
    // A stop() that came while Postgres was starting has sent its signal to this child already.
    if ((this.#state as State).kind === 'stopped') return;
    this.#state = { kind: 'running', child };
    this.#restartMs = MIN_RESTART_MS;
    child.once('exit', (code, signal) => this.#died(signal ?? `exit code ${code}`));
    if (child.exitCode !== null || child.signalCode !== null) this.#died('at once');
  }

  #spawn(): ChildProcess {
    const { executable, args, cwd, user } = this.#command;
    const [command, ...rest] = this.#diesWithUs ? ['setpriv', '--pdeathsig=INT', '--', executable, ...args] : [executable, ...args];
    // A process group of its own: Ctrl+C at a terminal must reach the server only, which drains before it stops Postgres.
    return spawn(command as string, rest, { cwd, env: POSTGRES_ENV, detached: true, stdio: ['ignore', 'ignore', 'pipe'], ...user });
  }

  #died(how: string): void {
    if (this.#state.kind !== 'running') return;
    this.#command.onLog('warn', `Postgres ended (${how}); starting it again`);
    this.#startLater();
  }

  #startLater(): void {
    const timer = setTimeout(() => {
      this.#state = { kind: 'starting' };
      this.#start().catch((error: Error) => {
        this.#command.onLog('error', error.message);
        if (this.#state.kind !== 'stopped') this.#startLater();
      });
    }, this.#restartMs);
    this.#state = { kind: 'waiting', timer };
    this.#restartMs = Math.min(this.#restartMs * 2, MAX_RESTART_MS);
  }
}

function becomesReady(child: ChildProcess, onLog: DatabaseLog): Promise<void> {
  const tail: string[] = [];
  return new Promise((resolve, reject) => {
    const fail = (why: string) => reject(new InkwireError('database-unavailable', `The embedded Postgres did not start: ${why}`));
    child.once('error', (error) => fail(error.message));
    child.once('close', () => fail(tail.join('\n')));
    if (child.stderr === null) return;
    const log = new PostgresLog((level, text) => {
      onLog(level, text);
      tail.push(text);
      if (tail.length > LOG_TAIL_LINES) tail.shift();
    });
    createInterface({ input: child.stderr }).on('line', (line) => {
      log.read(line);
      if (line.includes('database system is ready to accept connections')) resolve();
    });
  });
}

/**
 * Whether `setpriv` can have the kernel stop Postgres when this process dies, also by kill -9 (Linux,
 * util-linux 2.33). Elsewhere a Postgres that outlives us is stopped by the next start.
 */
function canDieWithParent(): boolean {
  return process.platform === 'linux' && spawnSync('setpriv', ['--pdeathsig=INT', '--', 'true'], { env: POSTGRES_ENV }).status === 0;
}
