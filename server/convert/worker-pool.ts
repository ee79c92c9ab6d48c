import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Exported, Imported } from '../../document/formats/convert.ts';
import { type ErrorCode, InkwireError } from '../../protocol/errors.ts';

/** One conversion, as a worker is told of it. */
export type Job =
  | { readonly kind: 'export'; readonly format: string; readonly bytes: Uint8Array; readonly title: string }
  | { readonly kind: 'import'; readonly format: string; readonly bytes: Uint8Array };

/** What a worker says: the result, a refusal from the table, or a stack trace. */
export type Answer =
  | { readonly result: Exported | Imported }
  | { readonly refused: { readonly code: ErrorCode; readonly detail: string } }
  | { readonly failed: string };

export interface WorkerPoolOptions {
  /** The longest one job may run, ms; its worker is ended then. */
  readonly timeoutMs: number;
  /** The most threads at once. */
  readonly workers: number;
  /** The most jobs that wait; one more is refused with `overloaded`. */
  readonly queued: number;
  /** The most memory of a thread's JavaScript, MB. */
  readonly memoryMb: number;
  /** How long a thread without work is kept, ms. */
  readonly idleMs: number;
}

interface Waiting {
  readonly job: Job;
  readonly resolve: (result: Exported | Imported) => void;
  readonly reject: (error: Error) => void;
}

type Member =
  | { readonly state: 'idle'; readonly worker: Worker; readonly timer: NodeJS.Timeout }
  | { readonly state: 'busy'; readonly worker: Worker; readonly timer: NodeJS.Timeout; readonly waiting: Waiting };

// The source runs as it is, the package as compiled JavaScript.
const WORKER_FILE = new URL(`./worker${extname(import.meta.url)}`, import.meta.url);

/** Threads that run conversions, started when there is work and ended when there has been none for a while. */
export class WorkerPool {
  readonly #options: WorkerPoolOptions;
  readonly #members = new Map<Worker, Member>();
  readonly #queue: Waiting[] = [];
  #closed = false;

  constructor(options: WorkerPoolOptions) {
    this.#options = options;
  }

  /** How many threads there are. */
  get size(): number {
    return this.#members.size;
  }

  /** Runs a job. Throws what the job refuses with, `conversion-timeout`, `overloaded`, `shutting-down`. */
  run(job: Job): Promise<Exported | Imported> {
    if (this.#closed) return Promise.reject(new InkwireError('shutting-down'));
    if (this.#queue.length >= this.#options.queued) {
      return Promise.reject(new InkwireError('overloaded', 'Too many conversions wait already.'));
    }
    return new Promise((resolve, reject) => {
      this.#queue.push({ job, resolve, reject });
      this.#next();
    });
  }

  /** Ends the threads; what is not finished is refused with `shutting-down`. */
  async close(): Promise<void> {
    this.#closed = true;
    const members = [...this.#members.values()];
    this.#members.clear();
    for (const member of members) {
      clearTimeout(member.timer);
      if (member.state === 'busy') member.waiting.reject(new InkwireError('shutting-down'));
    }
    for (const waiting of this.#queue.splice(0)) waiting.reject(new InkwireError('shutting-down'));
    await Promise.all(members.map(({ worker }) => worker.terminate()));
  }

  #next(): void {
    if (this.#queue.length === 0) return;
    const idle = [...this.#members.values()].find((member) => member.state === 'idle');
    if (idle === undefined && this.#members.size >= this.#options.workers) return;
    if (idle) clearTimeout(idle.timer);
    const worker = idle?.worker ?? this.#start();
    const waiting = this.#queue.shift()!;
    const timer = setTimeout(() => {
      this.#end(worker, new InkwireError('conversion-timeout', `The conversion took longer than ${this.#options.timeoutMs} ms.`));
    }, this.#options.timeoutMs);
    this.#members.set(worker, { state: 'busy', worker, timer, waiting });
    worker.ref();
    worker.postMessage(waiting.job);
  }

  #start(): Worker {
    const worker = new Worker(WORKER_FILE, { resourceLimits: { maxOldGenerationSizeMb: this.#options.memoryMb } });
    worker.on('message', (answer: Answer) => this.#finish(worker, answer));
    worker.on('error', (error: Error & { code?: string }) => {
      const outOfMemory = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
      this.#end(
        worker,
        outOfMemory
          ? new InkwireError('conversion-timeout', `The conversion needed more than ${this.#options.memoryMb} MB of memory.`)
          : error,
      );
    });
    worker.on('exit', () => this.#end(worker, new Error('the conversion worker ended')));
    return worker;
  }

  #finish(worker: Worker, answer: Answer): void {
    const member = this.#members.get(worker);
    if (member?.state !== 'busy') return;
    clearTimeout(member.timer);
    const timer = setTimeout(() => this.#end(worker, null), this.#options.idleMs).unref();
    this.#members.set(worker, { state: 'idle', worker, timer });
    worker.unref();
    if ('result' in answer) member.waiting.resolve(answer.result);
    else if ('refused' in answer) member.waiting.reject(new InkwireError(answer.refused.code, answer.refused.detail));
    else member.waiting.reject(new Error(answer.failed));
    this.#next();
  }

  /** Lets a thread go; the job it had fails with `error`. */
  #end(worker: Worker, error: Error | null): void {
    const member = this.#members.get(worker);
    if (member === undefined) return;
    this.#members.delete(worker);
    clearTimeout(member.timer);
    if (member.state === 'busy' && error !== null) member.waiting.reject(error);
    void worker.terminate();
    this.#next();
  }
}
