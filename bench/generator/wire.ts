import { randomFillSync } from 'node:crypto';

/** A client masks what it sends (RFC 6455, section 5.3). One mask serves all: it need not be secret here, and all frames cost a server the same. */
const MASK = randomFillSync(new Uint8Array(4)).map((byte) => byte | 1);

export const Opcode = { Binary: 2, Close: 8, Ping: 9, Pong: 10 } as const;

/** One WebSocket message of a client, made of `parts` in a row, as it goes over the wire. */
export function clientMessage(opcode: number, ...parts: readonly Uint8Array[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const extended = length < 126 ? 0 : length < 65_536 ? 2 : 8;
  const bytes = Buffer.allocUnsafe(2 + extended + 4 + length);
  bytes[0] = 0x80 | opcode;
  bytes[1] = 0x80 | (extended === 0 ? length : extended === 2 ? 126 : 127);
  if (extended === 2) bytes.writeUInt16BE(length, 2);
  if (extended === 8) bytes.writeBigUInt64BE(BigInt(length), 2);
  bytes.set(MASK, 2 + extended);
  let at = 2 + extended + 4;
  let count = 0;
  for (const part of parts) for (const byte of part) bytes[at++] = byte ^ MASK[count++ & 3]!;
  return bytes;
}

/** Where a server's message lies in the bytes read; `null` while its header is not there yet. Servers neither mask nor split theirs. */
export function serverMessageAt(bytes: Buffer, at: number, end: number): { opcode: number; body: number; length: number } | null {
  if (end - at < 2) return null;
  const first = bytes[at]!;
  if ((first & 0x80) === 0) throw new Error('The server split a message.');
  const short = bytes[at + 1]! & 0x7f;
  const opcode = first & 0x0f;
  if (short < 126) return { opcode, body: at + 2, length: short };
  if (short === 126) return end - at < 4 ? null : { opcode, body: at + 4, length: bytes.readUInt16BE(at + 2) };
  return end - at < 10 ? null : { opcode, body: at + 10, length: Number(bytes.readBigUInt64BE(at + 2)) };
}
