import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parentPort, type Transferable } from 'node:worker_threads';
import { InkwireError } from '../../protocol/errors.ts';
import type { Answer } from './pool.ts';

/**
 * A thread's side of the pool: one job at a time, one answer each. `bytesOf` names the bytes of a result that
 * nothing here holds on to; they are handed over rather than copied.
 */
export function answerJobs<Job, Result>(
  work: (job: Job) => Result | Promise<Result>,
  bytesOf: (result: Result) => readonly Uint8Array[] = () => [],
): void {
  parentPort?.on('message', async (job: Job) => {
    const answer = await answerOf(work, job);
    parentPort?.postMessage(answer, 'result' in answer ? handedOver(bytesOf(answer.result)) : []);
    setImmediate(collectMuch);
  });
}

async function answerOf<Job, Result>(work: (job: Job) => Result | Promise<Result>, job: Job): Promise<Answer<Result>> {
  try {
    return { result: await work(job) };
  } catch (error) {
    if (error instanceof InkwireError) return { refused: { code: error.code, detail: error.message } };
    return { failed: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

/** More than this is not left to lie, bytes: a thread without work never collects, and keeps what its last job left as long as it lives. */
const MUCH_BYTES = 64 * 1024 * 1024;

let collect: (() => void) | null = null;

/** Collects what a large job has left, while nobody waits for this thread. */
function collectMuch(): void {
  const { total_heap_size: heap, external_memory: external } = getHeapStatistics();
  if (heap + external < MUCH_BYTES) return;
  if (collect === null) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as () => void;
  }
  collect();
}

/** The buffers of bytes that fill theirs; of others the copy is smaller. */
function handedOver(parts: readonly Uint8Array[]): Transferable[] {
  const buffers = parts.flatMap(({ buffer, byteLength }) =>
    buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? [buffer] : [],
  );
  // One that is named twice is not handed over at all.
  return [...new Set(buffers)];
}
