import * as Y from 'yjs';
import { forgetKnown } from './sound-update.ts';

/** A shorter tail than this is never folded, bytes. */
const LEAST_TAIL_BYTES = 64 * 1024;

/** A longer tail than this is folded when the document is unloaded, rows: each costs ~3 µs at the next load. */
const LONG_TAIL_ROWS = 2_000;

/** What has been appended since the snapshot. */
export interface Tail {
  rows: number;
  bytes: number;
}

/**
 * Whether folding pays. While the document is in use the tail must outgrow the snapshot, so that the
 * bytes of all snapshots together stay a constant multiple of the bytes appended ([S2]); when it is
 * unloaded a long tail is folded as well, so that the next load is quick.
 */
export function shouldCompact(tail: Readonly<Tail>, snapshotBytes: number, unloading: boolean): boolean {
  if (tail.bytes >= Math.max(LEAST_TAIL_BYTES, snapshotBytes)) return true;
  return unloading && tail.rows >= LONG_TAIL_ROWS && tail.bytes * 4 >= snapshotBytes;
}

/**
 * A snapshot that is exactly `merge(snapshot, updates)`. Going through a document collects deleted
 * content as the live one does, which `Y.mergeUpdates` would keep for ever; updates whose
 * dependencies are missing stay in it ([D3]).
 */
export function mergeIntoSnapshot(snapshot: Uint8Array | null, updates: readonly Uint8Array[]): Uint8Array {
  const document = new Y.Doc();
  try {
    document.transact(() => {
      if (snapshot !== null) Y.applyUpdate(document, snapshot);
      for (const update of updates) Y.applyUpdate(document, update);
    });
    forgetKnown(document);
    return Y.encodeStateAsUpdate(document);
  } finally {
    document.destroy();
  }
}
