import type { Editor } from '@tiptap/core';
import type { MenuEntry } from '../../menu.ts';
import { blockTypeEntries } from './block-type.ts';
import { inText } from './in-text.ts';

/** What a block can become. */
export function turnIntoEntries(editor: Editor): MenuEntry[] {
  return [
    ...blockTypeEntries(editor),
    'line',
    { label: 'Bullet list', icon: 'bullets', run: () => inText(editor).toggleBulletList().run() },
    { label: 'Numbered list', icon: 'numbers', run: () => inText(editor).toggleOrderedList().run() },
    { label: 'Task list', icon: 'tasks', run: () => inText(editor).toggleTaskList().run() },
    { label: 'Quote', icon: 'quote', run: () => inText(editor).toggleBlockquote().run() },
    { label: 'Code block', icon: 'code-block', run: () => inText(editor).toggleCodeBlock().run() },
  ];
}
