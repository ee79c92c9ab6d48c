import type { Editor } from '@tiptap/core';
import { TextSelection } from '@tiptap/pm/state';
import { CellSelection, cellAround } from '@tiptap/pm/tables';

/** Selects all that the cell at the selection holds; false outside of one, and where it is selected already. */
export function selectAllOfCell(editor: Editor): boolean {
  const { state, view } = editor;
  const { doc, selection } = state;
  const $cell = cellAround(selection.$from);
  if ($cell === null || selection instanceof CellSelection) return false;
  const end = $cell.pos + $cell.nodeAfter!.nodeSize;
  const whole = TextSelection.between(doc.resolve($cell.pos + 1), doc.resolve(end - 1));
  if (selection.to > end || (selection.from <= whole.from && selection.to >= whole.to)) return false;
  view.dispatch(state.tr.setSelection(whole));
  return true;
}
