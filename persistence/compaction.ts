import type { Sql } from 'postgres';
import { encodeActivity, periodsOf } from './activity.ts';
import { Checkpoints } from './checkpoint.ts';
import type { Compaction, DocumentHandle, LoggedUpdate, MergeUpdates } from './document-store.ts';
import { encodeHistory } from './history-chunk.ts';
import { compactedUpdates } from './recovery.ts';

interface HeadRow {
  readonly head: string;
  readonly snapshot: Buffer | null;
  readonly snapshot_seq: string;
  /** The snapshot is not what was written. */
  readonly damaged: boolean;
  readonly checkpoint_seq: string;
  readonly history_bytes: string;
}

export interface UpdateRow {
  readonly seq: string;
  readonly author: string | null;
  readonly at: Date;
  readonly data: Buffer;
}

/** More are merged in several steps: between them there may be a checkpoint. */
const UPDATES_PER_MERGE = 10_000;

/**
 * Merges everything committed so far into the snapshot. Nothing is locked while the updates are
 * merged; the database takes the result only if nobody compacted or deleted meanwhile.
 */
export async function compactDocument(sql: Sql, handle: DocumentHandle, merge: MergeUpdates): Promise<Compaction> {
  const { id, epoch } = handle;
  if (id === null) return null;
  const [document] = await sql<HeadRow[]>`
    select d.head, d.snapshot, d.snapshot_seq, coalesce(d.snapshot_hash <> sha256(d.snapshot), false) as damaged, c.seq as checkpoint_seq,
      (select coalesce(sum(octet_length(h.data)), 0) from inkwire.history h where h.document_id = d.id and h.first_seq > c.seq) as history_bytes
    from inkwire.documents d
    cross join lateral (select coalesce(max(k.seq), 0) as seq from inkwire.checkpoints k where k.document_id = d.id) c
    where d.id = ${id} and d.name = ${handle.name} and d.epoch = ${epoch} and d.deleted_at is null`;
  if (document === undefined) return null;
  const rows = await sql<UpdateRow[]>`
    select seq, author, at, data from inkwire.updates
    where document_id = ${id} and seq > ${document.snapshot_seq} and seq <= ${document.head} order by seq`;
  const updates = rows.map(toUpdate);
  const compacted = Number(document.head) - Number(document.snapshot_seq);
  // Fewer rows than the head row promised: someone compacted between the two reads.
  if (updates.length !== compacted || (compacted === 0 && !document.damaged)) return null;

  const before = document.damaged ? await compactedUpdates(sql, id, handle.name, Number(document.snapshot_seq)) : [];
  const packed = compacted === 0 ? null : encodeHistory(updates);
  const activity = compacted === 0 ? null : encodeActivity(periodsOf(updates));
  const checkpoints = new Checkpoints(sinceCheckpoint(document));
  let snapshot: Uint8Array | null = document.damaged ? null : document.snapshot;
  if (before.length > 0) snapshot = await merge(null, before);
  for (let from = 0; from < compacted; from += UPDATES_PER_MERGE) {
    const part = updates.slice(from, from + UPDATES_PER_MERGE);
    if (snapshot !== null) checkpoints.offer(Number(document.snapshot_seq) + from, snapshot);
    snapshot = await merge(
      snapshot,
      part.map(({ data }) => data),
    );
    checkpoints.passed({ updates: part.length, historyBytes: (packed!.length * part.length) / compacted });
  }
  const merged = snapshot ?? (await merge(null, []));
  for (const { seq, data } of checkpoints.kept) {
    await sql`
      insert into inkwire.checkpoints (document_id, seq, data)
      select d.id, ${seq}, ${data} from inkwire.documents d where d.id = ${id} and d.epoch = ${epoch} and d.deleted_at is null for share
      on conflict do nothing`;
  }
  const bytes = updates.reduce((sum, { data }) => sum + data.length, 0);
  const [answer] = await sql<{ done: boolean }[]>`
    select inkwire.compact_document(
      ${id}, ${epoch}, ${document.snapshot_seq}, ${document.head}, ${merged}, ${bytes},
      ${timeOf(updates[0])}, ${timeOf(updates.at(-1))}, ${packed}, ${activity}) as done`;
  return answer?.done ? { compacted, snapshotSeq: Number(document.head), snapshotBytes: merged.length } : null;
}

function sinceCheckpoint({ snapshot_seq, checkpoint_seq, history_bytes }: HeadRow) {
  return { updates: Number(snapshot_seq) - Number(checkpoint_seq), historyBytes: Number(history_bytes) };
}

function timeOf(update: LoggedUpdate | undefined): Date | null {
  return update === undefined ? null : new Date(update.at);
}

export function toUpdate({ seq, author, at, data }: UpdateRow): LoggedUpdate {
  return { seq: Number(seq), author, at: at.getTime(), data };
}
