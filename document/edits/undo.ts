import * as Y from 'yjs';
import { InkwireError } from '../../protocol/errors.ts';
import { CONTENT_ROOT } from '../read.ts';
import { META_ROOT } from '../title.ts';
import { readable } from '../updates/readable.ts';
import { type EditMark, undoneEdits } from './made-edits.ts';

const EDIT = 'the edit';

/**
 * Takes back an edit, in a document that all these updates (format V1, in the order of the log) make up: what it deleted comes back, and what it
 * wrote goes. What others wrote since stays, also within a block that the edit brought. `write` is handed the document as it is, and what does
 * it. Throws `edit-refused` when there is no such edit, or it is taken back already.
 */
export function undoEdit<T>(
  updates: readonly Uint8Array[],
  { id, clientId }: EditMark,
  write: (document: Y.Doc, undo: () => void) => T,
): T {
  const document = new Y.Doc({ gc: false });
  const scope = [document.getXmlFragment(CONTENT_ROOT), document.getMap(META_ROOT)];
  const manager = new Y.UndoManager(scope as Y.AbstractType<unknown>[], {
    trackedOrigins: new Set([EDIT]),
    captureTimeout: 0,
    deleteFilter: (item) => !holdsOthers(item, clientId),
  });
  let found = false;
  for (const update of updates) {
    const bytes = readable(update);
    const clients: readonly number[] = [...Y.parseUpdateMeta(bytes).to.keys()];
    const isEdit: boolean = !found && clients.length === 1 && clients[0] === clientId;
    found ||= isEdit;
    Y.applyUpdate(document, bytes, isEdit ? EDIT : undefined);
  }
  if (!found) throw new InkwireError('edit-refused', 'The log of this document does not hold that edit.');
  if (undoneEdits(document).has(id)) throw new InkwireError('edit-refused', 'That edit is taken back already.');
  try {
    return write(document, () => void manager.undo());
  } finally {
    manager.destroy();
  }
}

/** Whether something that is there was written by others into what this item brought. */
function holdsOthers(item: Y.Item, clientId: number): boolean {
  if (!(item.content instanceof Y.ContentType)) return false;
  const stack: Y.AbstractType<unknown>[] = [item.content.type];
  for (let type = stack.pop(); type !== undefined; type = stack.pop()) {
    const first = type._start;
    for (let child = first; child !== null; child = child.right) {
      if (child.deleted) continue;
      if (child.id.client !== clientId && child.countable) return true;
      if (child.content instanceof Y.ContentType) stack.push(child.content.type);
    }
  }
  return false;
}
