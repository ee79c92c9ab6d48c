import type { Exported, Imported } from '../ports/conversions.ts';
import type { ConvertJob } from './convert.ts';
import { exportDocument, importDocument } from './formats/convert.ts';
import { answerJobs } from './thread.ts';

answerJobs(
  (job: ConvertJob): Promise<Exported | Imported> =>
    job.kind === 'export' ? exportDocument(job.format, job.state, job.title, job.as) : importDocument(job.format, job.file, job.into),
  (converted) => ('body' in converted ? [converted.body] : converted.update === null ? [] : [converted.update]),
);
