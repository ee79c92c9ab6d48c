import * as Y from 'yjs';
import { applyUpdates } from './document-of.ts';
import { forgetKnown } from './sound-update.ts';

/**
 * A snapshot that is exactly `merge(snapshot, updates)`. Going through a document collects deleted
 * content as the live one does, which `Y.mergeUpdates` would keep for ever; updates whose
 * dependencies are missing stay in it ([D3]).
 */
export function mergeIntoSnapshot(snapshot: Uint8Array | null, updates: readonly Uint8Array[]): Uint8Array {
  const document = new Y.Doc();
  try {
    if (snapshot !== null) Y.applyUpdate(document, snapshot);
    applyUpdates(document, updates);
    forgetKnown(document);
    return Y.encodeStateAsUpdate(document);
  } finally {
    document.destroy();
  }
}
