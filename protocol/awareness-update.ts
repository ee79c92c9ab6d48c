import { varUintBytes, writeVarUint } from './var-uint.ts';

/** An awareness update (y-protocols) of one client; `state` is JSON. */
export function presenceUpdate(clientId: number, clock: number, state: Uint8Array): Uint8Array {
  const bytes = Buffer.allocUnsafe(1 + varUintBytes(clientId) + varUintBytes(clock) + varUintBytes(state.length) + state.length);
  const at = writeVarUint(bytes, writeVarUint(bytes, writeVarUint(bytes, 0, 1), clientId), clock);
  bytes.set(state, writeVarUint(bytes, at, state.length));
  return bytes;
}
