import { type Editor, Extension, InputRule } from '@tiptap/core';
import { NodeSelection } from '@tiptap/pm/state';
import { duplicateBlock, moveBlock } from '../bubble/block-commands.ts';
import { loadChrome } from '../chrome/chrome-loader.ts';
import { resizeColumn } from '../tables/column-width.ts';
import { selectAllOfCell } from '../tables/select-cell.ts';

/** Keys and input rules beside those of the schema's own extensions. */
export function shortcuts(focusToolbar: () => boolean, openHistory: () => boolean): Extension {
  return Extension.create({
    name: 'shortcuts',
    addKeyboardShortcuts() {
      return {
        'Mod-k': ({ editor }) => {
          void loadChrome().then(({ editLink }) => editLink(editor));
          return true;
        },
        // Ctrl/⌘ F stays the browser's own.
        'Mod-Alt-f': ({ editor }) => find(editor),
        'Mod-h': ({ editor }) => find(editor),
        // As in Google Docs.
        'Mod-Alt-Shift-h': () => openHistory(),
        'Alt-Shift-ArrowUp': ({ editor }) => moveBlock(editor, 'up'),
        'Alt-Shift-ArrowDown': ({ editor }) => moveBlock(editor, 'down'),
        'Alt-Shift-ArrowRight': ({ editor }) => resizeColumn(editor, 'wider'),
        'Alt-Shift-ArrowLeft': ({ editor }) => resizeColumn(editor, 'narrower'),
        'Mod-a': ({ editor }) => selectAllOfCell(editor),
        'Mod-Shift-d': ({ editor }) => duplicateBlock(editor),
        Enter: ({ editor }) => openSelectedMath(editor),
        'Alt-F10': () => focusToolbar(),
        // Escape, then Tab leaves the editor: nobody is trapped in a list or a table.
        Escape: ({ editor }) => leaveOnNextTab(editor),
      };
    },
    addInputRules() {
      const { inlineMath, blockMath } = this.editor.schema.nodes;
      return [
        new InputRule({
          // $…$ as Pandoc reads it: no space inside the dollars, no digit after them, so that prices stay prices.
          find: /(?:^|[^$\\\w])(\$([^\s$](?:[^$\n]*[^\s$\\])?)\$)([^\d$])$/,
          handler: ({ state, range, match }) => {
            const [, whole = '', latex = '', after = ''] = match;
            const end = range.to;
            const start = end - (whole.length + after.length - 1);
            if (inlineMath !== undefined) state.tr.replaceWith(start, end, [inlineMath.create({ latex }), state.schema.text(after)]);
          },
        }),
        new InputRule({
          find: /^\$\$([^$\n]+)\$\$$/,
          handler: ({ state, range, match }) => {
            const at = state.doc.resolve(range.from);
            if (blockMath !== undefined)
              state.tr.replaceRangeWith(at.before(), at.after(), blockMath.create({ latex: (match[1] ?? '').trim() }));
          },
        }),
      ];
    },
  });
}

function find(editor: Editor): boolean {
  void loadChrome().then(({ openFind }) => openFind(editor));
  return true;
}

function leaveOnNextTab(editor: Editor): boolean {
  const { dom } = editor.view;
  const onKey = (event: KeyboardEvent) => {
    // Past ProseMirror's own handler, which would indent or move to the next cell.
    if (event.key === 'Tab') event.stopImmediatePropagation();
    if (event.key !== 'Shift') dom.removeEventListener('keydown', onKey, true);
  };
  dom.addEventListener('keydown', onKey, true);
  return false;
}

function openSelectedMath(editor: Editor): boolean {
  const { selection } = editor.state;
  if (!(selection instanceof NodeSelection) || !selection.node.type.name.endsWith('Math')) return false;
  void loadChrome().then(({ editSelectedMath }) => editSelectedMath(editor));
  return true;
}
