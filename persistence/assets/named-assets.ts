import type { Sql } from 'postgres';
import { historyBytes } from '../history-chunk.ts';

/** Bytes of a snapshot that are read at a time. */
const SNAPSHOT_PIECE = 1024 * 1024;

/** Updates of a log that are read at a time. */
const UPDATES = 200;

const MARK = Buffer.from('/assets/');
const HASH_DIGITS = 64;

/** An address may lie across the edge of two pieces. */
const OVERLAP = MARK.length + HASH_DIGITS;

/**
 * Those of the hashes that an edit of a document has named: one with a larger `seq` than `since`, or any, when that is
 * `null`. An address in a Yjs update stands there as it was written, byte for byte, so the bytes are searched; nothing is decoded
 * but history, which is compressed. The log is read before history: what a compaction moves meanwhile is met twice rather than never.
 */
export async function namedAssets(sql: Sql, id: string, since: number | null, hashes: ReadonlySet<string>): Promise<Set<string>> {
  const left = new Set(hashes);
  // What the document holds at this moment is found in the snapshot, without its history being unpacked.
  const sources =
    since === null
      ? [logAfter(sql, id, 0), snapshotOf(sql, id), historyAfter(sql, id, 0)]
      : [logAfter(sql, id, since), historyAfter(sql, id, since)];
  for (const source of sources) {
    for await (const bytes of source) {
      for (const hash of hashesIn(bytes)) left.delete(hash);
      if (left.size === 0) return new Set(hashes);
    }
  }
  return new Set([...hashes].filter((hash) => !left.has(hash)));
}

/** What follows "/assets/" in bytes, wherever it does. */
export function* hashesIn(bytes: Buffer): Iterable<string> {
  for (let at = bytes.indexOf(MARK); at >= 0; at = bytes.indexOf(MARK, at + 1)) {
    yield bytes.toString('latin1', at + MARK.length, at + MARK.length + HASH_DIGITS);
  }
}

async function* logAfter(sql: Sql, id: string, since: number): AsyncIterable<Buffer> {
  for (let last = String(since); ; ) {
    const rows = await sql<{ seq: string; data: Buffer }[]>`
      select seq, data from inkwire.updates where document_id = ${id} and seq > ${last} order by seq limit ${UPDATES}`;
    for (const { data } of rows) yield data;
    if (rows.length < UPDATES) return;
    last = rows.at(-1)!.seq;
  }
}

async function* snapshotOf(sql: Sql, id: string): AsyncIterable<Buffer> {
  for (let at = 0; ; at += SNAPSHOT_PIECE) {
    const [row] = await sql<{ piece: Buffer | null }[]>`
      select substring(snapshot from ${at + 1}::integer for ${SNAPSHOT_PIECE + OVERLAP}::integer) as piece from inkwire.documents where id = ${id}`;
    const piece = row?.piece ?? Buffer.alloc(0);
    if (piece.length > 0) yield piece;
    if (piece.length <= SNAPSHOT_PIECE) return;
  }
}

async function* historyAfter(sql: Sql, id: string, since: number): AsyncIterable<Buffer> {
  for (let last = String(since); ; ) {
    const [row] = await sql<{ last_seq: string; data: Buffer }[]>`
      select last_seq, data from inkwire.history where document_id = ${id} and last_seq > ${last} order by first_seq limit 1`;
    if (row === undefined) return;
    yield await historyBytes(row.data);
    last = row.last_seq;
  }
}
