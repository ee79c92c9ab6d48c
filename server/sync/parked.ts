/** Whether what Yjs has parked is more than before: it grows it in place, so the bytes tell. */
export function grew(before: Uint8Array | null | undefined, after: Uint8Array | null | undefined): boolean {
  if (after === null || after === undefined || after === before) return false;
  return before === null || before === undefined || before.length !== after.length || before.some((byte, at) => byte !== after[at]);
}
