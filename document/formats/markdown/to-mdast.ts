import type { AlignType, Html, List, PhrasingContent, Root, RootContent, Table, TableCell } from 'mdast';
import type { ContentMark, ContentNode, Warn } from '../../content.ts';
import { nestMarks, type Piece } from '../../nest-marks.ts';
import { type BlockName, type InlineName, isBlockName, isInlineName, type MarkName } from '../../node-names.ts';
import { writeComment } from '../../nodes/html-comment.ts';
import { toText } from '../../text.ts';
import { writeDetails } from './details.ts';
import { writeFigure } from './figure.ts';
import { footnotesForMarkdown, withoutBlankIndent } from './footnotes.ts';
import { EMPTY } from './from-mdast.ts';
import { writeFrontmatter } from './frontmatter.ts';
import { tagOfImage, tagsOfMark } from './inline-html.ts';
import { parseMarkdown } from './parse.ts';

/** Conformed content as a Markdown tree. */
export function toMdast(content: ContentNode, warn: Warn): Root {
  const [first, ...rest] = footnotesForMarkdown(content, warn).content ?? [];
  if (first === undefined) return { type: 'root', children: [] };
  return { type: 'root', children: [...(frontmatter(first) ?? blockOf(first, warn)), ...blocksOf(rest, warn)] };
}

const html = (value: string): Html => ({ type: 'html', value });

function frontmatter(node: ContentNode): RootContent[] | null {
  if (node.type !== 'codeBlock' || node.attrs?.meta !== 'frontmatter') return null;
  const written = writeFrontmatter(toText(node));
  return written === null ? null : [html(written)];
}

const blocksOf = (nodes: readonly ContentNode[], warn: Warn) => nodes.flatMap((node) => blockOf(node, warn));

function blockOf(node: ContentNode, warn: Warn): RootContent[] {
  if (!isBlockName(node.type)) throw new TypeError(`content has a block "${node.type}", which conform does not make`);
  return BLOCKS[node.type](node, node.content ?? [], warn);
}

type WriteBlock = (node: ContentNode, content: readonly ContentNode[], warn: Warn) => RootContent[];

const list: WriteBlock = (node, content, warn) => (content.length > 0 ? [listOf(node, warn)] : []);

const BLOCKS: Readonly<Record<BlockName, WriteBlock>> = {
  paragraph: (_node, content, warn) => {
    // At the start of a line a comment takes the whole line for its own.
    const start = content.findIndex(({ type }) => type !== 'inlineHtmlComment');
    const comments = content.slice(0, start < 0 ? content.length : start).map(commentOf);
    const children = lineOf(content.slice(comments.length), warn);
    return children.length > 0 ? [...comments, paragraphOf(children)] : comments;
  },
  heading: ({ attrs }, content, warn) => [{ type: 'heading', depth: attrs!.level as 1, children: lineOf(content, warn, true) }],
  blockquote: (_node, content, warn) => [{ type: 'blockquote', children: blocksOf(content, warn) as [] }],
  bulletList: list,
  orderedList: list,
  taskList: list,
  codeBlock: (node) => [codeOf(node)],
  horizontalRule: () => [{ type: 'thematicBreak' }],
  table: (node, _content, warn) => [tableOf(node, warn)],
  image(node) {
    const figure = writeFigure(node.attrs ?? {});
    return [figure === null ? paragraphOf([imageOf(node)]) : html(figure)];
  },
  blockMath: ({ attrs }) => [{ type: 'math', value: String(attrs!.latex) }],
  callout: (node, content, warn) => [calloutOf(node, blocksOf(content, warn))],
  details: (node, content, warn) => writeDetails(node, blocksOf(content.slice(1), warn), warn),
  footnoteDefinition: ({ attrs }, content, warn) => [
    { type: 'footnoteDefinition', ...footnoteLabel(attrs), children: withoutBlankIndent(blocksOf(content, warn)) as [] },
  ],
  htmlComment: (node) => [commentOf(node)],
};

