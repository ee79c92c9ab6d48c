import type { Append, AppendResult, Compaction, DocumentHandle, LoadedDocument } from '../../persistence/document-store.ts';
import { type JobKind, type RunJob, type WorkerPool, workerFile } from './pool.ts';

/** What a thread is told to do with the database at `url`. */
export type StorageJob = { readonly url: string } & (
  | { readonly kind: 'append'; readonly entry: Append }
  | { readonly kind: 'compact'; readonly handle: DocumentHandle }
  | { readonly kind: 'load'; readonly name: string }
  | { readonly kind: 'state'; readonly name: string; readonly epoch: number; readonly since: Uint8Array | undefined }
);

/** An append that a thread has done, and the id of the document, whose handle it had a copy of. */
export interface Appended {
  readonly result: AppendResult;
  readonly id: string | null;
}

/**
 * What moves megabytes between the server and Postgres, in threads with connections of their own: the driver gathers and
 * copies what it reads and writes, 5 to 15 ms a megabyte in which nobody could type.
 */
export interface Storage {
  /** As `DocumentStore.append` with one entry. */
  appendLarge(entry: Append): Promise<AppendResult>;
  /** As `DocumentStore.compact`, the merge included. */
  compact(handle: DocumentHandle): Promise<Compaction>;
  /** As `DocumentStore.load`. */
  loadLarge(name: string): Promise<LoadedDocument>;
  /** What is committed of a document, all or what the state vector `since` lacks, as one update (V1), in memory that threads share. Throws `document-deleted`. */
  loadState(handle: DocumentHandle, since?: Uint8Array): Promise<Uint8Array>;
}

/** None is turned away: each is asked for by what has bounds of its own. They only end what will never finish. */
const COMMON: Omit<JobKind, 'name'> = {
  file: workerFile('../storage-worker', import.meta.url),
  threads: 1,
  queued: Number.POSITIVE_INFINITY,
  timeoutMs: 300_000,
  memoryMb: 2048,
  idleMs: 60_000,
};

/** Threads for the database at `url`, whose schema is up to date. A load does not wait for a compaction, nor a commit for a load. */
export function createStorage(pool: WorkerPool, url: string): Storage {
  const add = <Result>(name: string): RunJob<StorageJob, Result> => pool.add({ ...COMMON, name });
  const [append, compact] = [add<Appended>('The commit'), add<Compaction>('The compaction')];
  const load = add<LoadedDocument | Uint8Array>('The load');
  return {
    async appendLarge({ handle, update, author }) {
      const { name, id, epoch, head } = handle;
      const claimed = new Map(handle.claimed);
      const done = await append({ url, kind: 'append', entry: { handle: { name, id, epoch, head, claimed }, update, author } });
      handle.id = done.id;
      for (const clientId of claimed.keys()) handle.claimed?.delete(clientId);
      return done.result;
    },
    compact: ({ name, id, epoch, head }) => compact({ url, kind: 'compact', handle: { name, id, epoch, head } }),
    loadLarge: async (name) => (await load({ url, kind: 'load', name })) as LoadedDocument,
    loadState: async ({ name, epoch }, since) => (await load({ url, kind: 'state', name, epoch, since })) as Uint8Array,
  };
}
