import * as Y from 'yjs';
import type { CutEdit, CutJob } from '../../document/updates/cut-edit.ts';
import { readable } from '../../document/updates/readable.ts';
import type { LoadedDocument } from '../../persistence/document-store.ts';
import { FROM_LOG } from './origin.ts';
import { Turns } from './turns.ts';

type Stored = Pick<LoadedDocument, 'snapshot' | 'updates'>;

/** A document that is larger is filled in slices, bytes: a thread that cuts may have to start first, for up to 300 ms. */
const HEAVY_DOCUMENT_BYTES = 512 * 1024;

/** Of such a one, an update that is no larger is applied at once, bytes: a few milliseconds. */
const AT_ONCE_BYTES = 64 * 1024;

/** Small updates applied in one transaction: about a millisecond. */
const TOGETHER = 100;

/** Whether to fill a document with it takes longer than others should wait. */
export function isHeavy({ snapshot, updates }: Stored): boolean {
  return updates.reduce((sum, { length }) => sum + length, snapshot?.length ?? 0) > HEAVY_DOCUMENT_BYTES;
}

/** Fills an empty document with what was loaded. */
export function fill(document: Y.Doc, stored: Stored): void {
  document.transact(() => {
    for (const update of partsOf(stored)) Y.applyUpdate(document, readable(update), FROM_LOG);
  }, FROM_LOG);
}

/** The same a slice at a time, while others are served ([L4]). */
export async function fillInSlices(document: Y.Doc, stored: Stored, cut: (job: CutJob) => Promise<CutEdit>): Promise<void> {
  const parts = partsOf(stored);
  const turns = new Turns();
  await turns.next();
  for (let at = 0; at < parts.length; ) {
    const part = parts[at]!;
    if (part.length > AT_ONCE_BYTES) {
      at++;
      const known = Y.decodeStateVector(Y.encodeStateVector(document));
      // A copy: it is handed to a thread, and the others stand in the same memory. A Buffer's own slice is none.
      const update = part.buffer instanceof SharedArrayBuffer ? part : new Uint8Array(part);
      const { slices, isPartial } = await cut({ update, known });
      for (const slice of isPartial ? [...slices, readable(part)] : slices) {
        Y.applyUpdate(document, slice, FROM_LOG);
        await turns.orNext();
      }
    } else {
      const next = parts.slice(at, at + TOGETHER);
      const large = next.findIndex(({ length }) => length > AT_ONCE_BYTES);
      const count = large < 0 ? next.length : large;
      fill(document, { snapshot: null, updates: parts.slice(at, at + count) });
      at += count;
      await turns.orNext();
    }
  }
}

function partsOf({ snapshot, updates }: Stored): readonly Uint8Array[] {
  return snapshot === null ? updates : [snapshot, ...updates];
}
