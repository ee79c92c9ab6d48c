import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Soon } from './soon.ts';

/** What stands in the first four bits of the second byte (RFC 6455, section 5.2). */
export const Opcode = { Continuation: 0, Text: 1, Binary: 2, Close: 8, Ping: 9, Pong: 10 } as const;

/** A frame as a test wants it, right or wrong. */
export interface WireFrame {
  readonly opcode: number;
  readonly payload?: Uint8Array;
  /** Of a message's last frame; true unless it is said. */
  readonly fin?: boolean;
  /** The three reserved bits, 0 to 7. */
  readonly reserved?: number;
  /** Clients must mask; true unless it is said. */
  readonly masked?: boolean;
  /** What the length says, where that is not true. */
  readonly saysLength?: number;
}

/** The bytes of a frame. */
export function wireFrame({ opcode, payload = new Uint8Array(), fin = true, reserved = 0, masked = true, saysLength }: WireFrame): Buffer {
  const length = saysLength ?? payload.length;
  const mask = masked ? 0x80 : 0;
  const first = (fin ? 0x80 : 0) | (reserved << 4) | opcode;
  const head = length < 126 ? Buffer.from([first, mask | length]) : length < 65_536 ? Buffer.alloc(4) : Buffer.alloc(10);
  if (head.length > 2) {
    head[0] = first;
    head[1] = mask | (head.length === 4 ? 126 : 127);
    if (head.length === 4) head.writeUInt16BE(length, 2);
    else head.writeBigUInt64BE(BigInt(length), 2);
  }
  if (!masked) return Buffer.concat([head, payload]);
  const key = randomBytes(4);
  return Buffer.concat([head, key, payload.map((byte, at) => byte ^ (key[at % 4] as number))]);
}

/** The bytes of a close frame's payload. */
export function closePayload(code: number, reason: Uint8Array | string = ''): Buffer {
  const head = Buffer.alloc(2);
  head.writeUInt16BE(code);
  return Buffer.concat([head, Buffer.from(reason as string)]);
}

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** What an upgrade was answered with. */
export interface Handshake {
  readonly status: number;
  /** By their names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
}

/** A connection whose every byte a test decides. */
export class Wire {
  /** Frames of the server, in order. */
  readonly received: { readonly opcode: number; readonly payload: Buffer }[] = [];
  /** The server has ended the connection. */
  ended = false;
  handshake: Handshake | null = null;
  readonly #socket: Socket;
  readonly #soon: Soon;
  #unread = Buffer.alloc(0);

  private constructor(socket: Socket, soon: Soon) {
    this.#socket = socket;
    this.#soon = soon;
    socket.on('data', (bytes: Buffer) => this.#read(bytes));
    socket.on('error', () => {});
    socket.on('close', () => {
      this.ended = true;
    });
  }

  /** Connects to a server, and sends an upgrade whose lines `change` may change. */
  static async open(url: string, soon: Soon, change: (lines: string[]) => string[] = (lines) => lines): Promise<Wire> {
    const { protocol, hostname, port, host, pathname, search } = new URL(url);
    const isSecure = protocol === 'wss:';
    const place = { host: hostname, port: Number(port || (isSecure ? 443 : 80)) };
    const socket = isSecure ? connectTls({ ...place, servername: hostname }) : connectTcp(place);
    await once(socket, isSecure ? 'secureConnect' : 'connect');
    const wire = new Wire(socket, soon);
    const key = randomBytes(16).toString('base64');
    const lines = [
      `GET ${pathname}${search} HTTP/1.1`,
      `Host: ${host}`,
      'Upgrade: websocket',
      'Connection: Upgrade',
      `Sec-WebSocket-Key: ${key}`,
      'Sec-WebSocket-Version: 13',
    ];
    socket.write(`${change(lines).join('\r\n')}\r\n\r\n`);
    await soon('the upgrade is answered', () => wire.handshake !== null || wire.ended);
    return wire;
  }

  /** Whether the answer to the key in these lines is the one that section 4.2.2 asks for. */
  answers(key: string): boolean {
    const expected = createHash('sha1')
      .update(key + GUID)
      .digest('base64');
    return this.handshake?.headers.get('sec-websocket-accept') === expected;
  }

  send(...frames: readonly WireFrame[]): void {
    this.#socket.write(Buffer.concat(frames.map(wireFrame)));
  }

  /** Sends bytes one by one, each in a packet of its own as far as the network goes along. */
  async drip(bytes: Uint8Array): Promise<void> {
    this.#socket.setNoDelay(true);
    for (const byte of bytes) {
      this.#socket.write(Buffer.from([byte]));
      await new Promise((resume) => setImmediate(resume));
    }
  }

  /** The next frame of this kind that has not been asked for, taken out of `received`. */
  async next(opcode: number): Promise<Buffer> {
    const at = () => this.received.findIndex((frame) => frame.opcode === opcode);
    await this.#soon(`a frame with opcode ${opcode} comes`, () => at() >= 0 || this.ended);
    if (at() < 0) throw new Error(`The connection ended without a frame with opcode ${opcode}.`);
    return this.received.splice(at(), 1)[0]!.payload;
  }

  /** Resolves when the server answers a ping: what was sent before it did no harm. */
  async lives(): Promise<void> {
    const payload = randomBytes(8);
    this.send({ opcode: Opcode.Ping, payload });
    for (;;) if ((await this.next(Opcode.Pong)).equals(payload)) return;
  }

  /** The code the server closes with; 1005 for a close frame without one, 1006 for an end without a close frame. It has ended the connection then, or does so when it is answered. */
  async closeCode(): Promise<number> {
    const closed = () => this.received.find(({ opcode }) => opcode === Opcode.Close);
    await this.#soon('the server closes', () => closed() !== undefined || this.ended);
    const payload = closed()?.payload;
    if (payload !== undefined && !this.ended) this.send({ opcode: Opcode.Close, payload });
    await this.#soon('the connection ends', () => this.ended);
    if (payload === undefined) return 1006;
    return payload.length < 2 ? 1005 : payload.readUInt16BE();
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(bytes: Buffer): void {
    this.#unread = Buffer.concat([this.#unread, bytes]);
    if (this.handshake === null && !this.#readHandshake()) return;
    for (;;) {
      const { length: have } = this.#unread;
      const short = (this.#unread[1] ?? 0) & 127;
      const headLength = short < 126 ? 2 : short === 126 ? 4 : 10;
      if (have < headLength) return;
      const length = short < 126 ? short : short === 126 ? this.#unread.readUInt16BE(2) : Number(this.#unread.readBigUInt64BE(2));
      if (have < headLength + length) return;
      this.received.push({ opcode: this.#unread[0]! & 15, payload: this.#unread.subarray(headLength, headLength + length) });
      this.#unread = this.#unread.subarray(headLength + length);
    }
  }

  #readHandshake(): boolean {
    const end = this.#unread.indexOf('\r\n\r\n');
    if (end < 0) return false;
    const [first = '', ...lines] = this.#unread.subarray(0, end).toString('latin1').split('\r\n');
    const headers = lines.map((line): [string, string] => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    });
    this.handshake = { status: Number(first.split(' ')[1]), headers: new Map(headers) };
    this.#unread = this.#unread.subarray(end + 4);
    return true;
  }
}
