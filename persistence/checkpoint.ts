import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { convertUpdateFormatV1ToV2 } from 'yjs';
import { InkwireError } from '../protocol/errors.ts';

const FORMAT = 1;

/** The level takes an eighth less than the default, and 35 ms for a book. With the checksum damage is noticed when it is read. */
const PACKED = { params: { [constants.ZSTD_c_compressionLevel]: 15, [constants.ZSTD_c_checksumFlag]: 1 } };

/** Fewer updates than this are replayed in 20 ms: no state is kept between them. */
const MIN_UPDATES = 10_000;

/** History that stands between two checkpoints is as many times as large as the second: so all of them are a part of it, and no more. */
const MIN_HISTORY_PER_CHECKPOINT = 3.5;

/** What a snapshot comes to as a checkpoint, at the most of it: smaller ones are rare. */
const SMALLEST_PART = 1 / 8;

/** What was packed since the last checkpoint. */
export interface SinceCheckpoint {
  readonly updates: number;
  /** Of the chunks, bytes. */
  readonly historyBytes: number;
}

/** Chooses which states of a document are kept, of those that a compaction passes. */
export class Checkpoints {
  readonly kept: { readonly seq: number; readonly data: Uint8Array }[] = [];
  #since: SinceCheckpoint;

  constructor(since: SinceCheckpoint) {
    this.#since = since;
  }

  /** More was packed. */
  passed({ updates, historyBytes }: SinceCheckpoint): void {
    this.#since = { updates: this.#since.updates + updates, historyBytes: this.#since.historyBytes + historyBytes };
  }

  /** The state at a version, as a snapshot (format V1). */
  offer(seq: number, snapshot: Uint8Array): void {
    const { updates, historyBytes } = this.#since;
    if (updates < MIN_UPDATES || historyBytes < MIN_HISTORY_PER_CHECKPOINT * SMALLEST_PART * snapshot.length) return;
    const data = encodeCheckpoint(snapshot);
    if (historyBytes < MIN_HISTORY_PER_CHECKPOINT * data.length) return;
    this.kept.push({ seq, data });
    this.#since = { updates: 0, historyBytes: 0 };
  }
}

/** Format 1: the byte 1, then a zstd frame of the state in Yjs' format V2, which takes two thirds of what V1 takes. */
export function encodeCheckpoint(state: Uint8Array): Uint8Array {
  return Buffer.concat([Uint8Array.of(FORMAT), zstdCompressSync(convertUpdateFormatV1ToV2(state), PACKED)]);
}

/** The state as a Yjs update of format V2. Throws `internal` on a format it does not know or damaged bytes. */
export function decodeCheckpoint(checkpoint: Uint8Array): Uint8Array {
  if (checkpoint[0] !== FORMAT) throw new InkwireError('internal', `The format ${checkpoint[0]} of a checkpoint is not known.`);
  try {
    return zstdDecompressSync(checkpoint.subarray(1));
  } catch (error) {
    throw new InkwireError('internal', 'A checkpoint is damaged.', { cause: error });
  }
}
