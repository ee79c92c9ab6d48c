import type { Append, AppendResult, DocumentHandle } from './document-store.ts';

/** Bounds of one statement: what is held beyond them waits for the next. */
const MAX_BATCH_ROWS = 2_000;
const MAX_BATCH_BYTES = 4 * 1024 * 1024;

/** What a commit has added to one document's log. */
export interface Commit {
  readonly handle: DocumentHandle;
  /** The `seq` of the first and of the last of them; there is no gap between. */
  readonly firstSeq: number;
  readonly lastSeq: number;
  /** Yjs updates, format V1, in the order of the log. */
  readonly updates: readonly Uint8Array[];
  /** Who made each, `null` when unknown. */
  readonly authors: readonly (string | null)[];
}

/** A commit for each document of a batch, whose updates stand in the log one behind the other. */
export function commitsOf(batch: readonly Append[], results: readonly AppendResult[]): Commit[] {
  const commits = new Map<DocumentHandle, { firstSeq: number; lastSeq: number; updates: Uint8Array[]; authors: (string | null)[] }>();
  for (const [index, { handle, update, author }] of batch.entries()) {
    const result = results[index] as AppendResult;
    if (result.status !== 'committed') continue;
    const known = commits.get(handle) ?? { firstSeq: result.seq, lastSeq: result.seq, updates: [], authors: [] };
    known.lastSeq = result.seq;
    known.updates.push(update);
    known.authors.push(author);
    commits.set(handle, known);
  }
  return [...commits].map(([handle, commit]) => ({ handle, ...commit }));
}

/** How many of what is held go out in one statement. */
export function batchLength(held: readonly Append[]): number {
  let bytes = 0;
  for (let length = 0; length < held.length && length < MAX_BATCH_ROWS; length++) {
    bytes += held[length]?.update.length ?? 0;
    if (bytes > MAX_BATCH_BYTES && length > 0) return length;
  }
  return Math.min(held.length, MAX_BATCH_ROWS);
}
