import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { type ErrorCode, InkwireError } from '../../protocol/errors.ts';
import { FairQueue } from './fair-queue.ts';

/** What one kind of job may take, and the file that does it. */
export interface JobKind {
  /** What errors call one, such as "The merge". */
  readonly name: string;
  /** What its threads run: a file that calls `answerJobs`. */
  readonly file: URL;
  /** The most threads of this kind at once. */
  readonly threads: number;
  /** The most jobs that wait for a thread. */
  readonly queued: number;
  /** The longest one job may run, ms, the start of a thread included. */
  readonly timeoutMs: number;
  /** The most memory of a thread's JavaScript, MB; bytes in buffers are not counted. */
  readonly memoryMb: number;
  /** How long a thread without work is kept, ms. */
  readonly idleMs: number;
}

/** The file beside `module` that a thread runs: the source runs as it is (`.ts`), the package as compiled JavaScript. */
export function workerFile(name: string, module: string): URL {
  return new URL(`./${name}${extname(module)}`, module);
}

/**
 * Why a job came to no answer of its own: it ran too long, needed too much memory, its thread ended or threw where
 * nothing caught it, too many jobs wait already, nobody waits for it any more, or the pool is closed.
 */
export type JobFailure = 'timeout' | 'out-of-memory' | 'crashed' | 'queue-full' | 'cancelled' | 'closed';

/** A job that the pool gave up; `cause` is what a crashed thread threw. */
export class JobError extends Error {
  readonly failure: JobFailure;

  constructor(failure: JobFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'JobError';
    this.failure = failure;
  }
}

/** What a thread says of a job: its result, a refusal from the table of errors, or the stack of what the work threw. */
export type Answer<Result> =
  | { readonly result: Result }
  | { readonly refused: { readonly code: ErrorCode; readonly detail: string } }
  | { readonly failed: string };

/** What a job may say of itself. */
export interface JobOptions {
  /** Buffers of it that nobody here needs from then on. */
  readonly handedOver?: readonly ArrayBuffer[];
  /** For whom it is. Owners take turns, and none has more than half of the queue, or all threads where there are several. */
  readonly owner?: string | undefined;
  /** Aborted when nobody waits for it any more: its thread ends if it has begun. */
  readonly signal?: AbortSignal | undefined;
}

/** Runs a job of one kind. Throws a `JobError`, what the job refuses with, or an `Error` with the stack of its failure. */
export type RunJob<Job, Result> = (job: Job, options?: JobOptions) => Promise<Result>;

/** Threads for work that would hold up the event loop: they come with the work and go when there has been none for a while. */
export class WorkerPool {
  readonly #lanes: Lane<unknown, unknown>[] = [];

  /** How many threads there are, of all kinds. */
  get size(): number {
    return this.#lanes.reduce((sum, { size }) => sum + size, 0);
  }

  /** Adds a kind of job. Kinds do not wait for each other: each has threads of its own. */
  add<Job, Result>(kind: JobKind): RunJob<Job, Result> {
    const lane = new Lane<Job, Result>(kind);
    this.#lanes.push(lane as Lane<unknown, unknown>);
    return (job, options) => lane.run(job, options);
  }

  /** Fails whatever is unfinished or comes later with `closed`, and resolves when every thread has ended. */
  async close(): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane.close()));
  }
}

interface Waiting<Job, Result> {
  readonly job: Job;
  readonly options: JobOptions;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: Error) => void;
}

/** `timer` ends an idle thread that stays so, and a busy one that takes too long. */
type Member<Job, Result> =
  | { readonly state: 'idle'; readonly timer: NodeJS.Timeout }
  | { readonly state: 'busy'; readonly timer: NodeJS.Timeout; readonly waiting: Waiting<Job, Result> };

/**
 * Less than the 16 MB that Node allows a thread past its limit while it ends. V8 moves the young generation into the old
 * one at once, and when that takes the heap further than allowed, it aborts the process instead of the thread.
 */
const YOUNG_GENERATION_MB = 12;

/** The threads and the queue of one kind of job. */
class Lane<Job, Result> {
  readonly #kind: JobKind;
  readonly #members = new Map<Worker, Member<Job, Result>>();
  readonly #queue = new FairQueue<Waiting<Job, Result>>();
  /** Threads that were told to end and have not yet. */
  readonly #ending = new Set<Promise<unknown>>();
  #closed = false;

  constructor(kind: JobKind) {
    this.#kind = kind;
  }

  get size(): number {
    return this.#members.size;
  }

