import type { ChainedCommands, Editor } from '@tiptap/core';

/** A chain of commands with the focus back in the text at once: Tiptap's own `focus` waits for a frame, in which a quick typist loses letters. */
export function inText(editor: Editor): ChainedCommands {
  editor.view.focus();
  return editor.chain();
}
