/** A number of bytes for a person. */
export function megabytes(bytes: number): string {
  return bytes < 100_000
    ? `${bytes.toLocaleString('en-US')} bytes`
    : `${(bytes / 1e6).toLocaleString('en-US', { maximumFractionDigits: 1 })} MB`;
}
