import type { Sql } from 'postgres';
import { InkwireError } from '../../protocol/errors.ts';
import { connect } from '../connection.ts';
import { explainDatabaseError } from '../database-errors.ts';
import type { DatabaseLog } from '../database-log.ts';
import { storableText } from '../postgres-text.ts';
import type {
  AssetStore,
  AssetUpload,
  Collection,
  CollectOptions,
  DocumentAsset,
  FinishedUpload,
  ObjectStore,
  UploadResult,
} from './asset-store.ts';
import { chunksOf } from './chunks.ts';
import { collectAssets } from './collection.ts';
import { moveAssetsOut } from './moving.ts';

const READ_CONNECTIONS = 3;
const WRITE_CONNECTIONS = 3;
const CLOSE_TIMEOUT_S = 5;

/** What an upload gathers before it is written, and what a reader is handed at a time. */
export const CHUNK_BYTES = 256 * 1024;

interface AssetRow {
  readonly media_type: string;
  readonly size: string;
  readonly file_name: string;
}

interface BlobRow {
  readonly blob_id: string;
  readonly chunk_bytes: number;
  readonly object_key: string | null;
  readonly moved: boolean;
  readonly size: string;
}

export interface AssetStoreOptions {
  /** Where bytes are moved to; without it they stay in the database. */
  readonly objects?: ObjectStore | null;
  readonly onLog?: DatabaseLog;
}

/** Opens the asset store of a database whose schema is up to date, as `openPostgresStore` leaves it. */
export function openAssetStore(url: string, options: AssetStoreOptions = {}): AssetStore {
  return new PostgresAssetStore(url, options);
}

class PostgresAssetStore implements AssetStore {
  /** Pictures are shown while others go up: readers have connections of their own. */
  readonly #reads: Sql;
  readonly #writes: Sql;
  readonly #objects: ObjectStore | null;

  constructor(url: string, { objects = null, onLog }: AssetStoreOptions) {
    this.#objects = objects;
    this.#reads = connect(url, READ_CONNECTIONS, onLog);
    this.#writes = connect(url, WRITE_CONNECTIONS, onLog);
  }

  begin(): AssetUpload {
    return new PostgresUpload(this.#writes);
  }

  find(documentName: string, hash: string): Promise<DocumentAsset | null> {
    return explained(async () => {
      const [row] = await this.#reads<AssetRow[]>`
        select a.media_type, a.size, d.file_name from inkwire.document_assets d join inkwire.assets a on a.hash = d.hash
        where d.document_name = ${documentName} and d.hash = decode(${hash}, 'hex')`;
      if (row === undefined) return null;
      return { documentName, hash, mediaType: row.media_type, size: Number(row.size), fileName: row.file_name };
    });
  }

  async *read(hash: string, from: number, until: number): AsyncIterable<Uint8Array> {
    let at = from;
    // A second look: the bytes may have been moved while the first was at them.
    for (let look = 0; look < 2; look++) {
      const [blob] = await explained(
        () => this.#reads<BlobRow[]>`
          select a.blob_id, a.size, b.chunk_bytes, b.object_key, b.moved from inkwire.assets a join inkwire.asset_blobs b on b.id = a.blob_id
          where a.hash = decode(${hash}, 'hex')`,
      );
      const to = Math.min(until, Number(blob?.size ?? 0));
      if (blob === undefined || at >= to) return;
      const pieces = blob.moved ? this.#object(blob, at, to) : chunksOf(this.#reads, blob.blob_id, blob.chunk_bytes, at, to);
      for await (const piece of pieces) {
        yield piece;
        at += piece.length;
      }
    }
  }

  #object({ object_key: key }: BlobRow, from: number, to: number): AsyncIterable<Uint8Array> {
    if (this.#objects === null || key === null) {
      throw new InkwireError('storage-unavailable', 'It lies in S3-compatible storage, which this server was not told of.');
    }
    return this.#objects.get(key, from, to);
  }

  collect(options: CollectOptions): Promise<Collection> {
    return explained(() => collectAssets(this.#reads, this.#objects, options));
  }

  moveOut(signal?: AbortSignal): Promise<number> {
    const objects = this.#objects;
    return objects === null ? Promise.resolve(0) : explained(() => moveAssetsOut(this.#writes, objects, signal));
  }

  async close(): Promise<void> {
    await Promise.all([this.#reads, this.#writes].map((sql) => sql.end({ timeout: CLOSE_TIMEOUT_S })));
  }
}

/** An upload as rows of chunks, each committed by itself: what a server that dies leaves behind has no asset, and is collected. */
class PostgresUpload implements AssetUpload {
  readonly #sql: Sql;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #blobId: string | null = null;
  #chunks = 0;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; ) {
      const piece = bytes.subarray(at, at + CHUNK_BYTES - this.#waitingBytes);
      // A copy: whoever reads a request may use its buffer again.
      this.#waiting.push(piece.slice());
      this.#waitingBytes += piece.length;
      at += piece.length;
      if (this.#waitingBytes === CHUNK_BYTES) await this.#flush();
    }
  }

  async finish({ documentName, hash, mediaType, size, fileName, author, maxDocumentBytes }: FinishedUpload): Promise<UploadResult> {
    try {
      if (this.#waitingBytes > 0 || this.#blobId === null) await this.#flush();
      const by = author === null ? null : storableText(author);
      const result = await explained(async () => {
        const [row] = await this.#sql<{ result: UploadResult }[]>`
          select inkwire.finish_asset(${documentName}, decode(${hash}, 'hex'), ${this.#blobId}, ${mediaType}, ${size},
            ${storableText(fileName)}, ${by}, ${maxDocumentBytes}) as result`;
        return row?.result ?? 'lost';
      });
      if (result === 'stored') this.#blobId = null;
      return result;
    } finally {
      await this.abandon();
    }
  }

  async abandon(): Promise<void> {
    this.#waiting = [];
    this.#waitingBytes = 0;
    const id = this.#blobId;
    this.#blobId = null;
    if (id === null) return;
    // Where the answer to a commit was lost the blob may be an asset's. What stays is collected.
    await this.#sql`
      delete from inkwire.asset_blobs b
      where b.id = ${id} and b.object_key is null and not exists (select from inkwire.assets a where a.blob_id = b.id)`.catch(() => {});
  }

  async #flush(): Promise<void> {
    const data = Buffer.concat(this.#waiting, this.#waitingBytes);
    this.#waiting = [];
    this.#waitingBytes = 0;
    await explained(async () => {
      if (this.#blobId !== null) {
        await this.#sql`insert into inkwire.asset_chunks (blob_id, nth, data) values (${this.#blobId}, ${this.#chunks}, ${data})`;
      } else {
        const [row] = await this.#sql<{ id: string }[]>`
          with blob as (insert into inkwire.asset_blobs (chunk_bytes) values (${CHUNK_BYTES}) returning id),
            chunk as (insert into inkwire.asset_chunks (blob_id, nth, data) select id, 0, ${data}::bytea from blob)
          select id from blob`;
        this.#blobId = row!.id;
      }
    });
    this.#chunks += 1;
  }
}

async function explained<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw explainDatabaseError(error);
  }
}
