import { parentPort } from 'node:worker_threads';
import { mergeIntoSnapshot } from './compaction.ts';
import type { MergeAnswer, MergeJob } from './merge-thread.ts';

/** The thread's side of a merge: one job at a time, one answer each. */
parentPort?.on('message', ({ id, snapshot, updates }: MergeJob) => parentPort?.postMessage(answer(id, snapshot, updates)));

function answer(id: number, snapshot: MergeJob['snapshot'], updates: MergeJob['updates']): MergeAnswer {
  try {
    return { id, merged: mergeIntoSnapshot(snapshot, updates) };
  } catch (error) {
    return { id, failed: String(error) };
  }
}