const footnoteLabel = (attrs: ContentNode['attrs']) => ({ identifier: String(attrs!.label).toLowerCase(), label: String(attrs!.label) });

const commentOf = ({ attrs }: ContentNode): Html => html(writeComment(String(attrs?.text ?? '').replace(/\r\n?/g, '\n')));

/** A quote under the sign of one of GitHub's alerts. */
function calloutOf({ attrs }: ContentNode, blocks: RootContent[]): RootContent {
  const sign = `[!${String(attrs!.kind).toUpperCase()}]`;
  const [first, ...rest] = blocks;
  const children: RootContent[] =
    first?.type === 'paragraph'
      ? [{ type: 'paragraph', children: [html(`${sign}\n`), ...first.children] }, ...rest]
      : [{ type: 'paragraph', children: [html(sign)] }, ...blocks];
  return { type: 'blockquote', children: children as [] };
}

/** A paragraph; one of nothing but tags reads back as a block of HTML, which needs a blank line after it. */
function paragraphOf(children: PhrasingContent[]): RootContent {
  const tags = children.map((child) => (child.type === 'html' && child.value !== EMPTY ? child.value : null));
  return tags.includes(null) ? { type: 'paragraph', children } : html(tags.join(''));
}

function codeOf(node: ContentNode): RootContent {
  const value = toText(node).replace(/\r\n?/g, '\n');
  const { language, meta } = node.attrs ?? {};
  if (language === 'html' && meta === 'raw' && isHtmlBlock(value)) return html(value);
  const lang = language ? String(language) : null;
  return { type: 'code', lang, meta: lang && meta && meta !== 'raw' ? String(meta) : null, value };
}

/** Whether a text reads back as one block of HTML, also with something after it. */
function isHtmlBlock(value: string): boolean {
  const [only, after, ...more] = parseMarkdown(`${value}\n\nx`).blocks;
  return only?.type === 'html' && only.value === value && after?.type === 'paragraph' && more.length === 0;
}

function listOf(node: ContentNode, warn: Warn): List {
  const items = (node.content ?? []).map((item) => {
    const children = blocksOf(item.content ?? [], warn) as List['children'][number]['children'];
    const checked = node.type === 'taskList' ? item.attrs?.checked === true : null;
    // A box needs something after it on its line.
    if (checked !== null && children[0]?.type !== 'paragraph') children.unshift({ type: 'paragraph', children: [html(EMPTY)] });
    return { type: 'listItem' as const, checked, children, spread: children.slice(1).some((child) => child.type !== 'list') };
  });
  const spread = items.some((item) => item.spread);
  const ordered = node.type === 'orderedList';
  return { type: 'list', ordered, start: ordered ? Number(node.attrs?.start ?? 1) : null, spread, children: items };
}

function tableOf(node: ContentNode, warn: Warn): Table {
  const rows = grid(node, warn);
  const columns = rows.reduce((widest, row) => Math.max(widest, row.length), 0);
  const align = Array.from({ length: columns }, (_, at) => (rows.find((row) => row[at])?.[at]?.attrs?.align ?? null) as AlignType);
  if (rows[0]?.some((cell) => cell?.type === 'tableCell')) warn('Markdown tables begin with a header row; the first row became one.');
  const cell = (source: ContentNode | null | undefined): TableCell => ({
    type: 'tableCell',
    children: source ? cellLine(source, warn) : [],
  });
  return {
    type: 'table',
    align,
    children: rows.map((row) => ({ type: 'tableRow', children: Array.from({ length: columns }, (_, at) => cell(row[at])) })),
  };
}

