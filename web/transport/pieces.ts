import { body, Piece, Reader } from '../../protocol/http-link.ts';

/** Reads the pieces of an answer as they come. */
export class Pieces {
  /** It ended as the server meant it to. */
  ended = false;
  #rest: Uint8Array = new Uint8Array();
  /** What is still to come of the bytes of a piece. */
  #data = 0;

  push(chunk: Uint8Array, told: { data(bytes: Uint8Array): void; close(code: number, reason: string): void }): void {
    let bytes = this.#rest.length === 0 ? chunk : body(this.#rest, chunk);
    while (bytes.length > 0) {
      if (this.#data > 0) {
        const part = bytes.subarray(0, this.#data);
        this.#data -= part.length;
        bytes = bytes.subarray(part.length);
        told.data(part);
        continue;
      }
      const reader = new Reader(bytes);
      const kind = reader.number();
      if (kind === Piece.Again) this.ended = true;
      else if (kind === Piece.Data) {
        const length = reader.number();
        if (length === null) break;
        this.#data = length;
      } else if (kind === Piece.Close) {
        const code = reader.number();
        const reason = reader.text();
        if (code === null || reason === null) break;
        this.ended = true;
        told.close(code, reason);
      } else if (kind !== Piece.Beat) throw new TypeError('This is not an answer of the server.');
      bytes = reader.rest();
    }
    this.#rest = bytes.slice();
  }
}

/** The first bytes of these parts. */
export function firstOf(parts: readonly Uint8Array[], maxBytes: number): Uint8Array[] {
  const first: Uint8Array[] = [];
  let left = maxBytes;
  for (const part of parts) {
    if (left === 0) break;
    first.push(part.subarray(0, left));
    left -= Math.min(left, part.length);
  }
  return first;
}

/** The parts but their first bytes. */
export function without(parts: readonly Uint8Array[], bytes: number): Uint8Array[] {
  let left = bytes;
  let whole = 0;
  while (whole < parts.length && left >= (parts[whole] as Uint8Array).length) left -= (parts[whole++] as Uint8Array).length;
  const rest = parts.slice(whole);
  if (left > 0) rest[0] = (rest[0] as Uint8Array).subarray(left);
  return rest;
}
