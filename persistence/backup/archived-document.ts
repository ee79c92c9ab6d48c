import type { LoggedUpdate } from '../document-store.ts';
import { decodeHistory } from '../history-chunk.ts';
import { archivedRows } from './archived-rows.ts';
import { asBigint, asBoolean, asBytes, asInteger, asText, asTime } from './copied-rows.ts';

/** A picture or file of a document, as a backup has it. */
export interface ArchivedAsset {
  /** SHA-256. */
  readonly hash: Buffer;
  readonly fileName: string;
  readonly uploadedBy: string | null;
  /** ms since 1970. */
  readonly uploadedAt: number;
  readonly mediaType: string;
  readonly size: number;
  /** Its blob in the backup. */
  readonly blobId: number;
}

/** One document of a backup. */
export interface ArchivedDocument {
  readonly name: string;
  readonly title: string;
  readonly schemaVersion: number;
  /** The whole log in order, from 1 on without a gap. */
  readonly updates: readonly LoggedUpdate[];
  /** Who owns its Yjs client ids. */
  readonly clientIds: readonly { readonly clientId: number; readonly sub: string; readonly claimedAt: number }[];
  readonly assets: readonly ArchivedAsset[];
}

type Blob = Pick<ArchivedAsset, 'mediaType' | 'size' | 'blobId'>;

/** The document `name` of the backup at `path`, which `checkArchive` has read; null when there is none. The bytes of its assets are left in the file. */
export async function readDocument(path: string, name: string): Promise<ArchivedDocument | null> {
  const blobs = new Map<string, Blob>();
  const assets: ArchivedAsset[] = [];
  let found: { id: number; title: string; schemaVersion: number } | null = null;
  for await (const { table, field } of archivedRows(path, new Set(['assets', 'document_assets', 'documents']))) {
    if (table === 'assets') {
      const blob = { mediaType: asText(field('media_type')), size: asBigint(field('size')), blobId: asBigint(field('blob_id')) };
      blobs.set(asBytes(field('hash')).toString('hex'), blob);
    } else if (table === 'document_assets') {
      if (asText(field('document_name')) !== name) continue;
      const hash = asBytes(field('hash'));
      const uploadedBy = field('uploaded_by') === null ? null : asText(field('uploaded_by'));
      const told = { fileName: asText(field('file_name')), uploadedBy, uploadedAt: asTime(field('uploaded_at')) };
      assets.push({ hash, ...told, ...(blobs.get(hash.toString('hex')) as Blob) });
    } else if (asText(field('name')) === name && field('deleted_at') === null) {
      found = { id: asBigint(field('id')), title: asText(field('title')), schemaVersion: asInteger(field('schema_version')) };
    }
  }
  if (found === null) return null;
  const { id, ...told } = found;
  return { name, ...told, ...(await readLog(path, id)), assets };
}

async function readLog(path: string, id: number): Promise<Pick<ArchivedDocument, 'updates' | 'clientIds'>> {
  const updates: LoggedUpdate[] = [];
  const clientIds: { clientId: number; sub: string; claimedAt: number }[] = [];
  for await (const { table, field } of archivedRows(path, new Set(['history', 'updates', 'client_ids']))) {
    if (asBigint(field('document_id')) !== id) continue;
    if (table === 'history') updates.push(...decodeHistory(asBytes(field('data'))));
    else if (table === 'client_ids') {
      clientIds.push({ clientId: asBigint(field('client_id')), sub: asText(field('sub')), claimedAt: asTime(field('claimed_at')) });
    } else {
      const author = field('author') === null ? null : asText(field('author'));
      updates.push({ seq: asBigint(field('seq')), author, at: asTime(field('at')), data: asBytes(field('data')) });
    }
  }
  // History stands in the file before the log, and neither in an order of its own.
  return { updates: updates.sort((one, other) => one.seq - other.seq), clientIds };
}

/** The chunks of some blobs of a backup. */
export async function* readChunks(
  path: string,
  blobIds: ReadonlySet<number>,
): AsyncGenerator<{ blobId: number; nth: number; data: Buffer }> {
  for await (const { field } of archivedRows(path, new Set(['asset_chunks']))) {
    const blobId = asBigint(field('blob_id'));
    if (blobIds.has(blobId)) yield { blobId, nth: asInteger(field('nth')), data: asBytes(field('data')) };
  }
}

/** How the blobs of a backup are cut, and which of them are elsewhere. */
export async function readBlobs(path: string, blobIds: ReadonlySet<number>): Promise<Map<number, { chunkBytes: number; moved: boolean }>> {
  const blobs = new Map<number, { chunkBytes: number; moved: boolean }>();
  for await (const { field } of archivedRows(path, new Set(['asset_blobs']))) {
    const id = asBigint(field('id'));
    if (blobIds.has(id)) blobs.set(id, { chunkBytes: asInteger(field('chunk_bytes')), moved: asBoolean(field('moved')) });
  }
  return blobs;
}
