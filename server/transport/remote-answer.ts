import type { ServerResponse } from 'node:http';
import { Writable } from 'node:stream';

/** What a link over HTTP writes to: the answer to a request that came to this node, or to another. */
export type Answer = Writable & Pick<ServerResponse, 'setHeader' | 'writeHead' | 'flushHeaders'>;

/** A piece of an answer on its way to the node that the request came to. */
export interface AnswerPiece {
  readonly status: number;
  readonly bytes: Uint8Array;
  /** The answer is whole with it. */
  readonly isLast: boolean;
  /** No more is sent until a sign comes back. */
  readonly wantsSign: boolean;
}

export interface RemoteAnswerParts {
  /** The longest piece, bytes. */
  readonly maxBytes: number;
  readonly send: (piece: AnswerPiece) => void;
  /** It was given up half way. */
  readonly cut: () => void;
}

/** So much is under way between two nodes without a sign that it has come, bytes. */
const UNSIGNED_BYTES = 64 * 1024;

/** An answer to a request that another node has. Its headers stay here: that node sets the same. */
export class RemoteAnswer extends Writable {
  readonly #parts: RemoteAnswerParts;
  #status = 200;
  #ending = false;
  #lastSent = false;
  #unsigned = 0;
  #held: (() => void) | null = null;

  constructor(parts: RemoteAnswerParts) {
    super();
    this.#parts = parts;
    // A cut is no fault of this node.
    this.on('error', () => {});
  }

  setHeader(): never {
    return this as never;
  }

  writeHead(status: number): never {
    this.#status = status;
    return this as never;
  }

  flushHeaders(): void {
    this.#send({ bytes: new Uint8Array(), isLast: false, wantsSign: false });
  }

  /** What was sent has arrived. */
  signed(): void {
    this.#unsigned = 0;
    const held = this.#held;
    this.#held = null;
    held?.();
  }

  override end(...given: never[]): this {
    this.#ending = true;
    return super.end(...given);
  }

  override _write(chunk: Uint8Array, _encoding: string, callback: () => void): void {
    this.#pieces(chunk, callback);
  }

  override _writev(chunks: { readonly chunk: Uint8Array }[], callback: () => void): void {
    this.#pieces(Buffer.concat(chunks.map(({ chunk }) => chunk)), callback);
  }

  override _final(callback: () => void): void {
    if (!this.#lastSent) this.#send({ bytes: new Uint8Array(), isLast: true, wantsSign: false });
    callback();
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    if (!this.#lastSent) this.#parts.cut();
    this.#held = null;
    callback(error);
  }

  #pieces(bytes: Uint8Array, callback: () => void): void {
    const isLast = this.#ending && this.writableLength === bytes.length;
    const { maxBytes } = this.#parts;
    this.#unsigned += bytes.length;
    const wantsSign = this.#unsigned >= UNSIGNED_BYTES && !isLast;
    for (let at = 0; at < bytes.length; at += maxBytes) {
      const isEnd = at + maxBytes >= bytes.length;
      this.#send({ bytes: bytes.subarray(at, at + maxBytes), isLast: isLast && isEnd, wantsSign: wantsSign && isEnd });
    }
    if (wantsSign) this.#held = callback;
    else callback();
  }

  #send(piece: Omit<AnswerPiece, 'status'>): void {
    this.#lastSent = piece.isLast;
    this.#parts.send({ status: this.#status, ...piece });
  }
}
