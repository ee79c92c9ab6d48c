import type { Converted, ConvertJob } from './convert.ts';
import { exportDocument, importDocument } from './formats/convert.ts';
import { difference, editDocument, readBlocks } from './formats/edit.ts';
import { answerJobs } from './thread.ts';

answerJobs(
  (job: ConvertJob): Promise<Converted> => {
    switch (job.kind) {
      case 'export':
        return exportDocument(job.format, job.state, job.title, job.as);
      case 'import':
        return importDocument(job.format, job.file, job.into);
      case 'edit':
        return editDocument(job.task, job.mark);
      case 'blocks':
        return readBlocks(job.state);
      case 'difference':
        return difference(job.before, job.after);
    }
  },
  (converted) => {
    if ('body' in converted) return [converted.body];
    if (!('update' in converted)) return [];
    const pictures = 'pictures' in converted ? (converted.pictures ?? []) : [];
    return converted.update === null ? pictures : [converted.update, ...pictures];
  },
);
