import type { Sql } from 'postgres';
import { convertUpdateFormatV2ToV1 } from 'yjs';
import { decodeCheckpoint } from './checkpoint.ts';
import { connect } from './connection.ts';
import { explainDatabaseError } from './database-errors.ts';
import type { DocumentHandle } from './document-store.ts';
import { readUpdatesAfter } from './updates.ts';

const PAGE = 200;

/** What is wrong with a document, in a sentence. */
export interface Finding {
  readonly document: string;
  readonly problem: string;
}

export interface Verified {
  readonly documents: number;
  readonly updates: number;
  readonly findings: readonly Finding[];
}

interface Row {
  readonly id: string;
  readonly name: string;
  readonly epoch: number;
  readonly head: string;
  readonly snapshot: Buffer | null;
  readonly snapshot_seq: string;
  readonly damaged: boolean;
}

/**
 * Reads every document of the database at `url` and compares its snapshot with the updates it was made of, and the numbers of those with the
 * head. Changes nothing. `same` says whether two sets of updates make one document.
 */
export async function verify(
  url: string,
  same: (one: readonly Uint8Array[], other: readonly Uint8Array[]) => boolean,
  onProgress: (documents: number) => void,
): Promise<Verified> {
  const sql = connect(url, 1);
  const findings: Finding[] = [];
  let [documents, updates] = [0, 0];
  try {
    for (let after = '0'; ; ) {
      const ids = await sql<{ id: string }[]>`
        select id from inkwire.documents where deleted_at is null and id > ${after} order by id limit ${PAGE}`;
      for (const { id } of ids) {
        const { count, problem, name } = await look(sql, id, same);
        documents += 1;
        updates += count;
        if (problem !== null) findings.push({ document: name, problem });
        onProgress(documents);
      }
      if (ids.length < PAGE) return { documents, updates, findings };
      after = ids.at(-1)!.id;
    }
  } catch (error) {
    throw explainDatabaseError(error);
  } finally {
    await sql.end({ timeout: 5 });
  }
}

async function look(
  sql: Sql,
  id: string,
  same: Parameters<typeof verify>[1],
): Promise<{ name: string; count: number; problem: string | null }> {
  const [row] = await sql<Row[]>`
    select id, name, epoch, head, snapshot, snapshot_seq, coalesce(snapshot_hash <> sha256(snapshot), false) as damaged
    from inkwire.documents where id = ${id} and deleted_at is null`;
  // It was deleted meanwhile.
  if (row === undefined) return { name: '', count: 0, problem: null };
  const [head, snapshotSeq] = [Number(row.head), Number(row.snapshot_seq)];
  const handle: DocumentHandle = { name: row.name, id, epoch: row.epoch, head };
  const updates: Uint8Array[] = [];
  let seq = 0;
  let problem: string | null = null;
  try {
    for (let done = false; !done && problem === null; ) {
      const page = await readUpdatesAfter(sql, handle, seq, 1_000);
      for (const update of page) {
        if (update.seq !== seq + 1) problem ??= `update ${seq + 1} is missing: ${update.seq} follows ${seq}`;
        seq = update.seq;
        updates.push(update.data);
      }
      done = page.length === 0 || seq >= head;
    }
  } catch (error) {
    problem = `history cannot be read: ${(error as Error).message}`;
  }
  if (problem === null && seq < head) problem = `the head is ${head}, and the last update ${seq}`;
  if (row.damaged) problem ??= 'the snapshot is not what was written; the next compaction makes it anew from history';
  if (problem === null && row.snapshot !== null && !same([row.snapshot], updates.slice(0, snapshotSeq)))
    problem = `the snapshot is another document than updates 1 to ${snapshotSeq}`;
  problem ??= await lookAtCheckpoints(sql, id, updates, same);
  return { name: row.name, count: seq, problem };
}

/** What is wrong with a document's checkpoints; `null` when they are what the updates before them come to. */
async function lookAtCheckpoints(
  sql: Sql,
  id: string,
  updates: readonly Uint8Array[],
  same: Parameters<typeof verify>[1],
): Promise<string | null> {
  const checkpoints = await sql<{ seq: string; data: Buffer }[]>`
    select seq, data from inkwire.checkpoints where document_id = ${id} order by seq`;
  for (const { seq, data } of checkpoints) {
    try {
      if (!same([convertUpdateFormatV2ToV1(decodeCheckpoint(data))], updates.slice(0, Number(seq))))
        return `the checkpoint at ${seq} is another document than updates 1 to ${seq}`;
    } catch (error) {
      return `the checkpoint at ${seq} cannot be read, which costs time and nothing else: ${(error as Error).message}`;
    }
  }
  return null;
}
