import { randomUUID } from 'node:crypto';
import type { Sql } from 'postgres';
import type { ObjectStore } from './asset-store.ts';
import { chunksOf } from './chunks.ts';

interface HereRow {
  readonly id: string;
  readonly chunk_bytes: number;
  readonly object_key: string;
  readonly hash: string;
  readonly size: string;
}

/** Moves assets to an object store, one after another; see `AssetStore.moveOut`. */
export async function moveAssetsOut(sql: Sql, objects: ObjectStore, signal?: AbortSignal): Promise<number> {
  let moved = 0;
  for (let last = '0'; !signal?.aborted; ) {
    const row = await nextAfter(sql, last);
    if (row === undefined) break;
    last = row.id;
    const size = Number(row.size);
    try {
      await objects.put(row.object_key, chunksOf(sql, row.id, row.chunk_bytes, 0, size), size, row.hash);
    } catch (error) {
      // Another node has moved it, or it was removed: its chunks went away while they were sent.
      if (await isHere(sql, row)) throw error;
      continue;
    }
    if (await tookLeave(sql, row)) moved += 1;
    // The asset was removed meanwhile, and with it what was known of the object.
    else await objects.remove(row.object_key);
  }
  return moved;
}

/** The next blob that is to be moved, with a key that is committed before there is an object under it. */
async function nextAfter(sql: Sql, last: string): Promise<HereRow | undefined> {
  const [row] = await sql<HereRow[]>`
    with next as (
      select b.id, a.hash, a.size from inkwire.asset_blobs b join inkwire.assets a on a.blob_id = b.id
      where not b.moved and b.id > ${last} order by b.id limit 1
    )
    update inkwire.asset_blobs b set object_key = coalesce(b.object_key, encode(next.hash, 'hex') || '-' || ${randomUUID()})
    from next where b.id = next.id
    returning b.id, b.chunk_bytes, b.object_key, encode(next.hash, 'hex') as hash, next.size`;
  return row;
}

async function isHere(sql: Sql, { id }: HereRow): Promise<boolean> {
  const rows = await sql`
    select from inkwire.asset_blobs b where b.id = ${id} and not b.moved and exists (select from inkwire.assets a where a.blob_id = b.id)`;
  return rows.length > 0;
}

/** Forgets the chunks of what is out; false when there is no such blob any more. */
async function tookLeave(sql: Sql, { id, object_key: key }: HereRow): Promise<boolean> {
  const [row] = await sql<{ id: string }[]>`
    with moved as (update inkwire.asset_blobs set moved = true where id = ${id} and object_key = ${key} returning id),
      chunks as (delete from inkwire.asset_chunks c using moved where c.blob_id = moved.id)
    select id from moved`;
  return row !== undefined;
}

/** Removes the objects of blobs that are nobody's any more. */
export async function removeObjects(sql: Sql, objects: ObjectStore, signal?: AbortSignal): Promise<void> {
  for (let last = '0'; !signal?.aborted; ) {
    const [row] = await sql<{ id: string; object_key: string }[]>`
      select b.id, b.object_key from inkwire.asset_blobs b
      where b.object_key is not null and b.id > ${last} and not exists (select from inkwire.assets a where a.blob_id = b.id)
      order by b.id limit 1`;
    if (row === undefined) return;
    last = row.id;
    await objects.remove(row.object_key);
    await sql`delete from inkwire.asset_blobs where id = ${row.id}`;
  }
}
