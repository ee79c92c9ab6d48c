import type { TransactionSql } from 'postgres';
import { InkwireError } from '../../protocol/errors.ts';
import { connect } from '../connection.ts';
import { explainDatabaseError } from '../database-errors.ts';
import { foldCase, storableText } from '../postgres-text.ts';
import { type ArchivedAsset, type ArchivedDocument, readBlobs, readChunks } from './archived-document.ts';

/** Updates of so many bytes go to Postgres at a time. */
const PIECE_BYTES = 1024 * 1024;

export interface BroughtBack {
  /** Pictures and files whose bytes are neither in the backup nor in the database: they are in S3-compatible storage, if anywhere. */
  readonly assetsElsewhere: number;
}

/**
 * Makes a document of one of the backup at `path`, with its log – history, authors and times –, the owners of its client ids, and its pictures and
 * files, in one transaction. Rejects with `document-exists` when there is one of that name, and `bad-content` when its log has a gap.
 */
export async function bringBack(url: string, path: string, document: ArchivedDocument): Promise<BroughtBack> {
  const gap = document.updates.findIndex(({ seq }, index) => seq !== index + 1);
  if (gap >= 0) throw new InkwireError('bad-content', `Update ${gap + 1} of "${document.name}" is missing in the backup.`);
  const sql = connect(url, 1);
  try {
    return await sql.begin(async (transaction) => {
      const id = await makeRow(transaction, document);
      await writeLog(transaction, id, document);
      await ownClientIds(transaction, id, document);
      return { assetsElsewhere: await bringAssets(transaction, path, document) };
    });
  } catch (error) {
    throw explainDatabaseError(error);
  } finally {
    await sql.end({ timeout: 5 });
  }
}

/** A row for it: one of its own, or what a deletion has left of the name. */
async function makeRow(sql: TransactionSql, { name, title, schemaVersion, updates }: ArchivedDocument): Promise<string> {
  const bytes = updates.reduce((sum, { data }) => sum + data.length, 0);
  const author = updates.at(-1)?.author ?? null;
  const stored = storableText(title);
  const [row] = await sql<{ id: string }[]>`
    insert into inkwire.documents as d (name, title, search_text, schema_version, head, log_bytes, updated_by)
      values (${name}, ${stored}, ${foldCase(`${name}\n${stored}`)}, ${schemaVersion}, ${updates.length}, ${bytes}, ${author})
      on conflict (name) do update set
        title = excluded.title, search_text = excluded.search_text, schema_version = excluded.schema_version, head = excluded.head,
        log_bytes = excluded.log_bytes, created_at = excluded.created_at, updated_at = excluded.updated_at, listed_at = excluded.listed_at,
        updated_by = excluded.updated_by, deleted_at = null
        where d.deleted_at is not null
      returning d.id`;
  if (row === undefined) throw new InkwireError('document-exists', `A document named "${name}" exists already.`);
  return row.id;
}

async function writeLog(sql: TransactionSql, id: string, { updates }: ArchivedDocument): Promise<void> {
  for (let from = 0; from < updates.length; ) {
    let [to, bytes] = [from, 0];
    while (to < updates.length && bytes < PIECE_BYTES && to - from < 1_000) bytes += updates[to++]!.data.length;
    const rows = updates.slice(from, to).map(({ seq, author, at, data }) => ({ document_id: id, seq, author, at: new Date(at), data }));
    await sql`insert into inkwire.updates ${sql(rows, 'document_id', 'seq', 'author', 'at', 'data')}`;
    from = to;
  }
}

/** Its client ids are its own again: a deletion had retired them with the name. */
async function ownClientIds(sql: TransactionSql, id: string, { clientIds }: ArchivedDocument): Promise<void> {
  await sql`delete from inkwire.retired_client_ids where document_id = ${id}`;
  for (let at = 0; at < clientIds.length; at += 1_000) {
    const rows = clientIds
      .slice(at, at + 1_000)
      .map(({ clientId, sub, claimedAt }) => ({ document_id: id, client_id: clientId, sub, claimed_at: new Date(claimedAt) }));
    await sql`insert into inkwire.client_ids ${sql(rows, 'document_id', 'client_id', 'sub', 'claimed_at')}`;
  }
}

/** Returns how many have their bytes elsewhere. */
async function bringAssets(sql: TransactionSql, path: string, { name, assets }: ArchivedDocument): Promise<number> {
  const lacking: ArchivedAsset[] = [];
  for (const asset of assets) {
    const [there] = await sql`select from inkwire.assets where hash = ${asset.hash} for key share`;
    if (there === undefined) lacking.push(asset);
  }
  const blobs = lacking.length === 0 ? new Map() : await readBlobs(path, new Set(lacking.map(({ blobId }) => blobId)));
  const ids = new Map<number, string>();
  for (const [blobId, { chunkBytes, moved }] of blobs) {
    if (moved) continue;
    const [made] = await sql<{ id: string }[]>`insert into inkwire.asset_blobs (chunk_bytes) values (${chunkBytes}) returning id`;
    ids.set(blobId, made!.id);
  }
  if (ids.size > 0) {
    for await (const { blobId, nth, data } of readChunks(path, new Set(ids.keys())))
      await sql`insert into inkwire.asset_chunks (blob_id, nth, data) values (${ids.get(blobId)!}, ${nth}, ${data})`;
  }
  for (const { hash, blobId, mediaType, size } of lacking) {
    const id = ids.get(blobId);
    if (id !== undefined)
      await sql`insert into inkwire.assets (hash, blob_id, media_type, size) values (${hash}, ${id}, ${mediaType}, ${size})`;
  }
  const there = assets.filter((asset) => !lacking.includes(asset) || ids.has(asset.blobId));
  for (const { hash, fileName, uploadedBy, uploadedAt } of there) {
    await sql`
      insert into inkwire.document_assets (document_name, hash, file_name, uploaded_by, uploaded_at, needed)
        values (${name}, ${hash}, ${fileName}, ${uploadedBy}, ${new Date(uploadedAt)}, true) on conflict do nothing`;
  }
  return assets.length - there.length;
}
