import { type CutEdit, type CutJob, cutEdit } from '../../document/updates/cut-edit.ts';
import { readable } from '../../document/updates/readable.ts';
import { InkwireError } from '../../protocol/errors.ts';
import { JobError, type JobKind, type WorkerPool, workerFile } from './pool.ts';

/**
 * Checks a heavy update and cuts it, away from the event loop. The bytes are handed over: what is taken comes back in memory
 * that threads share. Throws `malformed-update`, `overloaded`, `body-too-large`.
 */
export type CutHeavy = (job: CutJob) => Promise<CutEdit>;

const CUT: JobKind = {
  name: 'The check of the edit',
  file: workerFile('cut-worker', import.meta.url),
  threads: 1,
  queued: 1_000,
  timeoutMs: 60_000,
  memoryMb: 1024,
  idleMs: 60_000,
};

/** Larger ones have a thread of their own, bytes: what takes a moment never waits for what takes seconds. */
const LARGE_BYTES = 256 * 1024;

/** The most that is held of those that wait and are being checked, bytes. */
const MAX_HELD_BYTES = 256 * 1024 * 1024;

/**
 * While there is no thread for small ones yet these are done in place, bytes, up to 20 ms of work: to start one takes up to 400, which nobody
 * should wait who has pasted a page.
 */
const IN_PLACE_BYTES = 64 * 1024;

const NOTHING: CutJob = { update: Uint8Array.of(0, 0), known: new Map() };

export function createCut(pool: WorkerPool): CutHeavy {
  const [small, large] = [pool.add<CutJob, CutEdit>(CUT), pool.add<CutJob, CutEdit>(CUT)];
  let held = 0;
  let warmUntil = Number.NEGATIVE_INFINITY;
  const inSmall: typeof small = async (job, options) => {
    const done = await small(job, options);
    warmUntil = performance.now() + CUT.idleMs;
    return done;
  };
  return async (job) => {
    const { buffer, length } = job.update;
    if (length <= IN_PLACE_BYTES && performance.now() > warmUntil) {
      inSmall(NOTHING).catch(() => {});
      return cutEdit({ ...job, update: readable(job.update) });
    }
    if (held > 0 && held + length > MAX_HELD_BYTES) throw new InkwireError('overloaded', 'Too many large edits wait to be checked.');
    held += length;
    try {
      const isOwn = buffer instanceof ArrayBuffer;
      return await (length > LARGE_BYTES ? large : inSmall)(job, isOwn ? { handedOver: [buffer] } : {});
    } catch (error) {
      throw refusal(error as Error);
    } finally {
      held -= length;
    }
  };
}

/** What the pool gave up, as the refusal its sender is told. */
function refusal(error: Error): Error {
  if (!(error instanceof JobError) || error.failure === 'crashed') return error;
  if (error.failure === 'closed') return new InkwireError('shutting-down');
  return new InkwireError(error.failure === 'out-of-memory' ? 'body-too-large' : 'overloaded', error.message);
}
