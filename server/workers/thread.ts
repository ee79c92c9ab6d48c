import { readlinkSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
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
  standBack();
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

/**
 * Gives this thread less of a contended core than the event loop has, where the system knows threads by a number (Linux):
 * what a thread does may take a little longer, what the loop does may not.
 */
function standBack(): void {
  try {
    const [, thread] = /\/task\/(\d+)$/.exec(readlinkSync('/proc/thread-self'))!;
    setPriority(Number(thread), constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // Elsewhere all threads are equal.
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
