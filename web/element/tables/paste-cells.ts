import type { Slice } from '@tiptap/pm/model';
import { handlePaste } from '@tiptap/pm/tables';
import type { EditorView } from '@tiptap/pm/view';

/**
 * Fills the cells at the selection with those of a pasted table, or selected cells with whatever is pasted, as one step
 * of the history; false where neither is at hand.
 */
export function pasteCells(view: EditorView, slice: Slice): boolean {
  const inOneStep = Object.create(view, {
    dispatch: { value: (tr: EditorView['state']['tr']) => view.dispatch(tr.setMeta('paste', true).scrollIntoView()) },
  }) as EditorView;
  return handlePaste(inOneStep, new ClipboardEvent('paste'), slice);
}
