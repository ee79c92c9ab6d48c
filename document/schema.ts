import { type Extensions, getSchema } from '@tiptap/core';
import { Blockquote } from '@tiptap/extension-blockquote';
import { Bold } from '@tiptap/extension-bold';
import { Code } from '@tiptap/extension-code';
import { CodeBlock } from '@tiptap/extension-code-block';
import { Document } from '@tiptap/extension-document';
import { HardBreak } from '@tiptap/extension-hard-break';
import { Heading } from '@tiptap/extension-heading';
import { HorizontalRule } from '@tiptap/extension-horizontal-rule';
import { Italic } from '@tiptap/extension-italic';
import { Link } from '@tiptap/extension-link';
import { BulletList, ListItem, ListKeymap, OrderedList, TaskItem, TaskList } from '@tiptap/extension-list';
import { Paragraph } from '@tiptap/extension-paragraph';
import { Strike } from '@tiptap/extension-strike';
import { Subscript } from '@tiptap/extension-subscript';
import { Superscript } from '@tiptap/extension-superscript';
import { Table, TableCell, TableHeader, TableRow } from '@tiptap/extension-table';
import { Text } from '@tiptap/extension-text';
import { Underline } from '@tiptap/extension-underline';
import { Dropcursor } from '@tiptap/extensions/drop-cursor';
import { Gapcursor } from '@tiptap/extensions/gap-cursor';
import type { Schema } from '@tiptap/pm/model';
import type { MarkName, NodeName } from './node-names.ts';
import { Callout } from './nodes/callout.ts';
import { Comment } from './nodes/comment.ts';
import { Details, DetailsSummary } from './nodes/details.ts';
import { FootnoteDefinition, FootnoteReference } from './nodes/footnote.ts';
import { Highlight } from './nodes/highlight.ts';
import { HtmlComment, InlineHtmlComment } from './nodes/html-comment.ts';
import { Image, InlineImage } from './nodes/image.ts';
import { BlockMath, InlineMath } from './nodes/math.ts';
import { Deletion, Insertion, Modification } from './nodes/suggestion.ts';
import { isSafeLink } from './safe-url.ts';

/**
 * Version of the schema. It only ever grows: nodes, marks and attributes are added, never renamed or
 * removed, because an editor deletes from the shared document what its schema does not know.
 */
export const SCHEMA_VERSION = 2;

// Code keeps the marks that speak about text (Tiptap's code block takes none), and inline code goes
// with every other mark (Tiptap's excludes them all): a link around code is common in Markdown.
const ABOUT_TEXT = 'comment insertion deletion modification';

const safeLink = Link.configure({
  openOnClick: false,
  isAllowedUri: isSafeLink,
  HTMLAttributes: { target: null, rel: null, class: null },
});

/** A fence's words after the language, such as `title="a.ts"`; `frontmatter` and `raw` mark what a Markdown file had around its text. */
const codeMeta = { default: null, rendered: false };

/** By its attribute: the style that Tiptap writes is refused by a strict `style-src`, on the page and on the clipboard. */
const alignable = {
  addAttributes(this: { parent?: (() => Record<string, object>) | undefined }) {
    const attributes = this.parent?.() ?? {};
    const renderHTML = ({ align }: Record<string, unknown>) => (align ? { align } : {});
    return { ...attributes, align: { ...attributes.align, renderHTML } };
  },
};

/**
 * The editor's nodes and marks, and their keys and commands. A view adds collaboration, undo and
 * carets, and draws math (`inlineMath`, `blockMath` show their source here).
 *
 * `*` where Tiptap has `+` or asks for a first paragraph: while two people edit, an item can be
 * without one for a moment, and an editor deletes a node whose content its schema refuses, with the
 * text in it. Tables and the document itself keep `+`: their commands rely on a filled cell, an empty
 * document on a paragraph to write in.
 */
export function extensions(): Extensions {
  return [
    Document,
    Paragraph,
    HardBreak,
    Heading,
    HorizontalRule,
    Text,
    Bold,
    Italic,
    safeLink,
    Strike,
    // Where both are set, the later one counts, as in every editor.
    Subscript.extend({ excludes: 'subscript superscript' }),
    Superscript.extend({ excludes: 'subscript superscript' }),
    Underline,
    Dropcursor,
    Gapcursor,
    ListKeymap,
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
    TableHeader.extend(alignable),
    TableCell.extend(alignable),
    Image,
    InlineImage,
    InlineMath,
    BlockMath,
    Callout,
    Details,
    DetailsSummary,
    FootnoteReference,
    FootnoteDefinition,
    HtmlComment,
    InlineHtmlComment,
    Highlight,
    Comment,
    Insertion,
    Deletion,
    Modification,
  ];
}

/** The schema as ProseMirror uses it, in the browser and on the server. */
export const schema: Schema<NodeName, MarkName> = getSchema(extensions());
