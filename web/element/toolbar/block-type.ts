import type { Editor } from '@tiptap/core';
import type { MenuEntry } from '../../menu.ts';
import { OWN_STEP } from '../../own-step.ts';
import { alignColumn, columnSide } from '../tables/align-column.ts';
import { fitColumns, hasWidths, resizeColumn } from '../tables/column-width.ts';
import { inText } from './in-text.ts';

const LEVELS = [1, 2, 3, 4] as const;

/** What the block at the cursor is, as the toolbar's first button says it. */
export function blockTypeLabel(editor: Editor): string {
  for (const level of [1, 2, 3, 4, 5, 6]) if (editor.isActive('heading', { level })) return `Heading ${level}`;
  return editor.isActive('codeBlock') ? 'Code' : 'Text';
}

/** The menu behind that button. */
export function blockTypeEntries(editor: Editor): MenuEntry[] {
  return [
    {
      label: 'Text',
      hint: 'Ctrl Alt 0',
      checked: !editor.isActive('heading') && !editor.isActive('codeBlock'),
      run: () => inText(editor).setParagraph().run(),
    },
    ...LEVELS.map((level) => ({
      label: `Heading ${level}`,
      hint: `Ctrl Alt ${level}`,
      checked: editor.isActive('heading', { level }),
      run: () => inText(editor).setHeading({ level }).run(),
    })),
  ];
}

const SIDES = [
  ['left', 'Column to the left'],
  ['center', 'Column in the middle'],
  ['right', 'Column to the right'],
] as const;

/** The menu for the table at the cursor. */
export function tableEntries(editor: Editor): MenuEntry[] {
  const item = (label: string, run: () => boolean) => ({ label, run: () => void run() });
  const chain = () => inText(editor).setMeta(OWN_STEP, true);
  return [
    item('Insert row above', () => chain().addRowBefore().run()),
    item('Insert row below', () => chain().addRowAfter().run()),
    item('Delete row', () => chain().deleteRow().run()),
    'line',
    item('Insert column before', () => chain().addColumnBefore().run()),
    item('Insert column after', () => chain().addColumnAfter().run()),
    item('Delete column', () => chain().deleteColumn().run()),
    'line',
    ...SIDES.map(([side, label]) => {
      const isOn = columnSide(editor) === side;
      return { label, checked: isOn, run: () => alignColumn(editor, isOn ? null : side) };
    }),
    'line',
    { label: 'Wider column', hint: 'Alt Shift →', run: () => void resizeColumn(editor, 'wider') },
    { label: 'Narrower column', hint: 'Alt Shift ←', run: () => void resizeColumn(editor, 'narrower') },
    ...(hasWidths(editor) ? [item('Columns as wide as needed', () => fitColumns(editor))] : []),
    'line',
    item('Header row', () => chain().toggleHeaderRow().run()),
    item('Header column', () => chain().toggleHeaderColumn().run()),
    item('Merge or split cells', () => chain().mergeOrSplit().run()),
    'line',
    { label: 'Delete table', danger: true, run: () => void chain().deleteTable().run() },
  ];
}
