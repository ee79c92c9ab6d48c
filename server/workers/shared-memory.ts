/**
 * The same bytes in memory that threads share, behind as many that are free: they go from one to another without a copy, of which each takes 3 to 5 ms a
 * megabyte. What decodes text (`TextDecoder`, and with it Yjs) refuses them.
 */
export function inSharedMemory(bytes: Uint8Array, free = 0): Uint8Array {
  if (bytes.buffer instanceof SharedArrayBuffer) return bytes;
  const shared = new Uint8Array(new SharedArrayBuffer(free + bytes.length), free);
  shared.set(bytes);
  return shared;
}
