import type { Sql } from 'postgres';
import { InkwireError } from '../protocol/errors.ts';
import type { LoadedDocument } from './document-store.ts';
import { compactedUpdates, damageReport } from './recovery.ts';

/** The epoch of a document's first life. */
const FIRST_EPOCH = 1;

const NONE_RETIRED: ReadonlySet<number> = new Set();

interface LoadRow {
  readonly id: string;
  readonly epoch: number;
  readonly head: string;
  readonly schema_version: number;
  readonly snapshot: Buffer | null;
  readonly snapshot_seq: string;
  readonly deleted: boolean;
  /** It is more than was wanted; there is nothing of it. */
  readonly large: boolean;
  /** The snapshot is not what was written. */
  readonly damaged: boolean;
  /** All updates after the snapshot, one after another, and their lengths, separated by commas. */
  readonly bytes: Buffer | null;
  readonly lengths: string | null;
  /** Client ids of earlier lives, JSON that the driver has parsed; `null` when there are none. */
  readonly retired: readonly number[] | null;
  /** Each `sub` with the client ids it owns, JSON as well; `null` when nobody owns any. */
  readonly owners: readonly (readonly [sub: string, ids: readonly number[]])[] | null;
}

/** Everything that is stored of a document; see `DocumentStore.load`. */
export function loadDocument(sql: Sql, name: string): Promise<LoadedDocument>;
/** The same, or `null` when it is more than `most` bytes. */
export function loadDocument(sql: Sql, name: string, most: number): Promise<LoadedDocument | null>;
export async function loadDocument(sql: Sql, name: string, most = Number.MAX_SAFE_INTEGER): Promise<LoadedDocument | null> {
  // One statement is one snapshot of the database, and one round trip.
  const [row] = await sql<LoadRow[]>`
    select d.id, d.epoch, d.head, d.schema_version, d.snapshot_seq, d.deleted_at is not null as deleted, tail.lengths, size.bytes > ${most} as large,
      case when size.bytes > ${most} then null else d.snapshot end as snapshot, case when size.bytes > ${most} then null else tail.bytes end as bytes,
      size.bytes <= ${most} and coalesce(d.snapshot_hash <> sha256(d.snapshot), false) as damaged,
      (select json_agg(json_build_array(c.sub, c.ids)) from (
        select sub, json_agg(client_id) as ids from inkwire.client_ids where document_id = d.id group by sub
      ) c) as owners,
      (select json_agg(r.client_id) from inkwire.retired_client_ids r where r.document_id = d.id) as retired
    from inkwire.documents d
    left join lateral (
      select string_agg(u.data, '' order by u.seq) as bytes, string_agg(length(u.data)::text, ',' order by u.seq) as lengths
      from inkwire.updates u where u.document_id = d.id and u.seq > d.snapshot_seq
    ) tail on true
    cross join lateral (select coalesce(octet_length(d.snapshot), 0)::bigint + coalesce(octet_length(tail.bytes), 0) as bytes) size
    where d.name = ${name}`;
  if (row === undefined) {
    return {
      handle: { name, id: null, epoch: FIRST_EPOCH, head: 0 },
      snapshot: null,
      snapshotSeq: 0,
      updates: [],
      head: 0,
      schemaVersion: 1,
      clientIds: new Map(),
      retiredClientIds: NONE_RETIRED,
    };
  }
  if (row.deleted) throw new InkwireError('document-deleted', `The document "${name}" was deleted.`);
  if (row.large) return null;
  const updates = split(row.bytes, row.lengths);
  const head = Number(row.head);
  const handle = { name, id: row.id, epoch: row.epoch, head };
  const snapshotSeq = Number(row.snapshot_seq);
  const { schema_version: schemaVersion } = row;
  const clientIds = ownersById(row.owners);
  const retiredClientIds = row.retired === null ? NONE_RETIRED : new Set(row.retired);
  if (!row.damaged) return { handle, snapshot: row.snapshot, snapshotSeq, updates, head, schemaVersion, clientIds, retiredClientIds };
  const compacted = await compactedUpdates(sql, row.id, name, snapshotSeq);
  const damage = damageReport(name, compacted.length);
  return {
    handle,
    snapshot: null,
    snapshotSeq: 0,
    updates: [...compacted, ...updates],
    head,
    schemaVersion,
    clientIds,
    retiredClientIds,
    damage,
  };
}

function split(bytes: Uint8Array | null, lengths: string | null): Uint8Array[] {
  if (bytes === null || lengths === null) return [];
  let end = 0;
  return lengths.split(',').map((length) => {
    const start = end;
    end += Number(length);
    return bytes.subarray(start, end);
  });
}

function ownersById(owners: LoadRow['owners']): Map<number, string> {
  const byId = new Map<number, string>();
  for (const [sub, ids] of owners ?? []) for (const id of ids) byId.set(id, sub);
  return byId;
}
