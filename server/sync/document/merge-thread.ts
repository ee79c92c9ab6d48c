import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { mergeIntoSnapshot } from './compaction.ts';

/** Less than this is merged where it is, bytes: ~2 ms of work, where a message to a thread costs half of one. */
const INLINE_BYTES = 32 * 1024;

/** How long the thread is kept without work, ms. */
const IDLE_MS = 10_000;

export interface MergeJob {
  readonly id: number;
  readonly snapshot: Uint8Array | null;
  readonly updates: readonly Uint8Array[];
}

export type MergeAnswer = { readonly id: number } & ({ readonly merged: Uint8Array } | { readonly failed: string });

interface Waiting {
  readonly resolve: (merged: Uint8Array) => void;
  readonly reject: (error: Error) => void;
}

// The source runs as it is, the package as compiled JavaScript.
const WORKER_FILE = new URL(`./merge-worker${extname(import.meta.url)}`, import.meta.url);

/**
 * Merges snapshots in a thread of its own: folding a document of 300 kB takes 50 ms, in which nobody
 * could type if it were done here. The thread comes with the first large merge and goes when idle.
 */
export class MergeThread {
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | null = null;
  #idle: NodeJS.Timeout | undefined;
  #next = 0;

  readonly merge = async (snapshot: Uint8Array | null, updates: readonly Uint8Array[]): Promise<Uint8Array> => {
    const bytes = updates.reduce((sum, { length }) => sum + length, snapshot?.length ?? 0);
    if (bytes < INLINE_BYTES) return mergeIntoSnapshot(snapshot, updates);
    const id = this.#next++;
    const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
    this.#waiting.set(id, { resolve, reject });
    clearTimeout(this.#idle);
    this.#worker ??= this.#start();
    this.#worker.ref();
    this.#worker.postMessage({ id, snapshot, updates } satisfies MergeJob);
    return promise;
  };

  /** Ends the thread; merges under way are refused, and made again when the document has grown. */
  async close(): Promise<void> {
    clearTimeout(this.#idle);
    await this.#worker?.terminate();
  }

  #start(): Worker {
    const worker = new Worker(WORKER_FILE);
    worker.on('message', (answer: MergeAnswer) => {
      const waiting = this.#waiting.get(answer.id);
      this.#waiting.delete(answer.id);
      if ('merged' in answer) waiting?.resolve(answer.merged);
      else waiting?.reject(new Error(answer.failed));
      if (this.#waiting.size > 0) return;
      worker.unref();
      this.#idle = setTimeout(() => void worker.terminate(), IDLE_MS).unref();
    });
    worker.on('error', () => {});
    worker.on('exit', () => {
      if (this.#worker === worker) this.#worker = null;
      for (const { reject } of this.#waiting.values()) reject(new Error('the merge thread ended'));
      this.#waiting.clear();
    });
    return worker;
  }
}
