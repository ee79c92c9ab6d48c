/** A shorter tail than this is never compacted, bytes. */
const MIN_TAIL_BYTES = 64 * 1024;

/** A longer tail than this is compacted when the document is unloaded, rows: each costs ~3 µs at the next load. */
const LONG_TAIL_ROWS = 2_000;

/** What has been appended since the snapshot. */
export interface Tail {
  rows: number;
  bytes: number;
}

/**
 * Whether compaction pays. While the document is in use the tail must outgrow the snapshot, so that the
 * bytes of all snapshots together stay a constant multiple of the bytes appended ([S2]); when it is
 * unloaded a long tail is compacted as well, so that the next load is quick.
 */
export function shouldCompact(tail: Readonly<Tail>, snapshotBytes: number, unloading: boolean): boolean {
  if (tail.bytes >= Math.max(MIN_TAIL_BYTES, snapshotBytes)) return true;
  return unloading && tail.rows >= LONG_TAIL_ROWS && tail.bytes * 4 >= snapshotBytes;
}
