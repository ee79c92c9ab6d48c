import type { Sql } from 'postgres';
import { parseUpdateMeta } from 'yjs';

interface ContentRow {
  readonly id: string;
  readonly snapshot: Buffer | null;
}

interface UpdateRow {
  readonly data: Buffer;
}

/**
 * Forgets a document, and keeps the client ids that it was written under for its name; false when there
 * is none. The row is locked while they are read, so that no append adds one unseen.
 */
export async function deleteDocument(sql: Sql, name: string): Promise<boolean> {
  const deleted = await sql.begin(async (transaction) => {
    const [document] = await transaction<ContentRow[]>`
      select id, snapshot from inkwire.documents where name = ${name} and deleted_at is null for update`;
    if (document === undefined) return false;
    const updates = await transaction<UpdateRow[]>`select data from inkwire.updates where document_id = ${document.id}`;
    const ids = new Set<number>();
    for (const update of [...(document.snapshot === null ? [] : [document.snapshot]), ...updates.map(({ data }) => data)]) {
      for (const id of clientIdsOf(update)) ids.add(id);
    }
    const [row] = await transaction<{ deleted: boolean }[]>`
      select inkwire.delete_document(${name}, ${`{${[...ids].join(',')}}`}::bigint[]) as deleted`;
    return row?.deleted ?? false;
  });
  return deleted;
}

/** The client ids under which an update (format V1) writes, what waits for its dependencies included. One that is damaged names none. */
function clientIdsOf(update: Uint8Array): Iterable<number> {
  try {
    return parseUpdateMeta(update).to.keys();
  } catch {
    return [];
  }
}
