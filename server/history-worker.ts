import { openHistoryStore } from '../persistence/history-store.ts';
import { openPeopleStore } from '../persistence/people-store.ts';
import type { HistoryJob, HistoryRead } from './workers/history.ts';
import { PastVersions } from './workers/past-versions.ts';
import { answerJobs } from './workers/thread.ts';

/** The thread's own, as long as it lives. */
let versions: PastVersions | null = null;

answerJobs(
  async (job: HistoryJob): Promise<HistoryRead> => {
    versions ??= new PastVersions(openHistoryStore(job.url), openPeopleStore(job.url));
    switch (job.kind) {
      case 'past':
        return versions.past(job.documentName, job.asked);
      case 'difference':
        return new TextEncoder().encode(JSON.stringify(await versions.difference(job.documentName, job.from, job.to, job.blocks)));
      case 'undo':
        return versions.undoSpan(job.documentName, job.span, job.mark);
    }
  },
  (read) => (read instanceof Uint8Array ? [read] : []),
);
