import * as Y from 'yjs';
import { InkwireError } from '../../protocol/errors.ts';
import { IdRanges } from '../differences/id-ranges.ts';
import { CONTENT_ROOT } from '../read.ts';
import { META_ROOT } from '../title.ts';
import { readable } from '../updates/readable.ts';
import { type EditMark, editsIn, isTakenBack, isWithin } from './made-edits.ts';

/** An update (format V1) of a log, and whether it is to be taken back. */
export interface Undoable {
  readonly data: Uint8Array;
  readonly isUndone: boolean;
}

/**
 * Takes back an edit, in a document that all these updates (format V1, in the order of the log) make up: what it deleted comes back, and what it
 * wrote goes. What others wrote since stays, also within a block that the edit brought. `write` is handed the document as it is, and what does
 * it. Throws `edit-refused` when there is no such edit, or it is taken back already.
 */
export function undoEdit<T>(
  updates: readonly Uint8Array[],
  { id, clientId, author }: EditMark & { readonly author: string | null },
  write: (document: Y.Doc, undo: () => void) => T,
): T {
  let found = false;
  const log = updates.map((data): Undoable => {
    const clients: readonly number[] = found ? [] : [...Y.parseUpdateMeta(readable(data)).to.keys()];
    const isUndone = clients.length === 1 && clients[0] === clientId;
    found ||= isUndone;
    return { data, isUndone };
  });
  if (!found) throw new InkwireError('edit-refused', 'The log of this document does not hold that edit.');
  return undoUpdates(null, log, (document, undo) => {
    const edits = editsIn(document);
    const seq = log.findIndex(({ isUndone }) => isUndone) + 1;
    if (isTakenBack(id, edits) || edits.some(({ span }) => span !== undefined && isWithin(span, { seq, author })))
      throw new InkwireError('edit-refused', 'That edit is taken back already.');
    return write(document, undo);
  });
}

/** The same of any updates of a log, which goes on from a state (format V1; `null` when it is all there is) to the document as it is. */
export function undoUpdates<T>(base: Uint8Array | null, log: readonly Undoable[], write: (document: Y.Doc, undo: () => void) => T): T {
  const document = new Y.Doc({ gc: false });
  if (base !== null) Y.applyUpdate(document, readable(base));
  const scope = [document.getXmlFragment(CONTENT_ROOT), document.getMap(META_ROOT)];
  const own = new IdRanges<true>(true);
  const manager = new Y.UndoManager(scope as Y.AbstractType<unknown>[], {
    trackedOrigins: new Set([UNDONE]),
    // All of them are one step.
    captureTimeout: Number.POSITIVE_INFINITY,
    deleteFilter: (item) => !holdsOthers(item, own),
  });
  for (const { data, isUndone } of log) {
    const update = readable(data);
    if (isUndone) for (const { id, length } of Y.decodeUpdate(update).structs) own.add(id.client, id.clock, length, true);
    Y.applyUpdate(document, update, isUndone ? UNDONE : undefined);
  }
  try {
    return write(document, () => void manager.undo());
  } finally {
    manager.destroy();
  }
}

const UNDONE = 'undone';

/** Whether something that is there was written by others into what this item brought. */
function holdsOthers(item: Y.Item, own: IdRanges<true>): boolean {
  if (!(item.content instanceof Y.ContentType)) return false;
  const stack: Y.AbstractType<unknown>[] = [item.content.type];
  for (let type = stack.pop(); type !== undefined; type = stack.pop()) {
    const first = type._start;
    for (let child = first; child !== null; child = child.right) {
      if (child.deleted) continue;
      if (child.countable && own.cut(child.id.client, child.id.clock, child.length).some(({ value }) => value === undefined)) return true;
      if (child.content instanceof Y.ContentType) stack.push(child.content.type);
    }
  }
  return false;
}
