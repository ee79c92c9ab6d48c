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

/** What has been packed since the last checkpoint. */
export interface SinceCheckpoint {
  readonly updates: number;
  /** Of the chunks, bytes. */
  readonly historyBytes: number;
}

/** A snapshot (format V1) as a checkpoint; `null` when it does not pay to keep one yet. */
export function checkpointOf(snapshot: Uint8Array, { updates, historyBytes }: SinceCheckpoint): Uint8Array | null {
  if (updates < MIN_UPDATES || historyBytes < MIN_HISTORY_PER_CHECKPOINT * SMALLEST_PART * snapshot.length) return null;
  const checkpoint = encodeCheckpoint(snapshot);
  return historyBytes < MIN_HISTORY_PER_CHECKPOINT * checkpoint.length ? null : checkpoint;
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
