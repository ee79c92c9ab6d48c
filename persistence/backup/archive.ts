import { createHash, type Hash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createZstdCompress, createZstdDecompress } from 'node:zlib';
import { InkwireError } from '../../protocol/errors.ts';

/**
 * The file of a backup: the 16 bytes `MAGIC`, a zstd stream of frames, and the SHA-256 of all that stands before it. A frame is its kind (a byte),
 * the length of what follows (32 bits, little-endian), and that: JSON, or for `rows` a piece of what COPY … (format binary) of PostgreSQL has written.
 */
const MAGIC = Buffer.from('inkwire-backup1\n');
const HASH_BYTES = 32;
const HEAD_BYTES = 5;

/** A longer frame than this is damage, bytes. */
const MAX_FRAME_BYTES = 4 * 1024 * 1024;

/** Rows are cut into frames of so many bytes: a row may be a gigabyte. */
const ROWS_BYTES = 256 * 1024;

/** In the order in which they stand: a manifest, and for each table a head, its rows and an end; then the end of all. */
const KINDS = ['manifest', 'table', 'rows', 'table-end', 'end'] as const;
export type FrameKind = (typeof KINDS)[number];

/** One piece of a backup. */
export interface Frame {
  readonly kind: FrameKind;
  readonly payload: Buffer;
}

/** Writes a backup beside its place, and puts it there when it is whole. */
export class ArchiveWriter {
  readonly path: string;
  readonly #file: FileHandle;
  readonly #part: string;
  readonly #compress = createZstdCompress();
  readonly #hash: Hash = createHash('sha256');
  readonly #written: Promise<void>;
  #bytes = 0;

  private constructor(path: string, part: string, file: FileHandle) {
    this.path = path;
    this.#part = part;
    this.#file = file;
    this.#written = this.#pump();
    // It is awaited when the last frame is there.
    this.#written.catch(() => {});
  }

  /** Makes a file that only its owner may read: a backup holds everything. Rejects when there is one at `path`. */
  static async create(path: string): Promise<ArchiveWriter> {
    const taken = await open(path, 'r').then(
      (file) => file.close().then(() => true),
      () => false,
    );
    if (taken) throw new InkwireError('bad-request', `There is a file at ${path} already; a backup replaces none.`);
    const part = `${path}.part`;
    await rm(part, { force: true });
    return new ArchiveWriter(path, part, await open(part, 'wx', 0o600));
  }

  /** Bytes in the file so far. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Writes a frame of JSON. */
  write(kind: Exclude<FrameKind, 'rows'>, payload: object): Promise<void> {
    return this.#write(kind, Buffer.from(JSON.stringify(payload)));
  }

  async writeRows(rows: Uint8Array): Promise<void> {
    for (let at = 0; at < rows.length; at += ROWS_BYTES) await this.#write('rows', rows.subarray(at, at + ROWS_BYTES));
  }

  async #write(kind: FrameKind, bytes: Uint8Array): Promise<void> {
    const head = Buffer.alloc(HEAD_BYTES);
    head.writeUInt8(KINDS.indexOf(kind) + 1, 0);
    head.writeUInt32LE(bytes.length, 1);
    this.#compress.write(head);
    if (!this.#compress.write(bytes)) await Promise.race([once(this.#compress, 'drain'), this.#written]);
  }

  /** The file is whole and on the disk when this resolves, and not at its place yet. */
  async end(): Promise<string> {
    this.#compress.end();
    await this.#written;
    await this.#file.write(this.#hash.digest());
    await this.#file.sync();
    await this.#file.close();
    this.#bytes += HASH_BYTES;
    return this.#part;
  }

  /** Puts the file at its place. */
  async publish(): Promise<void> {
    await rename(this.#part, this.path);
  }

  /** Removes what there is of it. */
  async discard(): Promise<void> {
    this.#compress.destroy();
    await this.#file.close().catch(() => {});
    await rm(this.#part, { force: true });
  }

  async #pump(): Promise<void> {
    await this.#append(MAGIC);
    for await (const chunk of this.#compress) await this.#append(chunk as Buffer);
  }

  async #append(chunk: Buffer): Promise<void> {
    this.#hash.update(chunk);
    this.#bytes += chunk.length;
    await this.#file.write(chunk);
  }
}

/** Reads a backup, frame by frame. Rejects with `bad-content` when it is none, or a bit of it has changed: then nothing that was read may be used. */
export async function* readArchive(path: string): AsyncGenerator<Frame> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const magic = Buffer.alloc(MAGIC.length);
    await file.read(magic, 0, magic.length, 0);
    if (!magic.equals(MAGIC) || size <= MAGIC.length + HASH_BYTES)
      throw new InkwireError('bad-content', `${path} is not a backup of Inkwire.`);
    const told = Buffer.alloc(HASH_BYTES);
    await file.read(told, 0, HASH_BYTES, size - HASH_BYTES);
    const hash = createHash('sha256').update(MAGIC);
    yield* frames(path, size, hash);
    if (!hash.digest().equals(told)) throw damaged(path);
  } finally {
    await file.close();
  }
}

async function* frames(path: string, size: number, hash: Hash): AsyncGenerator<Frame> {
  const hashing = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  const plain = createZstdDecompress();
  const piped = pipeline(createReadStream(path, { start: MAGIC.length, end: size - HASH_BYTES - 1 }), hashing, plain);
  piped.catch(() => {});
  let rest: Buffer = Buffer.alloc(0);
  try {
    for await (const chunk of plain) {
      rest = rest.length === 0 ? (chunk as Buffer) : Buffer.concat([rest, chunk as Buffer]);
      for (let frame = readFrame(rest, path); frame !== null; frame = readFrame(rest, path)) {
        rest = rest.subarray(HEAD_BYTES + frame.payload.length);
        yield frame;
      }
    }
    await piped;
  } catch (error) {
    throw error instanceof InkwireError ? error : damaged(path, error);
  }
  if (rest.length > 0) throw damaged(path);
}

function readFrame(bytes: Buffer, path: string): Frame | null {
  if (bytes.length < HEAD_BYTES) return null;
  const kind = KINDS[bytes.readUInt8(0) - 1];
  const length = bytes.readUInt32LE(1);
  if (kind === undefined || length > MAX_FRAME_BYTES) throw damaged(path);
  return bytes.length < HEAD_BYTES + length ? null : { kind, payload: bytes.subarray(HEAD_BYTES, HEAD_BYTES + length) };
}

function damaged(path: string, cause?: unknown): InkwireError {
  return new InkwireError('bad-content', `${path} is damaged: it is not what was written.`, { cause });
}
