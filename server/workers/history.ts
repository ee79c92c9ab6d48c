import type { EditMark, Span } from '../../document/edits/made-edits.ts';
import type { Asker, MadeEdit } from '../ports/conversions.ts';
import type { Asked, HistoryReader, PastState } from '../ports/history.ts';
import { refusedBy } from './job-refusals.ts';
import { type WorkerPool, workerFile } from './pool.ts';

/** What a thread is told to read out of the history in the database at `url`. */
export type HistoryJob = { readonly url: string; readonly documentName: string } & (
  | { readonly kind: 'past'; readonly asked: Asked }
  | { readonly kind: 'difference'; readonly from: number; readonly to: number; readonly blocks: boolean }
  | { readonly kind: 'undo'; readonly span: Span; readonly mark: EditMark }
);

export type HistoryRead = PastState | Uint8Array | MadeEdit;

/** A thread that makes versions: one is made of thousands of updates. Those who ask take turns. */
export function createHistoryReader(pool: WorkerPool, url: string, timeoutMs: number): HistoryReader {
  // One thread: what it has read of a document serves the next version of it.
  const run = pool.add<HistoryJob, HistoryRead>({
    name: 'Reading the history',
    file: workerFile('../history-worker', import.meta.url),
    threads: 1,
    queued: 64,
    memoryMb: 1024,
    idleMs: 5 * 60_000,
    timeoutMs,
  });
  return {
    past: async (documentName, asked, asker?: Asker) =>
      (await run({ url, kind: 'past', documentName, asked }, asker).catch(refusedBy)) as PastState,
    difference: async (documentName, { from, to, blocks }, asker?: Asker) =>
      (await run({ url, kind: 'difference', documentName, from, to, blocks }, asker).catch(refusedBy)) as Uint8Array,
    undoSpan: async (documentName, span, mark, asker?: Asker) =>
      (await run({ url, kind: 'undo', documentName, span, mark }, asker).catch(refusedBy)) as MadeEdit,
  };
}
