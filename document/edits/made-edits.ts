import * as Y from 'yjs';
import { META_ROOT } from '../title.ts';

/** The key in `meta` under which a document has the mark of the last edit over HTTP: so each leaves something under its client id, a deletion too. */
export const EDIT_KEY = 'edit';

/** What tells an edit from all others: its id, which the document has from then on, and the client id that it alone is written under. */
export interface EditMark {
  readonly id: string;
  readonly clientId: number;
}

/** The edits that are taken back, of a document from which nothing that was deleted is gone. One whose undo is taken back is not among them. */
export function undoneEdits(document: Y.Doc): ReadonlySet<string> {
  const undoneBy = new Map<string, Set<string>>();
  for (let item = document.getMap(META_ROOT)._map.get(EDIT_KEY) ?? null; item !== null; item = item.left) {
    if (!(item.content instanceof Y.ContentAny)) continue;
    for (const mark of item.content.arr as unknown[]) {
      if (typeof mark !== 'object' || mark === null || !('undoes' in mark) || !('id' in mark)) continue;
      const undoes = String(mark.undoes);
      undoneBy.set(undoes, (undoneBy.get(undoes) ?? new Set()).add(String(mark.id)));
    }
  }
  const isUndone = (id: string, seen: ReadonlySet<string>): boolean =>
    [...(undoneBy.get(id) ?? [])].some((by) => !seen.has(by) && !isUndone(by, new Set([...seen, by])));
  return new Set([...undoneBy.keys()].filter((id) => isUndone(id, new Set([id]))));
}
