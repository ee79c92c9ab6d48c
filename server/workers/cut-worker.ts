import { type CutJob, cutEdit } from '../../document/updates/cut-edit.ts';
import { readable } from '../../document/updates/readable.ts';
import { inSharedMemory } from './shared-memory.ts';
import { answerJobs } from './thread.ts';

answerJobs(
  (job: CutJob) => {
    const cut = cutEdit({ ...job, update: readable(job.update) });
    // Unchanged, it goes back as it came.
    return { ...cut, update: job.leftOut === undefined ? inSharedMemory(job.update) : inSharedMemory(cut.update) };
  },
  ({ slices }) => slices,
);
