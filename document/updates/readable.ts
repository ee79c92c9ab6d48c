/** Bytes as Yjs reads them: a copy of what stands in memory that threads share, which `TextDecoder` refuses. */
export function readable(bytes: Uint8Array): Uint8Array {
  return bytes.buffer instanceof SharedArrayBuffer ? new Uint8Array(bytes) : bytes;
}
