import type { Sql } from 'postgres';
import { InkwireError } from '../../protocol/errors.ts';
import type { Collection, CollectOptions, ObjectStore, UnneededAsset } from './asset-store.ts';
import { removeObjects } from './moving.ts';
import { namedAssets } from './named-assets.ts';

/** Assets that are looked at together, of one document or several. */
const BATCH = 200;

/** Looks at a document that people write in meanwhile, before it is left for the next collection. */
const MAX_LOOKS = 5;

interface CandidateRow {
  readonly document_name: string;
  readonly hash: Buffer;
  readonly media_type: string;
  readonly size: string;
  readonly file_name: string;
  readonly uploaded_at: Date;
}

interface DocumentRow {
  readonly id: string;
  readonly epoch: number;
  readonly head: string;
}

/** Removes the assets that nothing needs; see `AssetStore.collect`. */
export async function collectAssets(sql: Sql, objects: ObjectStore | null, options: CollectOptions): Promise<Collection> {
  const assets: UnneededAsset[] = [];
  let after: CandidateRow | undefined;
  do {
    const rows = await candidates(sql, options.olderThan, after);
    after = rows.length < BATCH ? undefined : rows.at(-1);
    for (const [documentName, ofDocument] of Map.groupBy(rows, ({ document_name }) => document_name)) {
      if (options.signal?.aborted) return { assets, uploads: 0 };
      assets.push(...(await collectOf(sql, documentName, ofDocument.map(toAsset), options)));
    }
  } while (after !== undefined);
  const uploads = await collectUploads(sql, options);
  if (objects !== null && !options.dryRun) await removeObjects(sql, objects, options.signal);
  return { assets, uploads };
}

async function candidates(sql: Sql, olderThan: Date, after: CandidateRow | undefined): Promise<CandidateRow[]> {
  return sql<CandidateRow[]>`
    select d.document_name, d.hash, a.media_type, a.size, d.file_name, d.uploaded_at
    from inkwire.document_assets d join inkwire.assets a on a.hash = d.hash
    where not d.needed and d.uploaded_at < ${olderThan}
      ${after === undefined ? sql`` : sql`and (d.document_name, d.hash) > (${after.document_name}, ${after.hash})`}
    order by d.document_name, d.hash limit ${BATCH}`;
}

async function collectOf(sql: Sql, name: string, assets: readonly UnneededAsset[], options: CollectOptions): Promise<UnneededAsset[]> {
  const wanted = new Map(assets.map((asset) => [asset.hash, asset]));
  let looked: DocumentRow | undefined;
  for (let look = 0; look < MAX_LOOKS && wanted.size > 0; look++) {
    const document = await documentOf(sql, name);
    if (document !== undefined) {
      const since = looked !== undefined && looked.id === document.id && looked.epoch === document.epoch ? Number(looked.head) : null;
      const needed = await namedAssets(sql, document.id, since, new Set(wanted.keys())).catch(unreadable);
      if (needed === null) return [];
      for (const hash of needed) wanted.delete(hash);
      if (!options.dryRun && needed.size > 0) await markNeeded(sql, name, [...needed]);
    }
    looked = document;
    if (options.dryRun) return [...wanted.values()];
    const removed = await remove(sql, name, looked, [...wanted.keys()], options.olderThan);
    if (removed !== null) return removed.flatMap((hash) => wanted.get(hash) ?? []);
  }
  return [];
}

/** Where history cannot be read nobody knows what it needs: everything stays. */
function unreadable(error: unknown): null {
  if (error instanceof InkwireError && error.code === 'internal') return null;
  throw error;
}

async function documentOf(sql: Sql, name: string): Promise<DocumentRow | undefined> {
  const [row] = await sql<DocumentRow[]>`select id, epoch, head from inkwire.documents where name = ${name} and deleted_at is null`;
  return row;
}

async function markNeeded(sql: Sql, name: string, hashes: readonly string[]): Promise<void> {
  await sql`
    update inkwire.document_assets set needed = true where document_name = ${name} and hash in (${byteas(sql, hashes)})`;
}

/** Removes assets of a document in which nobody has written since it was looked at: `null` when somebody has. */
async function remove(
  sql: Sql,
  name: string,
  looked: DocumentRow | undefined,
  hashes: readonly string[],
  olderThan: Date,
): Promise<string[] | null> {
  if (hashes.length === 0) return [];
  return sql.begin(async (transaction) => {
    const [row] = await transaction<DocumentRow[]>`
      select id, epoch, head from inkwire.documents where name = ${name} and deleted_at is null for update`;
    if (row?.id !== looked?.id || row?.epoch !== looked?.epoch || row?.head !== looked?.head) return null;
    const removed = await transaction<{ hash: Buffer }[]>`
      delete from inkwire.document_assets
      where document_name = ${name} and hash in (${byteas(transaction, hashes)}) and not needed and uploaded_at < ${olderThan}
      returning hash`;
    const gone = removed.map(({ hash }) => hash.toString('hex'));
    await transaction`select inkwire.remove_unused_assets(array(${byteas(transaction, gone)}))`;
    return gone;
  });
}

async function collectUploads(sql: Sql, { olderThan, dryRun }: CollectOptions): Promise<number> {
  const unfinished = sql`b.started_at < ${olderThan} and b.object_key is null and not exists (select from inkwire.assets a where a.blob_id = b.id)`;
  const [row] = dryRun
    ? await sql<{ count: string }[]>`select count(*) from inkwire.asset_blobs b where ${unfinished}`
    : await sql<{ count: string }[]>`
        with removed as (delete from inkwire.asset_blobs b where ${unfinished} returning b.id) select count(*) from removed`;
  return Number(row?.count ?? 0);
}

/** A subquery of these hashes as bytes. Arrays of bytes cross as text, and an array of hex digits needs no escapes. */
function byteas(sql: Sql | Parameters<Parameters<Sql['begin']>[1]>[0], hashes: readonly string[]) {
  return sql`select decode(h, 'hex') from unnest(${`{${hashes.join(',')}}`}::text[]) as h`;
}

function toAsset(row: CandidateRow): UnneededAsset {
  const { document_name: documentName, hash, media_type: mediaType, size, file_name: fileName, uploaded_at: uploadedAt } = row;
  return { documentName, hash: hash.toString('hex'), mediaType, size: Number(size), fileName, uploadedAt };
}
