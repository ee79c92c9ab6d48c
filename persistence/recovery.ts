import type { Sql } from 'postgres';
import { InkwireError } from '../protocol/errors.ts';
import { decodeHistory } from './history-chunk.ts';

interface ChunkRow {
  readonly data: Buffer;
}

/**
 * Every update that a document's snapshot was made of, `seq` 1 to `throughSeq`, from history: what
 * a damaged snapshot is rebuilt from. Throws `internal` when history does not hold them all.
 */
export async function compactedUpdates(sql: Sql, id: string, name: string, throughSeq: number): Promise<Uint8Array[]> {
  const chunks = await sql<ChunkRow[]>`
    select data from inkwire.history where document_id = ${id} and last_seq <= ${throughSeq} order by first_seq`;
  const lost = (cause?: unknown) =>
    new InkwireError(
      'internal',
      `The stored snapshot of "${name}" is damaged, and history does not hold every update it was made of. ` +
        'Nothing was changed; restore the document from a backup of the database.',
      { cause },
    );
  const updates: Uint8Array[] = [];
  for (const { data } of chunks) {
    for (const { seq, data: update } of decoded(data, lost)) {
      if (seq !== updates.length + 1) throw lost();
      updates.push(update);
    }
  }
  if (updates.length !== throughSeq) throw lost();
  return updates;
}

/** What is logged of a document whose snapshot was damaged and that was rebuilt. */
export function damageReport(name: string, updates: number): string {
  return `The stored snapshot of "${name}" is damaged. It is left as it is, and the document was rebuilt from its ${updates} updates in history; the next compaction writes a sound snapshot.`;
}

function decoded(chunk: Uint8Array, lost: (cause: unknown) => InkwireError) {
  try {
    return decodeHistory(chunk);
  } catch (error) {
    throw lost(error);
  }
}
