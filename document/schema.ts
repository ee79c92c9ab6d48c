import { type Extensions, getSchema } from '@tiptap/core';
import { Blockquote } from '@tiptap/extension-blockquote';
import { Code } from '@tiptap/extension-code';
import { CodeBlock } from '@tiptap/extension-code-block';
import { BulletList, ListItem, OrderedList, TaskItem, TaskList } from '@tiptap/extension-list';
import { Table, TableCell, TableHeader, TableRow } from '@tiptap/extension-table';
import StarterKit from '@tiptap/starter-kit';
import { Comment } from './nodes/comment.ts';
import { Highlight } from './nodes/highlight.ts';
import { Image, InlineImage } from './nodes/image.ts';
import { BlockMath, InlineMath } from './nodes/math.ts';
import { Deletion, Insertion, Modification } from './nodes/suggestion.ts';
import { isSafeLink } from './safe-url.ts';

/**
 * Version of the schema. It only ever grows: nodes, marks and attributes are added, never renamed or
 * removed, because an editor deletes from the shared document what its schema does not know.
 */
export const SCHEMA_VERSION = 1;

// Code keeps the marks that speak about text (Tiptap's code block takes none), and inline code goes
// with every other mark (Tiptap's excludes them all): a link around code is common in Markdown.
const ABOUT_TEXT = 'comment insertion deletion modification';

// `*` where Tiptap has `+` or asks for a first paragraph: while two people edit, an item can be
// without one for a moment, and an editor deletes a node whose content its schema refuses, with the
// text in it. Tables and the document itself keep `+`: their commands rely on a filled cell, an empty
// document on a paragraph to write in.
const starterKit = StarterKit.configure({
  bulletList: false,
  orderedList: false,
  listItem: false,
  blockquote: false,
  code: false,
  codeBlock: false,
  undoRedo: false,
  // Adds a paragraph from every client that opens the document.
  trailingNode: false,
  link: {
    openOnClick: false,
    isAllowedUri: isSafeLink,
    HTMLAttributes: { target: null, rel: null, class: null },
  },
});

/** A fence's words after the language, such as `title="a.ts"`; `frontmatter` and `raw` mark what a Markdown file had around its text. */
const codeMeta = { default: null, rendered: false };

/**
 * The editor's nodes and marks, and their keys and commands. A view adds collaboration, undo and
 * carets, and draws math (`inlineMath`, `blockMath` show their source here).
 */
export function extensions(): Extensions {
  return [
    starterKit,
    Blockquote.extend({ content: 'block*' }),
    BulletList.extend({ content: 'listItem*' }),
    OrderedList.extend({ content: 'listItem*' }),
    ListItem.extend({ content: 'block*' }),
    TaskList.extend({ content: 'taskItem*' }),
    TaskItem.extend({ content: 'block*' }).configure({ nested: true }),
    Code.extend({ excludes: 'code' }),
    CodeBlock.extend({
      marks: ABOUT_TEXT,
      addAttributes() {
        return { ...this.parent?.(), meta: codeMeta };
      },
    }),
    Table,
    TableRow,
    TableHeader,
    TableCell,
    Image,
    InlineImage,
    InlineMath,
    BlockMath,
    Highlight,
    Comment,
    Insertion,
    Deletion,
    Modification,
  ];
}

/** The schema as ProseMirror uses it, in the browser and on the server. */
export const schema = getSchema(extensions());
