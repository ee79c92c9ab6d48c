import { promisify } from 'node:util';
import { constants, zstdCompressSync, zstdDecompress, zstdDecompressSync } from 'node:zlib';
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { InkwireError } from '../protocol/errors.ts';
import type { LoggedUpdate } from './document-store.ts';

const FORMAT = 1;

/** Four bytes more, and damage is noticed when the chunk is read: zstd leaves that out unless asked. */
const CHECKED = { params: { [constants.ZSTD_c_checksumFlag]: 1 } };

/**
 * Packs consecutive updates of one document; decode with `decodeHistory`.
 *
 * Format 1: the byte 1, then a zstd frame of, in lib0's variable-length integers and strings: the
 * number of updates, the first `seq` (the rest follow without a gap), the number of authors and their
 * names; then by column, so that alike stands beside alike and compresses: each update's author
 * (place in that list from 1, 0 for unknown), its time (signed milliseconds after the one before, the
 * first after 1970), its length in bytes; then all bytes.
 */
export function encodeHistory(updates: readonly LoggedUpdate[]): Uint8Array {
  const authors = new Map<string, number>();
  for (const { author } of updates) {
    if (author !== null && !authors.has(author)) authors.set(author, authors.size + 1);
  }
  const body = encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, updates.length);
    encoding.writeVarUint(encoder, updates[0]?.seq ?? 0);
    encoding.writeVarUint(encoder, authors.size);
    for (const author of authors.keys()) encoding.writeVarString(encoder, author);
    for (const { author } of updates) encoding.writeVarUint(encoder, author === null ? 0 : (authors.get(author) ?? 0));
    let before = 0;
    for (const { at } of updates) {
      encoding.writeVarInt(encoder, at - before);
      before = at;
    }
    for (const { data } of updates) encoding.writeVarUint(encoder, data.length);
    for (const { data } of updates) encoding.writeUint8Array(encoder, data);
  });
  return Buffer.concat([Uint8Array.of(FORMAT), zstdCompressSync(body, CHECKED)]);
}

/** The updates of a chunk, in order. Throws `internal` on a format it does not know or damaged bytes. */
export function decodeHistory(chunk: Uint8Array): LoggedUpdate[] {
  if (chunk[0] !== FORMAT) throw new InkwireError('internal', `History format ${chunk[0]} is not known.`);
  try {
    return readBody(decoding.createDecoder(zstdDecompressSync(chunk.subarray(1))));
  } catch (error) {
    throw new InkwireError('internal', 'A chunk of history is damaged.', { cause: error });
  }
}

const unpack = promisify(zstdDecompress);

/** A chunk unpacked and not decoded, for a search in its bytes; off the event loop. Throws `internal` as `decodeHistory` does. */
export async function historyBytes(chunk: Uint8Array): Promise<Buffer> {
  if (chunk[0] !== FORMAT) throw new InkwireError('internal', `History format ${chunk[0]} is not known.`);
  return unpack(chunk.subarray(1)).catch((cause: unknown) => {
    throw new InkwireError('internal', 'A chunk of history is damaged.', { cause });
  });
}

function readBody(decoder: decoding.Decoder): LoggedUpdate[] {
  const count = decoding.readVarUint(decoder);
  const firstSeq = decoding.readVarUint(decoder);
  const authors: (string | null)[] = [null];
  for (let left = decoding.readVarUint(decoder); left > 0; left--) authors.push(decoding.readVarString(decoder));
  const column = <T>(read: () => T): T[] => Array.from({ length: count }, read);
  const authorPlaces = column(() => decoding.readVarUint(decoder));
  let at = 0;
  const times = column(() => (at += decoding.readVarInt(decoder)));
  const lengths = column(() => decoding.readVarUint(decoder));
  return lengths.map((length, index) => ({
    seq: firstSeq + index,
    author: authors[authorPlaces[index] as number] ?? null,
    at: times[index] as number,
    data: decoding.readUint8Array(decoder, length),
  }));
}
