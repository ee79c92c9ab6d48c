import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** What is used of Node's own handle of a TCP socket, which is private. */
interface Handle {
  /** Writes what the kernel takes at once. When that is not all, `request` stands for the rest, and is told. Returns an error number of libuv's, or 0. */
  writeBuffer(request: WriteRequest, data: Uint8Array): number;
}

interface WriteRequest {
  /** The id is not negative once it stands for something. */
  getAsyncId(): number;
  oncomplete(status: number): void;
  /** Keeps the bytes from being collected while they wait. */
  buffer: Uint8Array;
}

/** Node's class of requests to write, seen at the first write; the next request, used anew until one has to wait. */
let Request: (new () => WriteRequest) | null = null;
let request: WriteRequest | null = null;

/**
 * A socket's bytes on their way out, past Node's stream where that has nothing to add: nearly always the
 * kernel takes a message at once, and then the stream's own state, its request and its callback a tick
 * later are 5 to 9 % of what a write costs. While the kernel has not taken all, what follows goes through
 * the stream, in order, as TLS does and whatever `ws` writes itself.
 *
 * This bends Node's internals, and does it here only. Where they have moved, all goes through the stream;
 * a test fails then.
 */
export class RawStream {
  readonly #stream: Duplex;
  /** `null` where there is none to write to: TLS, a Node that has it elsewhere. */
  readonly #handle: Handle | null;
  /** Bytes written past the stream that the kernel has not taken yet. */
  #waiting = 0;
  #onceDrained: (() => void)[] | null = null;

  constructor(stream: Duplex) {
    this.#stream = stream;
    this.#handle = handleOf(stream);
  }

  /** Bytes that the peer has not taken yet. */
  get bufferedAmount(): number {
    return this.#waiting + this.#stream.writableLength;
  }

  /** `wire` must not be changed later. */
  write(wire: Buffer): void {
    const stream = this.#stream;
    const isClear = this.#waiting === 0 && stream.writableLength === 0 && stream.writable;
    if (this.#handle === null || !isClear) stream.write(wire);
    else if (Request !== null) this.#writePast(this.#handle, wire, Request);
    else {
      learnRequest(this.#handle);
      stream.write(wire);
    }
  }

  /** Several as one. */
  writeAll(wires: readonly Buffer[]): void {
    this.#stream.cork();
    for (const wire of wires) this.#stream.write(wire);
    this.#stream.uncork();
  }

  /** Calls back once the kernel has taken all that is buffered. */
  onceDrained(callback: () => void): void {
    if (this.#stream.writableNeedDrain) this.#stream.once('drain', callback);
    else if (this.#waiting > 0) {
      this.#onceDrained ??= [];
      this.#onceDrained.push(callback);
    } else setImmediate(callback);
  }

  #writePast(handle: Handle, wire: Buffer, NewRequest: new () => WriteRequest): void {
    request ??= new NewRequest();
    const failure = handle.writeBuffer(request, wire);
    if (failure !== 0) this.#fail(failure);
    else if (request.getAsyncId() >= 0) {
      this.#waiting = wire.length;
      request.buffer = wire;
      request.oncomplete = (status) => this.#written(status);
      request = null;
    }
  }

  #written(status: number): void {
    this.#waiting = 0;
    if (status !== 0) this.#fail(status);
    for (const callback of this.#onceDrained?.splice(0) ?? []) this.onceDrained(callback);
  }

  #fail(status: number): void {
    this.#stream.destroy(new Error(`The socket cannot be written to (libuv's error ${status}).`));
  }
}

function handleOf(stream: Duplex): Handle | null {
  if (!(stream instanceof Socket) || 'encrypted' in stream) return null;
  const handle = (stream as unknown as { readonly _handle?: Partial<Handle> | null })._handle;
  return typeof handle?.writeBuffer === 'function' ? (handle as Handle) : null;
}

/** Looks at the request that Node makes for its own next write. */
function learnRequest(handle: Handle): void {
  handle.writeBuffer = (its, data) => {
    Reflect.deleteProperty(handle, 'writeBuffer');
    if (typeof its.getAsyncId === 'function') Request = its.constructor as new () => WriteRequest;
    return handle.writeBuffer(its, data);
  };
}