  run(job: Job, options: JobOptions = {}): Promise<Result> {
    if (this.#closed) return Promise.reject(this.#failure('closed'));
    if (options.signal?.aborted === true) return Promise.reject(this.#failure('cancelled'));
    const { owner, signal } = options;
    const most = owner === undefined ? this.#kind.queued : Math.ceil(this.#kind.queued / 2);
    if (this.#queue.length >= this.#kind.queued || this.#queue.of(owner) >= most) return Promise.reject(this.#failure('queue-full'));
    const { promise, resolve, reject } = Promise.withResolvers<Result>();
    const waiting = { job, options, resolve, reject };
    const cancel = () => this.#cancel(waiting);
    signal?.addEventListener('abort', cancel, { once: true });
    this.#queue.push(waiting, owner);
    this.#next();
    return signal === undefined ? promise : promise.finally(() => signal.removeEventListener('abort', cancel));
  }

  #cancel(waiting: Waiting<Job, Result>): void {
    if (this.#queue.remove(waiting)) waiting.reject(this.#failure('cancelled'));
    for (const [worker, member] of [...this.#members]) {
      if (member.state === 'busy' && member.waiting === waiting) this.#end(worker, this.#failure('cancelled'));
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const worker of [...this.#members.keys()]) this.#end(worker, this.#failure('closed'));
    for (const { reject } of this.#queue.clear()) reject(this.#failure('closed'));
    await Promise.all(this.#ending);
  }

  #next(): void {
    const idle = [...this.#members].find(([, { state }]) => state === 'idle');
    if (idle === undefined && this.#members.size >= this.#kind.threads) return;
    const waiting = this.#queue.next((owner) => this.#running(owner) < Math.max(1, this.#kind.threads - 1));
    if (waiting === null) return;
    if (idle) clearTimeout(idle[1].timer);
    const worker = idle?.[0] ?? this.#start();
    const timer = setTimeout(() => this.#end(worker, this.#failure('timeout')), this.#kind.timeoutMs);
    this.#members.set(worker, { state: 'busy', timer, waiting });
    worker.ref();
    worker.postMessage(waiting.job, waiting.options.handedOver ?? []);
  }

  #running(owner: string): number {
    let running = 0;
    for (const member of this.#members.values()) if (member.state === 'busy' && member.waiting.options.owner === owner) running++;
    return running;
  }

  #start(): Worker {
    const resourceLimits = { maxOldGenerationSizeMb: this.#kind.memoryMb, maxYoungGenerationSizeMb: YOUNG_GENERATION_MB };
    const worker = new Worker(this.#kind.file, { resourceLimits });
    worker.on('message', (answer: Answer<Result>) => this.#finish(worker, answer));
    worker.on('error', (error: Error & { code?: string }) =>
      this.#end(worker, this.#failure(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'out-of-memory' : 'crashed', error)),
    );
    worker.on('exit', () => this.#end(worker, this.#failure('crashed')));
    return worker;
  }

  #finish(worker: Worker, answer: Answer<Result>): void {
    const member = this.#members.get(worker);
    if (member?.state !== 'busy') return;
    clearTimeout(member.timer);
    const timer = setTimeout(() => this.#end(worker, null), this.#kind.idleMs).unref();
    this.#members.set(worker, { state: 'idle', timer });
    worker.unref();
    if ('result' in answer) member.waiting.resolve(answer.result);
    else if ('refused' in answer) member.waiting.reject(new InkwireError(answer.refused.code, answer.refused.detail));
    else member.waiting.reject(new Error(`${this.#kind.name} failed: ${answer.failed}`));
    this.#next();
  }

  /** Lets a thread go; the job it had fails with `error`. */
  #end(worker: Worker, error: Error | null): void {
    const member = this.#members.get(worker);
    if (member === undefined) return;
    this.#members.delete(worker);
    clearTimeout(member.timer);
    if (member.state === 'busy' && error !== null) member.waiting.reject(error);
    const ending = worker.terminate().finally(() => this.#ending.delete(ending));
    this.#ending.add(ending);
    if (!this.#closed) this.#next();
  }

  #failure(failure: JobFailure, cause?: Error): JobError {
    const { name, timeoutMs, memoryMb } = this.#kind;
    const said: Readonly<Record<JobFailure, string>> = {
      timeout: `${name} took longer than ${timeoutMs} ms.`,
      'out-of-memory': `${name} needed more than ${memoryMb} MB of memory.`,
      crashed: `${name} failed: its thread ended${cause === undefined ? '' : ` (${cause.message})`}.`,
      'queue-full': `${name} was not begun: too many wait already.`,
      cancelled: `${name} was given up: nobody waits for it any more.`,
      closed: `${name} was given up: the server is stopping.`,
    };
    return new JobError(failure, said[failure], cause && { cause });
  }
}
