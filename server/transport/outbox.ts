import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Link } from '../ports/link.ts';
import { RawStream } from './raw-stream.ts';

/** Several frames of a socket that together are shorter than this are copied into one buffer, bytes: cheaper than a vector of them. */
const COPY_BYTES = 16 * 1024;

/** A frame and what it is on the wire. */
interface Framed {
  readonly frame: Uint8Array;
  readonly wire: readonly Buffer[];
}

/** A frame longer than this goes out as it is, behind its header, bytes: a copy of 8 MB takes 40 ms. */
const NEVER_COPIED_BYTES = 64 * 1024;

/** What ends a socket from this side. */
export interface Closing {
  readonly code: number;
  readonly reason: string;
}

/** Longer frames than this are remembered apart, bytes. */
const LARGE_FRAME_BYTES = 4 * 1024;

/**
 * The last frames put on the wire. A broadcast sends one frame to many sockets in a row; people who
 * join at once are each sent a small one and the same large one.
 */
let lastSmall: Framed | null = null;
let lastLarge: Framed | null = null;

/**
 * The last frames that were copied into one buffer. Text and presence leave a large room together: two
 * hundred copies of them were 8 MB/s, and made V8 collect its whole heap every second, 30 ms at a time.
 */
let lastRun: { readonly frames: readonly Buffer[]; readonly wire: Buffer } = { frames: [], wire: Buffer.alloc(0) };

/** Sockets with something to send when the callback that runs is done. */
let waiting: Outbox[] = [];

/**
 * What goes out on one socket. Everything that one callback of the event loop sends leaves in one
 * write – the acknowledgements of a commit, the answers to a burst – and a frame that goes to many sockets is framed once: system calls, then garbage, are what a
 * message costs. Frames bypass `ws`' sender, so they are never compressed.
 */
export class Outbox implements Link {
  readonly #socket: WebSocket;
  readonly #stream: RawStream;
  /** Emptied, never replaced: an old array that is dead would keep the frames put into it alive until a full garbage collection. */
  readonly #frames: Buffer[] = [];
  #bytes = 0;
  #closedWith: Closing | null = null;

  constructor(socket: WebSocket, stream: Duplex) {
    this.#socket = socket;
    this.#stream = new RawStream(stream);
  }

  get readyState(): number {
    return this.#socket.readyState;
  }

  /** What it was closed with from here; `null` if it was not. */
  get closedWith(): Closing | null {
    return this.#closedWith;
  }

  /** Bytes that the peer has not taken yet. */
  get bufferedAmount(): number {
    return this.#bytes + this.#stream.bufferedAmount;
  }

  send(frame: Uint8Array): void {
    if (this.#socket.readyState !== 1) return;
    const wire = onTheWire(frame);
    if (this.#frames.length === 0) {
      if (waiting.length === 0) queueMicrotask(flushAll);
      waiting.push(this);
    }
    for (const part of wire) {
      this.#frames.push(part);
      this.#bytes += part.length;
    }
  }

  /** Calls back once the peer has taken all that is buffered. */
  onceDrained(callback: () => void): void {
    this.flush();
    this.#stream.onceDrained(callback);
  }

  /** Stops reading from the socket, so that TCP slows the peer down. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Sends what waits, then the closing handshake. */
  close(code: number, reason: string): void {
    this.flush();
    this.#closedWith ??= { code, reason };
    this.#socket.close(code, reason);
  }

  flush(): void {
    const frames = this.#frames;
    if (frames.length === 0) return;
    if (this.#socket.readyState === 1) {
      if (frames.length === 1) this.#stream.write(frames[0]!);
      else if (this.#bytes < COPY_BYTES) this.#stream.write(inOne(frames));
      else this.#stream.writeAll(frames);
    }
    frames.length = 0;
    this.#bytes = 0;
  }
}

function flushAll(): void {
  const outboxes = waiting;
  waiting = [];
  for (const outbox of outboxes) outbox.flush();
}

function onTheWire(frame: Uint8Array): readonly Buffer[] {
  if (frame === lastSmall?.frame) return lastSmall.wire;
  if (frame === lastLarge?.frame) return lastLarge.wire;
  const framed = { frame, wire: binaryMessage(frame) };
  if (frame.length > LARGE_FRAME_BYTES) lastLarge = framed;
  else lastSmall = framed;
  return framed.wire;
}

function inOne(frames: readonly Buffer[]): Buffer {
  const isLast = frames.length === lastRun.frames.length && frames.every((frame, at) => frame === lastRun.frames[at]);
  if (!isLast) lastRun = { frames: frames.slice(), wire: Buffer.concat(frames) };
  return lastRun.wire;
}

/** One unmasked, unfragmented binary message (RFC 6455, section 5.2). */
function binaryMessage(payload: Uint8Array): readonly Buffer[] {
  const { length } = payload;
  const extended = length < 126 ? 0 : length < 65_536 ? 2 : 8;
  const head = 2 + extended;
  const isCopied = length <= NEVER_COPIED_BYTES;
  const wire = Buffer.allocUnsafe(isCopied ? head + length : head);
  wire[0] = 0x82;
  wire[1] = extended === 0 ? length : extended === 2 ? 126 : 127;
  if (extended === 2) wire.writeUInt16BE(length, 2);
  if (extended === 8) wire.writeBigUInt64BE(BigInt(length), 2);
  if (!isCopied) return [wire, Buffer.from(payload.buffer, payload.byteOffset, length)];
  wire.set(payload, head);
  return [wire];
}
