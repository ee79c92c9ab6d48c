import { parentPort, type Transferable } from 'node:worker_threads';
import { InkwireError } from '../../protocol/errors.ts';
import type { Answer } from './pool.ts';

/**
 * A thread's side of the pool: one job at a time, one answer each. `bytesOf` names the bytes of a result that
 * nothing here holds on to; they are handed over rather than copied.
 */
export function answerJobs<Job, Result>(
  work: (job: Job) => Result | Promise<Result>,
  bytesOf: (result: Result) => Uint8Array | null = () => null,
): void {
  parentPort?.on('message', async (job: Job) => {
    const answer = await answerOf(work, job);
    const bytes = 'result' in answer ? bytesOf(answer.result) : null;
    parentPort?.postMessage(answer, bytes === null ? [] : handedOver(bytes));
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

/** The buffer of bytes that fill it; of others the copy is smaller. */
function handedOver({ buffer, byteLength }: Uint8Array): Transferable[] {
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? [buffer] : [];
}
