import type { CutEdit, CutJob } from '../../document/updates/cut-edit.ts';
import { InkwireError } from '../../protocol/errors.ts';
import { JobError, type JobKind, type WorkerPool, workerFile } from './pool.ts';

/**
 * Checks a heavy update and cuts it, away from the event loop. The bytes of a long one are handed over: what is taken
 * comes back in memory that threads share. Throws `malformed-update`, `overloaded`, `body-too-large`. */
export type CutHeavy = (job: CutJob) => Promise<CutEdit>;

const CUT: JobKind = {
  name: 'The check of the edit',
  file: workerFile('cut-worker', import.meta.url),
  threads: 2,
  queued: 256,
  timeoutMs: 60_000,
  memoryMb: 1024,
  idleMs: 60_000,
};

export function createCut(pool: WorkerPool): CutHeavy {
  const run = pool.add<CutJob, CutEdit>(CUT);
  return (job) => run(job, ownedBy(job.update)).catch(refuse);
}

/** More than a socket reads at once, bytes: a longer message was put together in memory of its own. */
const ALONE_BYTES = 256 * 1024;
/** What stands before the update in such a message, bytes. */
const MESSAGE_HEAD_BYTES = 1024;

/** The memory of a long update, if there is nothing else in it. */
function ownedBy({ buffer, byteLength }: Uint8Array): ArrayBuffer[] {
  const isAlone = byteLength > ALONE_BYTES && buffer.byteLength - byteLength < MESSAGE_HEAD_BYTES;
  return isAlone && buffer instanceof ArrayBuffer ? [buffer] : [];
}

/** What the pool gave up, as the refusal its sender is told. */
function refuse(error: Error): never {
  if (!(error instanceof JobError) || error.failure === 'crashed') throw error;
  if (error.failure === 'closed') throw new InkwireError('shutting-down');
  throw new InkwireError(error.failure === 'out-of-memory' ? 'body-too-large' : 'overloaded', error.message);
}
