import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { clientMessage, Opcode, serverMessageAt } from './wire.ts';

/** What came in: `bytes` from `at` to `end`, valid during the call. Of a message of `length` bytes that is longer than `end - at`, only the beginning. */
export type Receive = (bytes: Buffer, at: number, end: number, length: number) => void;

/** All sockets read into this one: each hands on what it read before another reads. */
const READ = Buffer.allocUnsafeSlow(256 * 1024);
/** Of a longer message only the first bytes are kept: a hundred joiners of a document of 20 MB would fill the memory with copies. */
const LONG = 64 * 1024;
const HEAD = 64;

/**
 * One WebSocket connection with as little around it as Node allows, so that a core of these outruns a
 * core of a server: no streams, no events and no copy for a message that comes in whole.
 */
export class LoadSocket {
  readonly #socket: Socket;
  readonly #receive: Receive;
  readonly #opened = Promise.withResolvers<void>();
  readonly #closed = Promise.withResolvers<void>();
  /** Fails when the server ends the connection. */
  readonly failed = Promise.withResolvers<never>();
  #isOpen = false;
  #closing = false;
  /** What was read of a message that is not whole. */
  #rest: Buffer | null = null;
  #long: { readonly head: Buffer; readonly length: number; missing: number } | null = null;

  private constructor(url: URL, receive: Receive) {
    this.#receive = receive;
    this.failed.promise.catch(() => {});
    this.#socket = connect({
      host: url.hostname,
      port: Number(url.port),
      noDelay: true,
      onread: {
        buffer: READ,
        callback: (count) => {
          this.#read(READ, count);
          return true;
        },
      },
    });
    this.#socket.on('error', (error) => this.failed.reject(error));
    this.#socket.on('close', () => {
      if (!this.#closing) this.failed.reject(new Error('The server ended a connection.'));
      this.#closed.resolve();
    });
    this.#socket.write(
      `GET ${url.pathname} HTTP/1.1\r\nHost: ${url.host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n\r\n`,
    );
  }

  static async open(url: string, receive: Receive): Promise<LoadSocket> {
    const socket = new LoadSocket(new URL(url), receive);
    await Promise.race([socket.#opened.promise, socket.failed.promise]);
    return socket;
  }

  /** Sends a message that `clientMessage` has built. */
  write(message: Buffer): void {
    this.#socket.write(message);
  }

  /** Says goodbye; resolves once the connection is closed. */
  async close(): Promise<void> {
    this.#closing = true;
    if (!this.#socket.destroyed) this.#socket.end(clientMessage(Opcode.Close, new Uint8Array([3, 232])));
    await this.#closed.promise;
  }

  #read(bytes: Buffer, end: number): void {
    if (!this.#isOpen) this.#answer(bytes.subarray(0, end));
    else if (this.#long !== null) this.#skip(bytes, end);
    else if (this.#rest !== null) {
      const whole = Buffer.concat([this.#rest, bytes.subarray(0, end)]);
      this.#rest = null;
      this.#messages(whole, 0, whole.length);
    } else this.#messages(bytes, 0, end);
  }

  #answer(bytes: Buffer): void {
    const answer = this.#rest === null ? Buffer.from(bytes) : Buffer.concat([this.#rest, bytes]);
    const end = answer.indexOf('\r\n\r\n');
    this.#rest = end < 0 ? answer : null;
    if (end < 0) return;
    if (!answer.subarray(0, 12).equals(Buffer.from('HTTP/1.1 101'))) {
      this.failed.reject(new Error(`The server refused: ${answer.subarray(0, answer.indexOf('\r\n'))}`));
      return;
    }
    this.#isOpen = true;
    this.#opened.resolve();
    this.#messages(answer, end + 4, answer.length);
  }

  #messages(bytes: Buffer, from: number, end: number): void {
    let at = from;
    while (at < end) {
      const message = serverMessageAt(bytes, at, end);
      if (message === null) break;
      const { opcode, body, length } = message;
      if (body + length > end) {
        if (length < LONG || end - body < HEAD) break;
        this.#long = { head: Buffer.from(bytes.subarray(body, body + HEAD)), length, missing: body + length - end };
        return;
      }
      at = body + length;
      if (opcode === Opcode.Binary) this.#receive(bytes, body, at, length);
      else this.#control(opcode, bytes.subarray(body, at));
    }
    if (at < end) this.#rest = Buffer.from(bytes.subarray(at, end));
  }

  #skip(bytes: Buffer, end: number): void {
    const long = this.#long!;
    const taken = Math.min(long.missing, end);
    long.missing -= taken;
    if (long.missing > 0) return;
    this.#long = null;
    this.#receive(long.head, 0, HEAD, long.length);
    this.#messages(bytes, taken, end);
  }

  #control(opcode: number, payload: Buffer): void {
    if (opcode === Opcode.Ping) this.write(clientMessage(Opcode.Pong, payload));
    if (opcode !== Opcode.Close || this.#closing) return;
    const code = payload.length < 2 ? 1005 : payload.readUInt16BE(0);
    this.failed.reject(new Error(`The server closed a socket: ${code} ${payload.subarray(2)}`));
  }
}
