import { mergeIntoSnapshot } from '../document/updates/snapshot.ts';
import type { Compaction, DocumentStore, LoadedDocument } from '../persistence/document-store.ts';
import { reopenPostgresStore } from '../persistence/postgres-store.ts';
import type { Appended, StorageJob } from './workers/storage.ts';
import { answerJobs } from './workers/thread.ts';

let store: DocumentStore | null = null;

answerJobs(
  async (job: StorageJob): Promise<Appended | Compaction | LoadedDocument> => {
    store ??= reopenPostgresStore(job.url);
    if (job.kind === 'compact') return store.compact(job.handle, mergeIntoSnapshot);
    if (job.kind === 'load') return store.load(job.name);
    const { handle } = job.entry;
    const [result] = await store.append([job.entry]);
    return { result: result!, id: handle.id };
  },
  (result) => (result !== null && 'updates' in result && result.snapshot !== null ? [result.snapshot] : []),
);
