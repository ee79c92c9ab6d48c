import { diffUpdate } from 'yjs';
import { mergeIntoSnapshot } from '../document/updates/snapshot.ts';
import type { Compaction, DocumentStore, LoadedDocument } from '../persistence/document-store.ts';
import { reopenPostgresStore } from '../persistence/postgres-store.ts';
import { hocuspocus } from '../protocol/codec.ts';
import { InkwireError } from '../protocol/errors.ts';
import { inSharedMemory } from './workers/shared-memory.ts';
import type { Appended, StorageJob } from './workers/storage.ts';
import { answerJobs } from './workers/thread.ts';

/** Smaller ones are copied: memory that threads share takes a page at the least, and many updates are a few bytes. */
const ALONE_BYTES = 64 * 1024;

/** The thread's own, as long as it lives. */
let store: DocumentStore | null = null;

answerJobs(async (job: StorageJob): Promise<Appended | Compaction | LoadedDocument | Uint8Array> => {
  store ??= reopenPostgresStore(job.url);
  switch (job.kind) {
    case 'append': {
      const { handle } = job.entry;
      const [result] = await store.append([job.entry]);
      return { result: result!, id: handle.id };
    }
    case 'compact':
      return store.compact(job.handle, mergeIntoSnapshot);
    case 'load': {
      const loaded = await store.load(job.name);
      const shared = (bytes: Uint8Array) => (bytes.length > ALONE_BYTES ? inSharedMemory(bytes) : bytes);
      return {
        ...loaded,
        snapshot: loaded.snapshot && inSharedMemory(loaded.snapshot, hocuspocus.headBytes),
        updates: loaded.updates.map(shared),
      };
    }
    case 'state': {
      const { handle, snapshot, updates } = await store.load(job.name);
      if (handle.epoch !== job.epoch) throw new InkwireError('document-deleted');
      const all = snapshot !== null && updates.length === 0 ? snapshot : mergeIntoSnapshot(snapshot, updates);
      return inSharedMemory(job.since === undefined ? all : diffUpdate(all, job.since), hocuspocus.headBytes);
    }
  }
});
