import type { Editor } from '@tiptap/core';
import { type EditorState, NodeSelection, Selection, type Transaction } from '@tiptap/pm/state';
import { OWN_STEP } from '../../own-step.ts';

/** A block among its siblings: one of the document, or an item of a list. */
export interface Block {
  readonly position: number;
  readonly size: number;
  /** Where the sibling before it begins, and where the one after it ends; `null` at an edge. */
  readonly before: number | null;
  readonly after: number | null;
}

const ITEMS = ['listItem', 'taskItem'];

/** The block that the selection is in: the innermost item of a list, else one of the document's own. */
export function blockAtSelection({ selection }: EditorState): Block | null {
  const { $from } = selection;
  if (selection instanceof NodeSelection && $from.depth === 0) return blockAt(selection);
  for (let depth = $from.depth; depth > 0; depth--) {
    if (depth > 1 && !ITEMS.includes($from.node(depth).type.name)) continue;
    const parent = $from.node(depth - 1);
    const index = $from.index(depth - 1);
    const position = $from.before(depth);
    const { nodeSize } = $from.node(depth);
    return {
      position,
      size: nodeSize,
      before: index === 0 ? null : position - parent.child(index - 1).nodeSize,
      after: index === parent.childCount - 1 ? null : position + nodeSize + parent.child(index + 1).nodeSize,
    };
  }
  return null;
}

function blockAt({ $from, node }: NodeSelection): Block {
  const { pos: position, parent } = $from;
  const index = $from.index();
  return {
    position,
    size: node.nodeSize,
    before: index === 0 ? null : position - parent.child(index - 1).nodeSize,
    after: index === parent.childCount - 1 ? null : position + node.nodeSize + parent.child(index + 1).nodeSize,
  };
}

/** Moves the block past its neighbour, the selection in it; true also at an edge, where there is nothing to do. */
export function moveBlock(editor: Editor, to: 'up' | 'down'): boolean {
  const { state, view } = editor;
  const block = blockAtSelection(state);
  if (block === null || !editor.isEditable) return false;
  const target = to === 'up' ? block.before : block.after;
  const node = state.doc.nodeAt(block.position);
  if (target === null || node === null) return true;
  const tr = state.tr.delete(block.position, block.position + block.size);
  const at = tr.mapping.map(target);
  tr.insert(at, node);
  view.dispatch(
    withSelection(tr, state, at - block.position)
      .setMeta(OWN_STEP, true)
      .scrollIntoView(),
  );
  return true;
}

/** Puts a copy behind the block, the selection in the copy. */
export function duplicateBlock(editor: Editor): boolean {
  const { state, view } = editor;
  const block = blockAtSelection(state);
  const node = block === null ? null : state.doc.nodeAt(block.position);
  if (block === null || node === null || !editor.isEditable) return false;
  const tr = state.tr.insert(block.position + block.size, node);
  view.dispatch(withSelection(tr, state, block.size).setMeta(OWN_STEP, true).scrollIntoView());
  return true;
}

export function deleteBlock(editor: Editor): void {
  const { state, view } = editor;
  const block = blockAtSelection(state);
  if (block === null || !editor.isEditable) return;
  // The last item goes with its list, the last block leaves a paragraph to write in.
  const $at = state.doc.resolve(block.position);
  const isAlone = $at.parent.childCount === 1 && $at.depth > 0;
  const [from, to] = isAlone ? [$at.before(), $at.after()] : [block.position, block.position + block.size];
  const tr = state.tr.deleteRange(from, to).setMeta(OWN_STEP, true);
  view.dispatch(tr.setSelection(Selection.near(tr.doc.resolve(Math.min(from, tr.doc.content.size)))).scrollIntoView());
  view.focus();
}

/** The selection as it was in the block, `by` further on. */
function withSelection(tr: Transaction, { selection }: EditorState, by: number): Transaction {
  const json = selection.toJSON() as { type: string; anchor: number; head?: number };
  const moved = { ...json, anchor: json.anchor + by, ...(json.head === undefined ? {} : { head: json.head + by }) };
  return tr.setSelection(Selection.fromJSON(tr.doc, moved));
}
