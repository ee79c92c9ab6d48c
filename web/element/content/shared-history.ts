import type { Editor } from '@tiptap/core';
import { Collaboration, type CollaborationOptions } from '@tiptap/extension-collaboration';
import { TextSelection, type Transaction } from '@tiptap/pm/state';
import { yUndoPluginKey } from '@tiptap/y-tiptap';
import type { UndoManager } from 'yjs';
import { BLOCK_NAMES, PART_NAMES } from '../../../document/node-names.ts';
import { OWN_STEP } from '../../own-step.ts';

const BLOCKS = [...BLOCK_NAMES, ...PART_NAMES];

/**
 * Tiptap's collaboration, whose undo takes back one's own edits alone, a step at a time. After a redo the caret stands behind what came back:
 * the binding remembers it by letters that were not there then, and would put it in front.
 */
export const SharedHistory = Collaboration.extend({
  addOptions() {
    const options = this.parent?.() as CollaborationOptions;
    // A block that one made and another writes in stays when its making is undone: what is left in it is theirs.
    return { ...options, yUndoOptions: { protectedNodes: new Set(BLOCKS) } };
  },

  addCommands() {
    const commands = this.parent?.() ?? {};
    const { redo } = commands;
    if (redo === undefined) return commands;
    return {
      ...commands,
      redo: () => (props) => {
        const before = props.state.doc;
        const done = redo()(props);
        if (done && props.dispatch !== undefined) putCaretBehind(props.editor, before);
        return done;
      },
    };
  },

  onCreate() {
    const { editor } = this;
    // A step of the history is what was written in one go: elsewhere, or by pasting, dropping, cutting or moving a block, another begins.
    editor.on('beforeTransaction', ({ transaction }) => {
      // The browser tells of the caret after each letter, where it is already.
      const isMove = !transaction.docChanged && !transaction.selection.eq(editor.state.selection);
      if (isMove || isOnePiece(transaction)) managerOf(editor)?.stopCapturing();
    });
    editor.on('transaction', ({ transaction }) => isOnePiece(transaction) && managerOf(editor)?.stopCapturing());
  },
});

const isOnePiece = (transaction: Transaction) =>
  transaction.getMeta('paste') === true ||
  transaction.getMeta(OWN_STEP) === true ||
  /^(?:cut|drop)$/.test(transaction.getMeta('uiEvent') ?? '');

function managerOf({ state }: Editor): UndoManager | undefined {
  return (yUndoPluginKey.getState(state) as { readonly undoManager: UndoManager } | undefined)?.undoManager;
}

/** The binding writes what is redone at once, in a transaction of its own. */
function putCaretBehind({ view }: Editor, before: Editor['state']['doc']): void {
  const { doc, tr } = view.state;
  const start = before.content.findDiffStart(doc.content);
  const end = before.content.findDiffEnd(doc.content);
  if (start === null || end === null) return;
  // Where the same letters stand on both sides of the change, its end is found before its start.
  const behind = Math.max(end.b, start + Math.max(0, doc.content.size - before.content.size));
  const at = doc.resolve(Math.min(behind, doc.content.size));
  view.dispatch(tr.setSelection(TextSelection.near(at, -1)).setMeta('addToHistory', false).scrollIntoView());
}
