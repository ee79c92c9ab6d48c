/** The first bytes of COPY … (format binary) of PostgreSQL: a signature, flags, and the length of an extension that follows. */
const HEADER_BYTES = 19;

/** A field of a row as PostgreSQL sends it, in network byte order; null for NULL. */
export type Field = Buffer | null;

/**
 * Cuts what COPY … (format binary) has written into rows, whatever pieces it comes in. No row is copied that nobody keeps: a field is a view, good
 * until the next `push`. Follows "Binary Format" of https://www.postgresql.org/docs/current/sql-copy.html.
 */
export class CopiedRows {
  #rest: Buffer = Buffer.alloc(0);
  #begun = false;

  /** The rows that are whole with this piece. */
  *push(piece: Buffer): Generator<readonly Field[]> {
    let bytes = this.#rest.length === 0 ? piece : Buffer.concat([this.#rest, piece]);
    if (!this.#begun) {
      const length = bytes.length < HEADER_BYTES ? Number.POSITIVE_INFINITY : HEADER_BYTES + bytes.readUInt32BE(HEADER_BYTES - 4);
      if (bytes.length < length) {
        this.#rest = Buffer.from(bytes);
        return;
      }
      this.#begun = true;
      bytes = bytes.subarray(length);
    }
    for (;;) {
      const end = rowEnd(bytes);
      if (end === null) break;
      if (end > 2) yield fieldsOf(bytes);
      bytes = bytes.subarray(end);
    }
    // A copy: the piece is a view into what was unpacked.
    this.#rest = Buffer.from(bytes);
  }
}

/** Where the first row ends; 2 for the mark behind the last one, null for a row that is not whole. */
function rowEnd(bytes: Buffer): number | null {
  if (bytes.length < 2) return null;
  let at = 2;
  for (let left = bytes.readInt16BE(0); left > 0; left--) {
    if (bytes.length < at + 4) return null;
    at += 4 + Math.max(0, bytes.readInt32BE(at));
  }
  return at <= bytes.length ? at : null;
}

function fieldsOf(bytes: Buffer): Field[] {
  let at = 2;
  return Array.from({ length: bytes.readInt16BE(0) }, () => {
    const length = bytes.readInt32BE(at);
    at += 4;
    if (length < 0) return null;
    at += length;
    return bytes.subarray(at - length, at);
  });
}

/** PostgreSQL counts microseconds from 2000-01-01. */
const EPOCH_MS = Date.UTC(2000, 0, 1);

export const asText = (field: Field) => field?.toString('utf8') ?? '';
/** A `bigint`, exact up to 2^53. */
export const asBigint = (field: Field) => Number(field?.readBigInt64BE() ?? 0n);
export const asInteger = (field: Field) => field?.readInt32BE() ?? 0;
export const asBoolean = (field: Field) => field?.readUInt8() === 1;
/** A `timestamptz`, milliseconds since 1970. */
export const asTime = (field: Field) => EPOCH_MS + Number((field?.readBigInt64BE() ?? 0n) / 1000n);
/** A `bytea` of its own memory. */
export const asBytes = (field: Field) => Buffer.from(field ?? '');
