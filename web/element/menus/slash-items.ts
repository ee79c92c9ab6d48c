import type { Editor, Range } from '@tiptap/core';
import { CALLOUT_KINDS, calloutTitle } from '../../../document/nodes/callout.ts';
import type { IconName } from '../../icons.ts';
import { insertDetails, insertFootnote, setCallout } from './insert-aside.ts';

/** What the slash menu offers. */
export interface SlashItem {
  readonly label: string;
  readonly icon: IconName;
  /** How to get it without the menu. */
  readonly hint: string;
  /** Words that also find it. */
  readonly words: string;
  readonly run: (editor: Editor, range: Range) => void;
}

/** Things of the toolbar that open a field of their own. */
export type OpenField = (field: 'pictures' | 'files' | 'image' | 'inlineMath' | 'blockMath', editor: Editor) => void;

/** All items, in the order shown. */
export function slashItems(openField: OpenField): SlashItem[] {
  const cleared = (editor: Editor, range: Range) => editor.chain().focus().deleteRange(range);
  const heading = (level: 1 | 2 | 3): SlashItem => ({
    label: `Heading ${level}`,
    icon: 'heading',
    hint: '#'.repeat(level),
    words: `h${level} title section`,
    run: (editor, range) => cleared(editor, range).setHeading({ level }).run(),
  });
  return [
    {
      label: 'Text',
      icon: 'text',
      hint: '',
      words: 'paragraph plain',
      run: (editor, range) => cleared(editor, range).setParagraph().run(),
    },
    heading(1),
    heading(2),
    heading(3),
    { label: 'Bullet list', icon: 'bullets', hint: '-', words: 'ul unordered', run: (e, r) => cleared(e, r).toggleBulletList().run() },
    { label: 'Numbered list', icon: 'numbers', hint: '1.', words: 'ol ordered', run: (e, r) => cleared(e, r).toggleOrderedList().run() },
    { label: 'Task list', icon: 'tasks', hint: '[ ]', words: 'todo checkbox check', run: (e, r) => cleared(e, r).toggleTaskList().run() },
    { label: 'Quote', icon: 'quote', hint: '>', words: 'blockquote citation', run: (e, r) => cleared(e, r).toggleBlockquote().run() },
    {
      label: 'Code block',
      icon: 'code-block',
      hint: '```',
      words: 'fence pre program',
      run: (e, r) => cleared(e, r).toggleCodeBlock().run(),
    },
    ...CALLOUT_KINDS.map(
      (kind): SlashItem => ({
        label: calloutTitle(kind),
        icon: 'callout',
        hint: 'callout',
        words: 'callout alert admonition box',
        run: (editor, range) => setCallout(editor, range, kind),
      }),
    ),
    { label: 'Collapsible section', icon: 'details', hint: '', words: 'details summary toggle accordion', run: insertDetails },
    { label: 'Footnote', icon: 'footnote', hint: '', words: 'note reference citation', run: insertFootnote },
    {
      label: 'Table',
      icon: 'table',
      hint: '',
      words: 'grid rows columns',
      run: (editor, range) => cleared(editor, range).insertTable({ rows: 3, cols: 3, withHeaderRow: true }).run(),
    },
    {
      label: 'Formula',
      icon: 'math',
      hint: '$$',
      words: 'math latex equation katex',
      run: (editor, range) => {
        cleared(editor, range).run();
        openField('blockMath', editor);
      },
    },
    {
      label: 'Formula in the line',
      icon: 'math',
      hint: '$',
      words: 'math latex inline katex',
      run: (editor, range) => {
        cleared(editor, range).run();
        openField('inlineMath', editor);
      },
    },
    {
      label: 'Image',
      icon: 'image',
      hint: 'from this device',
      words: 'picture photo upload camera',
      run: (editor, range) => {
        cleared(editor, range).run();
        openField('pictures', editor);
      },
    },
    {
      label: 'Image by address',
      icon: 'image',
      hint: 'https:',
      words: 'picture photo url web',
      run: (editor, range) => {
        cleared(editor, range).run();
        openField('image', editor);
      },
    },
    {
      label: 'File',
      icon: 'file',
      hint: 'from this device',
      words: 'attachment upload pdf document',
      run: (editor, range) => {
        cleared(editor, range).run();
        openField('files', editor);
      },
    },
    {
      label: 'Rule',
      icon: 'rule',
      hint: '---',
      words: 'divider line separator hr',
      run: (e, r) => cleared(e, r).setHorizontalRule().run(),
    },
  ];
}

/** The items a query finds: labels that start with it first, then words of the label, then its other words. */
export function findItems<T extends Pick<SlashItem, 'label' | 'words'>>(items: readonly T[], query: string): T[] {
  const wanted = query.trim().toLocaleLowerCase();
  if (wanted === '') return [...items];
  const rank = ({ label, words }: T) => {
    const lower = label.toLocaleLowerCase();
    if (lower.startsWith(wanted)) return 0;
    if (lower.split(' ').some((word) => word.startsWith(wanted))) return 1;
    return words.split(' ').some((word) => word.startsWith(wanted)) ? 2 : 3;
  };
  return items
    .map((item) => ({ item, rank: rank(item) }))
    .filter((ranked) => ranked.rank < 3)
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
}