/** Cells by row and column; what a cell spans beyond its own place is empty. */
function grid(table: ContentNode, warn: Warn): (ContentNode | null | undefined)[][] {
  const rows: (ContentNode | null | undefined)[][] = (table.content ?? []).map(() => []);
  (table.content ?? []).forEach((row, rowAt) => {
    let at = 0;
    for (const cell of row.content ?? []) {
      while (rows[rowAt]![at] !== undefined) at++;
      const { colspan = 1, rowspan = 1, colwidth } = (cell.attrs ?? {}) as { colspan?: number; rowspan?: number; colwidth?: number[] };
      if (colwidth?.some((width) => width > 0)) warn('Markdown tables have no widths of columns.');
      if (colspan > 1 || rowspan > 1) warn('Markdown tables have no merged cells; empty cells stand for them.');
      for (let down = 0; down < rowspan && rowAt + down < rows.length; down++) {
        for (let right = 0; right < colspan; right++) rows[rowAt + down]![at + right] = down + right === 0 ? cell : null;
      }
      at += colspan;
    }
  });
  return rows;
}

function cellLine(cell: ContentNode, warn: Warn): PhrasingContent[] {
  const line: ContentNode[] = [];
  for (const block of cell.content ?? []) {
    const simple = block.type === 'paragraph';
    if (!simple) warn('Markdown table cells hold one line of text; other blocks in them became text.');
    if (line.length > 0) line.push({ type: 'hardBreak' });
    const text = simple ? '' : toText(block);
    if (text !== '') line.push({ type: 'text', text });
    for (const node of simple ? (block.content ?? []) : []) line.push(node);
  }
  return trimmed(lineOf(line, warn, true));
}

/** A line without the spaces at its ends, which a cell does not keep. */
function trimmed(line: PhrasingContent[]): PhrasingContent[] {
  const first = line[0];
  if (first?.type === 'text') first.value = first.value.replace(/^[ \t]+/, '');
  const last = line.at(-1);
  if (last?.type === 'text') last.value = last.value.replace(/[ \t]+$/, '');
  return line;
}

/** A line of text. `oneLine`: it must stay on one line, as in headings and table cells. */
function lineOf(nodes: readonly ContentNode[], warn: Warn, oneLine = false): PhrasingContent[] {
  const pieces = commentsBeforeBreaks(nodes.flatMap((node) => piecesOf(node, warn)));
  const line = nestMarks<PhrasingContent>(pieces, { leaf: leafOf, wrap, isLeafMark, mayEdge });
  // A backslash at the very end is a backslash.
  for (let at = line.length - 1; at >= 0; at--) {
    if (line[at]!.type === 'break') line[at] = html('<br>');
    else if (!oneLine) break;
  }
  return oneLine ? withoutBreaks(line) : line;
}

/** A comment after a break would stand at the start of a line, and take it whole. */
function commentsBeforeBreaks(pieces: readonly Piece[]): Piece[] {
  const ordered: Piece[] = [];
  for (const piece of pieces) {
    let at = ordered.length;
    if (piece.node.type === 'inlineHtmlComment') while (ordered[at - 1]?.node.type === 'hardBreak') at--;
    ordered.splice(at, 0, piece);
  }
  return ordered;
}

function withoutBreaks(line: PhrasingContent[]): PhrasingContent[] {
  return line.map((node) => {
    if (node.type === 'break') return html('<br>');
    return 'children' in node ? ({ ...node, children: withoutBreaks(node.children) } as PhrasingContent) : node;
  });
}

const isLeafMark = (mark: ContentMark) => writingOf(mark) === 'leaf';

/** Signs that stand around a text; Markdown does not see them next to a space. */
const FLANKING = new Set<string>(['bold', 'italic', 'strike'] satisfies MarkName[]);

/** A node's text cut at line breaks, and at the spaces at its ends. */
function piecesOf(node: ContentNode, warn: Warn): Piece[] {
  if (node.type !== 'text') return [{ node, marks: [] }];
  const marks = (node.marks ?? []).filter((mark) => writingOf(mark) !== 'unsaid');
  if (marks.length < (node.marks?.length ?? 0)) warn('Comments and suggested changes of formatting are not part of Markdown.');
  const code = marks.some(isLeafMark);
  const pieces: Piece[] = [];
  const text = node.text!.replaceAll('\0', '\uFFFD');
  text.split(/\r\n|\r|\n/).forEach((line, index) => {
    if (index > 0) pieces.push({ node: { type: 'hardBreak' }, marks: [] });
    for (const part of code ? [line] : line.split(/(^\s+|\s+$)/u)) {
      if (part !== '') pieces.push({ node: { type: 'text', text: part }, marks });
    }
  });
  return pieces;
}

