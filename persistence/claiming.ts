import type { Sql } from 'postgres';
import type { DocumentHandle } from './document-store.ts';
import { foldCase } from './postgres-text.ts';

/** See `DocumentStore.claimClientIds`. The insert waits for another node's that is under way, and the statement after it sees what became of that. */
export async function claimClientIds(
  sql: Sql,
  handle: DocumentHandle,
  clientIds: readonly number[],
  sub: string,
): Promise<ReadonlyMap<number, string>> {
  const { name, epoch } = handle;
  const ids = `{${clientIds.join(',')}}`;
  if (handle.id === null) {
    await sql`insert into inkwire.documents (name, search_text) values (${name}, ${foldCase(name)}) on conflict (name) do nothing`;
  }
  await sql`
    insert into inkwire.client_ids (document_id, client_id, sub, claimed_at)
      select d.id, c.client_id, ${sub}, clock_timestamp()
      from inkwire.documents d, unnest(${ids}::bigint[]) as c (client_id)
      where d.name = ${name} and d.epoch = ${epoch} and d.deleted_at is null
      order by c.client_id
      on conflict do nothing`;
  const rows = await sql<{ client_id: string; sub: string; document_id: string }[]>`
    select c.client_id, c.sub, c.document_id from inkwire.client_ids c join inkwire.documents d on d.id = c.document_id
    where d.name = ${name} and d.epoch = ${epoch} and d.deleted_at is null and c.client_id = any (${ids}::bigint[])`;
  for (const row of rows) handle.id ??= row.document_id;
  return new Map(rows.map((row) => [Number(row.client_id), row.sub]));
}
