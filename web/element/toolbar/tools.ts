import type { Editor } from '@tiptap/core';
import type { IconName } from '../../icons.ts';
import { inText } from './in-text.ts';

/** A letter set the way its style looks. */
export type Glyph = 'bold' | 'italic' | 'strike';

/** One button of the toolbar. */
export interface Tool {
  readonly label: string;
  /** In ProseMirror's notation, `Mod` being Ctrl or ⌘. */
  readonly keys?: string;
  readonly look: { readonly icon: IconName } | { readonly glyph: Glyph; readonly letter: string };
  /** Present on toggles. */
  readonly pressed?: (editor: Editor) => boolean;
  readonly enabled?: (editor: Editor) => boolean;
  /** It opens a menu at its button. */
  readonly opensMenu?: true;
  /** `button` is what was pressed: what opens, opens at it. */
  readonly run: (editor: Editor, button: HTMLButtonElement) => void;
}

export interface ToolActions {
  readonly editLink: (editor: Editor) => void;
  readonly insertImage: (editor: Editor, button: HTMLButtonElement) => void;
  readonly insertMath: (editor: Editor) => void;
  readonly find: (editor: Editor) => void;
}

/** The toolbar's buttons in groups, for `toolbar="full"`; `minimal` has the first two groups. */
export function toolGroups({ editLink, insertImage, insertMath, find }: ToolActions): Tool[][] {
  return [
    [
      toggle('Bold', 'Mod-B', { glyph: 'bold', letter: 'B' }, 'bold', (e) => inText(e).toggleBold().run()),
      toggle('Italic', 'Mod-I', { glyph: 'italic', letter: 'I' }, 'italic', (e) => inText(e).toggleItalic().run()),
      toggle('Strikethrough', 'Mod-Shift-S', { glyph: 'strike', letter: 'S' }, 'strike', (e) => inText(e).toggleStrike().run()),
      toggle('Code', 'Mod-E', { icon: 'code' }, 'code', (e) => inText(e).toggleCode().run()),
      toggle('Highlight', 'Mod-Shift-H', { icon: 'highlight' }, 'highlight', (e) => inText(e).toggleHighlight().run()),
      toggle('Link', 'Mod-K', { icon: 'link' }, 'link', editLink),
    ],
    [
      toggle('Bullet list', 'Mod-Shift-8', { icon: 'bullets' }, 'bulletList', (e) => inText(e).toggleBulletList().run()),
      toggle('Numbered list', 'Mod-Shift-7', { icon: 'numbers' }, 'orderedList', (e) => inText(e).toggleOrderedList().run()),
      toggle('Task list', 'Mod-Shift-9', { icon: 'tasks' }, 'taskList', (e) => inText(e).toggleTaskList().run()),
    ],
    [
      toggle('Quote', 'Mod-Shift-B', { icon: 'quote' }, 'blockquote', (e) => inText(e).toggleBlockquote().run()),
      toggle('Code block', 'Mod-Alt-C', { icon: 'code-block' }, 'codeBlock', (e) => inText(e).toggleCodeBlock().run()),
      {
        label: 'Table',
        look: { icon: 'table' },
        enabled: (editor) => !editor.isActive('table') && !editor.isActive('codeBlock'),
        run: (editor) => inText(editor).insertTable({ rows: 3, cols: 3, withHeaderRow: true }).run(),
      },
      {
        label: 'Image',
        look: { icon: 'image' },
        opensMenu: true,
        enabled: (editor) => !editor.isActive('codeBlock'),
        run: insertImage,
      },
      { label: 'Formula', look: { icon: 'math' }, enabled: (editor) => !editor.isActive('codeBlock'), run: insertMath },
    ],
    [
      {
        label: 'Undo',
        keys: 'Mod-Z',
        look: { icon: 'undo' },
        enabled: (editor) => editor.can().undo(),
        run: (editor) => inText(editor).undo().run(),
      },
      {
        label: 'Redo',
        keys: 'Mod-Shift-Z',
        look: { icon: 'redo' },
        enabled: (editor) => editor.can().redo(),
        run: (editor) => inText(editor).redo().run(),
      },
      { label: 'Find and replace', keys: 'Mod-Alt-F', look: { icon: 'search' }, run: find },
    ],
  ];
}

function toggle(label: string, keys: string, look: Tool['look'], name: string, run: (editor: Editor) => void): Tool {
  return { label, keys, look, pressed: (editor) => editor.isActive(name), run };
}

/** A shortcut as people read it: "⌘B" on a Mac, "Ctrl+B" elsewhere. */
export function shortcutLabel(keys: string, mac: boolean): string {
  const parts = keys.split('-');
  if (!mac) return parts.map((part) => (part === 'Mod' ? 'Ctrl' : part)).join('+');
  const signs: Record<string, string> = { Mod: '⌘', Shift: '⇧', Alt: '⌥' };
  return parts.map((part) => signs[part] ?? part).join('');
}
