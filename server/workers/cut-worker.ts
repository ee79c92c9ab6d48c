import { cutEdit } from '../../document/updates/cut-edit.ts';
import { inSharedMemory } from './shared-memory.ts';
import { answerJobs } from './thread.ts';

answerJobs(
  (job: Parameters<typeof cutEdit>[0]) => {
    const cut = cutEdit(job);
    return { ...cut, update: inSharedMemory(cut.update) };
  },
  ({ slices }) => slices,
);
