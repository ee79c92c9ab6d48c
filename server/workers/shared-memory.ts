/**
 * The same bytes in memory that threads share: they go from one to another without a copy, of which each takes 3 ms a
 * megabyte. What decodes text (`TextDecoder`, and with it Yjs) refuses them.
 */
export function inSharedMemory(bytes: Uint8Array): Uint8Array {
  if (bytes.buffer instanceof SharedArrayBuffer) return bytes;
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
  shared.set(bytes);
  return shared;
}
