import type { EditMark } from '../../document/edits/made-edits.ts';
import type { EditTask } from '../../document/edits/make-edit.ts';
import type { Change } from '../../document/edits/operations.ts';
import type { Asker, Conversions, Exported, ExportedAs, Imported, Into, MadeEdit, ReadBlocks } from '../ports/conversions.ts';
import { exportDocument, exporterOf, importDocument, importerOf } from './formats/convert.ts';
import { refusedBy } from './job-refusals.ts';
import { type JobKind, type WorkerPool, workerFile } from './pool.ts';

/** One conversion, as a thread is told of it. */
export type ConvertJob =
  | {
      readonly kind: 'export';
      readonly format: string;
      readonly state: readonly Uint8Array[];
      readonly title: string;
      readonly as: ExportedAs | undefined;
    }
  | { readonly kind: 'import'; readonly format: string; readonly file: Uint8Array; readonly into: Into }
  | { readonly kind: 'edit'; readonly task: EditTask; readonly mark: EditMark }
  | { readonly kind: 'blocks'; readonly state: readonly Uint8Array[] }
  | { readonly kind: 'difference'; readonly before: readonly Uint8Array[]; readonly after: readonly Uint8Array[] };

/** What a conversion makes. */
export type Converted = Exported | Imported | MadeEdit | ReadBlocks | { readonly changes: readonly Change[] };

export interface ConversionLimits {
  /** The longest one conversion may take, ms. */
  readonly timeoutMs: number;
  /** Threads at once; 2 by default, and as many for what is larger than 256 KB. */
  readonly threads?: number;
  /** Conversions that may wait, small and large ones each; 64 by default. */
  readonly queued?: number;
  /** Folders of fonts for a PDF, beside those that are shipped. */
  readonly fonts?: readonly string[];
  /** Memory of a thread, MB; 512 by default (5 MB of Markdown take some 250). */
  readonly memoryMb?: number;
}

/** Larger ones have a thread of their own, bytes: what takes a moment never waits for what takes seconds. */
const LARGE_BYTES = 256 * 1024;

/** Conversions between documents and files: small light ones at once, all others in threads with limits of time and memory. */
export function createConversions(pool: WorkerPool, { fonts, ...limits }: ConversionLimits): Conversions {
  const kind: JobKind = {
    name: 'The conversion',
    file: workerFile('convert-worker', import.meta.url),
    threads: 2,
    queued: 64,
    memoryMb: 512,
    idleMs: 30_000,
    ...limits,
  };
  const [small, large] = [pool.add<ConvertJob, Converted>(kind), pool.add<ConvertJob, Converted>(kind)];
  const inThread = (job: ConvertJob, size: number, asker: Asker | undefined) =>
    (size > LARGE_BYTES ? large : small)(job, asker).catch(refusedBy);
  return {
    async toFormat(format, state, title, as, asker) {
      const size = sizeOf(state);
      if (as?.difference === undefined && size <= exporterOf(format).inlineBytes) return exportDocument(format, state, title, as);
      return (await inThread({ kind: 'export', format, state, title, as: { ...as, fonts } }, size, asker)) as Exported;
    },
    async fromFormat(format, file, into, asker) {
      const size = file.length + ('state' in into ? sizeOf(into.state) : 0);
      if (size <= importerOf(format).inlineBytes) return importDocument(format, file, into);
      return (await inThread({ kind: 'import', format, file, into }, size, asker)) as Imported;
    },
    makeEdit: async (task, mark, asker) => (await inThread({ kind: 'edit', task, mark }, sizeOf(task.state), asker)) as MadeEdit,
    async difference(before, after, asker) {
      const made = await inThread({ kind: 'difference', before, after }, sizeOf(before) + sizeOf(after), asker);
      return (made as { readonly changes: readonly Change[] }).changes;
    },
    readBlocks: async (state, asker) => (await inThread({ kind: 'blocks', state }, sizeOf(state), asker)) as ReadBlocks,
  };
}

function sizeOf(updates: readonly Uint8Array[]): number {
  return updates.reduce((sum, { length }) => sum + length, 0);
}
