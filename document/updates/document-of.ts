import * as Y from 'yjs';
import { readable } from './readable.ts';

/** The document that these updates (format V1) make up. */
export function documentOf(updates: readonly Uint8Array[]): Y.Doc {
  const document = new Y.Doc();
  document.transact(() => {
    for (const update of updates) Y.applyUpdate(document, readable(update));
  });
  return document;
}
