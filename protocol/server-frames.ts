import { AuthType, FRAME_HEAD_BYTES, FrameType } from './frames.ts';
import { varUintBytes, writeVarUint } from './var-uint.ts';

/**
 * Frames for clients, each built in one allocation from Node's pool. An encoder would make three off
 * the heap, and after system calls garbage is what a keystroke costs.
 */

/** The last address, as the bytes a frame begins with: a broadcast has one, or one a receiver. */
let lastAddress = '';
let lastPrefix: Uint8Array = addressPrefix('');

/** A Sync frame; `kind` is one of `SyncType`. */
export function syncFrame(address: string, kind: number, payload: Uint8Array): Uint8Array {
  return frame(address, FrameType.Sync, kind, payload);
}

/**
 * The same around a payload that stands in memory of its own with room before it (`FRAME_HEAD_BYTES`), which is written over;
 * `null` when there is none. A copy of 8 MB would take 40 ms.
 */
export function syncFrameAround(address: string, kind: number, payload: Uint8Array): Uint8Array | null {
  return syncAround(addressPrefix(address), kind, payload);
}

/** As `syncFrameAround`, with the bytes that stand before the type. */
export function syncAround(prefix: Uint8Array, kind: number, payload: Uint8Array): Uint8Array | null {
  const length = prefix.length + 2 + varUintBytes(payload.length);
  const start = payload.byteOffset - length;
  if (length > FRAME_HEAD_BYTES || start < 0) return null;
  const bytes = Buffer.from(payload.buffer, start, length + payload.length);
  bytes.set(prefix);
  bytes[prefix.length] = FrameType.Sync;
  bytes[prefix.length + 1] = kind;
  writeVarUint(bytes, prefix.length + 2, payload.length);
  return bytes;
}

/** An Awareness frame; `update` is y-protocols'. */
export function awarenessFrame(address: string, update: Uint8Array): Uint8Array {
  return frame(address, FrameType.Awareness, null, update);
}

/** The frame that acknowledges one edit. */
export function ackFrame(address: string): Uint8Array {
  return shortFrame(address, FrameType.SyncStatus, 1);
}

/** The frame that refuses one edit: nothing of it was applied. */
export function refusalFrame(address: string): Uint8Array {
  return shortFrame(address, FrameType.SyncStatus, 0);
}

/** The frame that lets a client in, or tells it another scope: whether it may only read. */
export function authenticatedFrame(address: string, readOnly: boolean): Uint8Array {
  return frame(address, FrameType.Auth, AuthType.Authenticated, Buffer.from(readOnly ? 'readonly' : 'read-write'));
}

/** The frame that refuses a token. */
export function deniedFrame(address: string, reason: string): Uint8Array {
  return frame(address, FrameType.Auth, AuthType.PermissionDenied, Buffer.from(reason));
}

/** The frame that asks for the token that follows. */
export function tokenRequestFrame(address: string): Uint8Array {
  return shortFrame(address, FrameType.Auth, AuthType.Token);
}

/** A message that is no edit, as text. */
export function statelessFrame(address: string, text: string): Uint8Array {
  return frame(address, FrameType.Stateless, null, Buffer.from(text));
}

/** The frame that ends a client's stay in a document. */
export function closeFrame(address: string, reason: string): Uint8Array {
  return frame(address, FrameType.Close, null, Buffer.from(reason));
}

/** A frame whose body is one byte. */
function shortFrame(address: string, type: number, body: number): Uint8Array {
  const prefix = addressPrefix(address);
  const bytes = Buffer.allocUnsafe(prefix.length + 2);
  bytes.set(prefix);
  bytes[prefix.length] = type;
  bytes[prefix.length + 1] = body;
  return bytes;
}

/** Address, type, kind where there is one, and the payload with its length before it (lib0's varUint8Array). */
function frame(address: string, type: number, kind: number | null, payload: Uint8Array): Uint8Array {
  if (address !== lastAddress) {
    lastAddress = address;
    lastPrefix = addressPrefix(address);
  }
  return message(lastPrefix, type, kind, payload);
}

/** As a frame, with the bytes that stand before the type. */
export function message(prefix: Uint8Array, type: number, kind: number | null, payload: Uint8Array): Uint8Array {
  const head = prefix.length + (kind === null ? 1 : 2);
  const bytes = Buffer.allocUnsafe(head + varUintBytes(payload.length) + payload.length);
  bytes.set(prefix);
  bytes[prefix.length] = type;
  if (kind !== null) bytes[prefix.length + 1] = kind;
  const at = writeVarUint(bytes, head, payload.length);
  bytes.set(payload, at);
  return bytes;
}

function addressPrefix(address: string): Uint8Array {
  const length = Buffer.byteLength(address);
  const bytes = Buffer.alloc(varUintBytes(length) + length);
  bytes.write(address, writeVarUint(bytes, 0, length));
  return bytes;
}