const mayEdge = (mark: ContentMark, piece: Piece) => !FLANKING.has(mark.type) || !isSpace(piece);

const isSpace = ({ node, marks }: Piece) => node.type === 'text' && node.text!.trim() === '' && !marks.some(isLeafMark);

type WriteMark = (mark: ContentMark, children: PhrasingContent[]) => PhrasingContent[];

/** Writes a mark as a tag of HTML, where Markdown has no signs. */
const inTags: WriteMark = (mark, children) => {
  const tags = tagsOfMark(mark);
  return tags ? [html(tags[0]), ...children, html(tags[1])] : children;
};

/** How a mark is written around what it marks; `leaf`: with the text, as a node of its own; `unsaid`: left out, with a warning. */
const MARKS: Readonly<Record<MarkName, WriteMark | 'leaf' | 'unsaid'>> = {
  bold: (_mark, children) => [{ type: 'strong', children }],
  italic: (_mark, children) => [{ type: 'emphasis', children }],
  strike: (_mark, children) => [{ type: 'delete', children }],
  underline: inTags,
  code: 'leaf',
  link: ({ attrs }, children) => [
    { type: 'link', url: String(attrs?.href ?? ''), title: (attrs?.title as string) ?? null, children: children as [] },
  ],
  highlight: inTags,
  subscript: inTags,
  superscript: inTags,
  comment: 'unsaid',
  insertion: inTags,
  deletion: inTags,
  modification: 'unsaid',
};

/** Conformed content has the marks of the schema and no others. */
const writingOf = (mark: ContentMark) => MARKS[mark.type as MarkName];

function wrap(mark: ContentMark, children: PhrasingContent[]): PhrasingContent[] {
  const write = writingOf(mark);
  return typeof write === 'function' ? write(mark, children) : children;
}

function leafOf({ node, marks }: Piece, before: PhrasingContent | undefined): PhrasingContent[] {
  const leaf = phrasingOf(node, marks.length > 0);
  if (before?.type === 'inlineMath' && leaf.type === 'inlineMath') return [html(EMPTY), leaf];
  // Two texts side by side, or two codes, would be read as one.
  if (before && 'value' in before && before.type === leaf.type && (leaf.type === 'text' || leaf.type === 'inlineCode')) {
    before.value += leaf.value;
    return [];
  }
  return [leaf];
}

function phrasingOf(node: ContentNode, code: boolean): PhrasingContent {
  if (!isInlineName(node.type)) throw new TypeError(`a line has a "${node.type}", which conform does not make`);
  return INLINE[node.type](node, code);
}

const INLINE: Readonly<Record<InlineName, (node: ContentNode, code: boolean) => PhrasingContent>> = {
  text: (node, code) => (code ? { type: 'inlineCode', value: node.text! } : { type: 'text', value: node.text! }),
  hardBreak: () => ({ type: 'break' }),
  inlineImage: imageOf,
  inlineMath: ({ attrs }) => ({ type: 'inlineMath', value: String(attrs!.latex).replace(/\s*\n\s*/g, ' ') }),
  footnoteReference: ({ attrs }) => ({ type: 'footnoteReference', ...footnoteLabel(attrs) }),
  inlineHtmlComment: ({ attrs }) => html(writeComment(String(attrs!.text).replace(/\s*[\n\r]\s*/g, ' '))),
};

function imageOf({ attrs = {} }: ContentNode): PhrasingContent {
  const sized = attrs.width !== undefined || attrs.height !== undefined;
  const image: PhrasingContent = sized
    ? html(tagOfImage(attrs))
    : { type: 'image', url: String(attrs.src ?? ''), alt: String(attrs.alt ?? ''), title: (attrs.title as string) ?? null };
  return attrs.href === undefined ? image : { type: 'link', url: String(attrs.href), title: null, children: [image as Html] };
}
