import type { Sql } from 'postgres';
import { explainDatabaseError } from '../database-errors.ts';

/** The bytes `from` to `to` (without it) of a blob that is in the database, a chunk or less at a time; they end where a chunk is missing. */
export async function* chunksOf(sql: Sql, blobId: string, chunkBytes: number, from: number, to: number): AsyncIterable<Uint8Array> {
  for (let at = from; at < to; ) {
    const nth = Math.floor(at / chunkBytes);
    const rows = sql<{ data: Buffer }[]>`select data from inkwire.asset_chunks where blob_id = ${blobId} and nth = ${nth}`;
    const [chunk] = await rows.catch((error: unknown) => {
      throw explainDatabaseError(error);
    });
    if (chunk === undefined) return;
    const start = nth * chunkBytes;
    const piece = chunk.data.subarray(at - start, Math.min(to - start, chunk.data.length));
    if (piece.length === 0) return;
    yield piece;
    at += piece.length;
  }
}
