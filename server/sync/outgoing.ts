import { FrameType } from '../../protocol/frames.ts';

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

/** An Awareness frame; `update` is y-protocols'. */
export function awarenessFrame(address: string, update: Uint8Array): Uint8Array {
  return frame(address, FrameType.Awareness, null, update);
}

/** The frame that acknowledges one edit. */
export function ackFrame(address: string): Uint8Array {
  return syncStatusFrame(address, 1);
}

/** The frame that refuses one edit: nothing of it was applied. */
export function refusalFrame(address: string): Uint8Array {
  return syncStatusFrame(address, 0);
}

function syncStatusFrame(address: string, applied: 0 | 1): Uint8Array {
  const prefix = addressPrefix(address);
  const bytes = Buffer.allocUnsafe(prefix.length + 2);
  bytes.set(prefix);
  bytes[prefix.length] = FrameType.SyncStatus;
  bytes[prefix.length + 1] = applied;
  return bytes;
}

/** What an Awareness frame holds (y-protocols), of one client; `state` is JSON. */
export function presenceUpdate(clientId: number, clock: number, state: Uint8Array): Uint8Array {
  const bytes = Buffer.allocUnsafe(1 + varUintBytes(clientId) + varUintBytes(clock) + varUintBytes(state.length) + state.length);
  const at = writeVarUint(bytes, writeVarUint(bytes, writeVarUint(bytes, 0, 1), clientId), clock);
  bytes.set(state, writeVarUint(bytes, at, state.length));
  return bytes;
}

/** Address, type, kind where there is one, and the payload with its length before it (lib0's varUint8Array). */
function frame(address: string, type: number, kind: number | null, payload: Uint8Array): Uint8Array {
  if (address !== lastAddress) {
    lastAddress = address;
    lastPrefix = addressPrefix(address);
  }
  const head = lastPrefix.length + (kind === null ? 1 : 2);
  const bytes = Buffer.allocUnsafe(head + varUintBytes(payload.length) + payload.length);
  bytes.set(lastPrefix);
  bytes[lastPrefix.length] = type;
  if (kind !== null) bytes[lastPrefix.length + 1] = kind;
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

function varUintBytes(value: number): number {
  let bytes = 1;
  for (let rest = value; rest > 127; rest = Math.floor(rest / 128)) bytes++;
  return bytes;
}

/** lib0's varUint: seven bits a byte, the lowest first. Returns the offset behind it. */
function writeVarUint(bytes: Uint8Array, at: number, value: number): number {
  let rest = value;
  let next = at;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes[next++] = (rest % 128) | 128;
  bytes[next++] = rest;
  return next;
}
