import type { Editor } from '@tiptap/core';
import { isInTable, selectedRect } from '@tiptap/pm/tables';

import { OWN_STEP } from '../../own-step.ts';

export type Side = 'left' | 'center' | 'right';

/** The side that the columns at the selection are on; `null` where nothing is said, or they differ. */
export function columnSide(editor: Editor): Side | null {
  const sides = new Set(cellsOf(editor).map((position) => editor.state.doc.nodeAt(position)?.attrs.align ?? null));
  return sides.size === 1 ? [...sides][0] : null;
}

/** Puts the columns at the selection on a side, every row of them; one undo takes it back. */
export function alignColumn(editor: Editor, side: Side | null): void {
  const tr = editor.state.tr.setMeta(OWN_STEP, true);
  for (const position of cellsOf(editor)) tr.setNodeAttribute(position, 'align', side);
  if (tr.docChanged) editor.view.dispatch(tr);
  editor.view.focus();
}

/** Where the cells of the columns at the selection stand. */
function cellsOf({ state }: Editor): number[] {
  if (!isInTable(state)) return [];
  const { left, right, map, tableStart } = selectedRect(state);
  return map.cellsInRect({ left, right, top: 0, bottom: map.height }).map((position) => tableStart + position);
}
