import { varUintBytes, writeVarUint } from './var-uint.ts';

/**
 * A link over HTTP, for networks that refuse WebSockets ([W10] of PROTOCOL.md). Every request is a POST to `/collab/http`, and what it is about
 * stands in its body: addresses end up in logs, headers are stripped by proxies, and a page of another origin needs no preflight for it.
 *
 * Each way is a stream of bytes, in which a frame is a varUint length and itself. A request says from which byte on it gives or wants them, so that
 * what was lost, came twice or was cut anywhere costs nothing but time.
 */

/** What a request is for; the first byte of its body. */
export const Request = { Open: 0, Send: 1, Receive: 2, Close: 3 } as const;

/** How a client wants to receive: a stream; an answer once there is something; an answer at once. */
export const Mode = { Stream: 0, Wait: 1, Look: 2 } as const;

/** What an answer to `Receive` is made of: a sign of life, bytes of the stream, the end of the link, or "ask again". */
export const Piece = { Beat: 0, Data: 1, Close: 2, Again: 3 } as const;

/** The path of every request. */
export const HTTP_LINK_PATH = '/collab/http';

/** Of many proxies no body may be longer than a megabyte, bytes. */
export const MAX_SEND_BYTES = 512 * 1024;

/** How much a server sends beyond what the client has said it has, bytes. */
export const WINDOW_BYTES = 4 * 1024 * 1024;

/** How often a server gives a sign of life in a stream, and how long it lets a client wait, ms: less than proxies' shortest time limits. */
export const BEAT_MS = 10_000;
export const MAX_WAIT_MS = 20_000;

/** How often a client says something, at the least, ms, and how long a server waits for that. */
export const SIGN_MS = 15_000;
export const MAX_SILENCE_MS = 45_000;

/** Joins parts to one body. */
export function body(...parts: readonly (number | string | Uint8Array)[]): Uint8Array<ArrayBuffer> {
  const bytes = parts.map((part) => (typeof part === 'number' ? varUint(part) : typeof part === 'string' ? varString(part) : part));
  const whole = new Uint8Array(bytes.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of bytes) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** A number as a varUint (lib0's). */
export function varUint(value: number): Uint8Array {
  const bytes = new Uint8Array(varUintBytes(value));
  writeVarUint(bytes, 0, value);
  return bytes;
}

function varString(text: string): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  return body(bytes.length, bytes);
}

/** Reads what `body` wrote. */
export class Reader {
  at = 0;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** A varUint; `null` when the bytes end before it does. Throws a `RangeError` on one beyond 2^53. */
  number(): number | null {
    let value = 0;
    let factor = 1;
    for (let at = this.at; at < this.#bytes.length; at++) {
      const byte = this.#bytes[at] as number;
      value += (byte & 127) * factor;
      if (value > Number.MAX_SAFE_INTEGER) throw new RangeError('a number that is too large');
      if (byte < 128) {
        this.at = at + 1;
        return value;
      }
      factor *= 128;
    }
    return null;
  }

  /** A varString; `null` when the bytes end before it does. */
  text(): string | null {
    const start = this.at;
    const length = this.number();
    if (length === null || this.at + length > this.#bytes.length) {
      this.at = start;
      return null;
    }
    this.at += length;
    return new TextDecoder().decode(this.#bytes.subarray(this.at - length, this.at));
  }

  /** All that follows. */
  rest(): Uint8Array {
    return this.#bytes.subarray(this.at);
  }
}

/** Memory is taken for a frame as it comes: who only announces a long one gets none, bytes. */
const FIRST_BYTES = 64 * 1024;

/** Cuts a stream of bytes into frames. */
export class FrameStream {
  #head: number[] = [];
  #frame: Uint8Array | null = null;
  #length = 0;
  #filled = 0;

  /** Hands on each frame that is whole with these bytes; it has memory of its own. Returns false, and reads no more, at one longer than `maxBytes`. */
  push(bytes: Uint8Array, maxBytes: number, onFrame: (frame: Uint8Array<ArrayBuffer>) => void): boolean {
    let at = 0;
    while (at < bytes.length) {
      if (this.#frame === null) {
        const byte = bytes[at++] as number;
        this.#head.push(byte);
        if (byte >= 128) {
          if (this.#head.length > 8) return false;
          continue;
        }
        const length = new Reader(Uint8Array.from(this.#head)).number() as number;
        if (length > maxBytes) return false;
        this.#head = [];
        this.#length = length;
        this.#filled = 0;
        this.#frame = new Uint8Array(Math.min(length, Math.max(FIRST_BYTES, bytes.length - at)));
      } else {
        const part = bytes.subarray(at, at + this.#length - this.#filled);
        this.#take(this.#frame, part);
        at += part.length;
      }
      if (this.#frame !== null && this.#filled === this.#length) {
        const frame = this.#frame;
        this.#frame = null;
        onFrame(frame.subarray(0, this.#length) as Uint8Array<ArrayBuffer>);
      }
    }
    return true;
  }

  #take(frame: Uint8Array, part: Uint8Array): void {
    if (this.#filled + part.length > frame.length) {
      const larger = new Uint8Array(Math.min(this.#length, Math.max(this.#filled + part.length, 2 * frame.length)));
      larger.set(frame.subarray(0, this.#filled));
      this.#frame = larger;
    }
    this.#frame?.set(part, this.#filled);
    this.#filled += part.length;
  }
}
