import { mergeIntoSnapshot } from '../../document/updates/snapshot.ts';
import type { MergeUpdates } from '../../persistence/document-store.ts';
import { type JobKind, type WorkerPool, workerFile } from './pool.ts';

export interface MergeJob {
  readonly snapshot: Uint8Array | null;
  readonly updates: readonly Uint8Array[];
}

/** Inputs smaller than this are merged where they are, bytes: ~2 ms of work, where a message to a thread costs half of one. */
const INLINE_BYTES = 32 * 1024;

/** Merges are the server's own work, made again when a document has grown: none is turned away, and the bounds only end what will never finish. */
const MERGE: JobKind = {
  name: 'The merge',
  file: workerFile('merge-worker', import.meta.url),
  threads: 1,
  queued: Number.POSITIVE_INFINITY,
  timeoutMs: 300_000,
  memoryMb: 2048,
  idleMs: 10_000,
};

/**
 * Merges snapshots in a thread: compacting a document of 300 kB takes 50 ms, in which nobody could type if it
 * were done here. Throws a `JobError`, or an `Error` for an update that is damaged.
 */
export function createMerge(pool: WorkerPool): MergeUpdates {
  const run = pool.add<MergeJob, Uint8Array>(MERGE);
  return async (snapshot, updates) => {
    const bytes = updates.reduce((sum, { length }) => sum + length, snapshot?.length ?? 0);
    return bytes < INLINE_BYTES ? mergeIntoSnapshot(snapshot, updates) : run({ snapshot, updates });
  };
}
