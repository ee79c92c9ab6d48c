import type { Sql } from 'postgres';
import { toUpdate, type UpdateRow } from './compaction.ts';
import type { DocumentHandle, LoggedUpdate } from './document-store.ts';
import { decodeHistory } from './history-chunk.ts';

/** See `DocumentStore.updatesAfter`. One statement, so that a compaction meanwhile hides nothing. */
export async function readUpdatesAfter(sql: Sql, handle: DocumentHandle, seq: number, limit: number): Promise<LoggedUpdate[]> {
  const { id, name, epoch } = handle;
  const rows = await sql<(UpdateRow & { readonly packed: boolean })[]>`
    with document as (select d.id from inkwire.documents d where d.name = ${name} and d.id = coalesce(${id}::bigint, d.id) and d.epoch = ${epoch} and d.deleted_at is null),
    chunk as (
      select true as packed, h.first_seq as seq, null::text as author, h.first_at as at, h.data
      from inkwire.history h, document d where h.document_id = d.id and h.last_seq > ${seq} order by h.first_seq limit 1
    )
    select * from chunk
    union all
    (select false, u.seq, u.author, u.at, u.data from inkwire.updates u, document d
      where u.document_id = d.id and u.seq > ${seq} and not exists (select from chunk) order by u.seq limit ${limit})`;
  const [first] = rows;
  if (first?.packed) return decodeHistory(first.data).filter((update) => update.seq > seq);
  return rows.map(toUpdate);
}
