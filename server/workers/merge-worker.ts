import { mergeIntoSnapshot } from '../../document/updates/snapshot.ts';
import type { MergeJob } from './merge.ts';
import { answerJobs } from './thread.ts';

answerJobs(
  ({ snapshot, updates }: MergeJob) => mergeIntoSnapshot(snapshot, updates),
  (merged) => merged,
);
