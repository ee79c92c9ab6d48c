import { parentPort } from 'node:worker_threads';
import { exportDocument, importDocument } from '../../document/formats/convert.ts';
import { InkwireError } from '../../protocol/errors.ts';
import type { Answer, Job } from './worker-pool.ts';

/** The worker's side of a conversion: one job at a time, one answer each. */
parentPort?.on('message', async (job: Job) => {
  parentPort?.postMessage(await answer(job));
});

async function answer(job: Job): Promise<Answer> {
  try {
    const result =
      job.kind === 'export' ? await exportDocument(job.format, job.bytes, job.title) : await importDocument(job.format, job.bytes);
    return { result };
  } catch (error) {
    if (error instanceof InkwireError) return { refused: { code: error.code, detail: error.message } };
    if (error instanceof RangeError) return { refused: { code: 'bad-content', detail: 'The content is nested too deeply.' } };
    return { failed: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
