import { type Exported, exportDocument, type Imported, importDocument } from '../../document/formats/convert.ts';
import { findFormat } from '../../document/formats/format.ts';
import { WorkerPool } from './worker-pool.ts';

export interface ConversionOptions {
  /** The longest one conversion may take, ms. */
  readonly timeoutMs: number;
  /** Threads at once; 2 by default. */
  readonly workers?: number;
  /** Conversions that may wait; 64 by default. */
  readonly queued?: number;
  /** Memory of a thread, MB; 512 by default (5 MB of Markdown take some 200). */
  readonly memoryMb?: number;
  /** How long a thread without work is kept, ms; 30,000 by default. */
  readonly idleMs?: number;
}

export interface Conversions {
  /** A Yjs state (format V1) → a file of the format. Throws `unknown-format`, `conversion-timeout`, `overloaded`. */
  toFormat(format: string, state: Uint8Array, title: string): Promise<Exported>;
  /** A file → content of the schema. Throws `bad-content` beside these. */
  fromFormat(format: string, body: Uint8Array): Promise<Imported>;
  /** Ends the threads; what they were at is refused. */
  close(): Promise<void>;
}

// At this size text and JSON took 1–3 ms, a thread 0.3 ms more and its start 100 ms.
const INLINE_BYTES = 32 * 1024;
const LIGHT = new Set(['json', 'text']);

/** Conversions between documents and files: small light ones at once, all others in threads with limits of time and memory. */
export function createConversions(options: ConversionOptions): Conversions {
  const pool = new WorkerPool({ workers: 2, queued: 64, memoryMb: 512, idleMs: 30_000, ...options });
  const isQuick = (format: string, bytes: Uint8Array) => {
    const name = findFormat(format)?.name;
    return name === undefined || name === 'yjs' || (LIGHT.has(name) && bytes.length <= INLINE_BYTES);
  };
  return {
    toFormat: (format, state, title) =>
      isQuick(format, state)
        ? exportDocument(format, state, title)
        : (pool.run({ kind: 'export', format, bytes: state, title }) as Promise<Exported>),
    fromFormat: (format, body) =>
      isQuick(format, body) ? importDocument(format, body) : (pool.run({ kind: 'import', format, bytes: body }) as Promise<Imported>),
    close: () => pool.close(),
  };
}
