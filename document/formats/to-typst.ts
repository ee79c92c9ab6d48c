import { tex2typst } from 'tex2typst';
import { conform } from '../conform.ts';
import type { ContentMark, ContentNode, Warn } from '../content.ts';
import { isRightToLeft, languageOf } from '../direction.ts';
import { nestMarks, type Piece } from '../nest-marks.ts';
import { type BlockName, isBlockName, type MarkName } from '../node-names.ts';
import { type CalloutKind, calloutTitle } from '../nodes/callout.ts';
import { columnShares, gridOf, isHeadRow, type Slot } from '../table-grid.ts';
import { type Footnote, numberFootnotes } from './footnotes.ts';
import { string } from './typst/string.ts';
import { TYPST_STYLE } from './typst/style.ts';

/** What a document in Typst needs of its surroundings. */
export interface TypstOptions {
  /** By Typst's name, such as `a4` or `us-letter`. */
  readonly paper: string;
  readonly marginMm: number;
  /** The name under which the compiler finds a picture, and its width as it is shown, in px; `null` for one that is not at hand. */
  readonly picture: (attrs: Readonly<Record<string, unknown>>) => { readonly path: string; readonly width: number } | null;
  /** Whether Typst can set a formula of its own notation; those that it cannot are shown as their source. */
  readonly isSound: (math: string) => boolean;
  readonly warn: Warn;
}

/**
 * A document as a file of Typst. All of its text stands in strings, and its formulas in strings that are read as mathematics alone, so
 * that nothing a writer writes is markup or code.
 */
export function toTypst(content: ContentNode, title: string, options: TypstOptions): string {
  const { warn, paper, marginMm } = options;
  const { body, notes } = numberFootnotes(conform(content, warn));
  const writing: Writing = { ...options, notes: notes.filter(({ isCalled }) => isCalled) };
  const rest = notes.filter(({ isCalled }) => !isCalled);
  if (rest.length > 0) warn('A footnote that nothing calls was put at the end.');
  const ends = rest.map(({ label, content: said }) => `#par[#${string(`[${label}]`)}]\n${blocksOf(said, writing)}`);
  const text = [blocksOf(body.content ?? [], writing), ...ends].join('\n');
  const page = `#set document(title: ${string(title || 'Untitled')}, date: none)\n#set page(paper: ${string(paper)}, margin: ${marginMm}mm)`;
  return `${page}\n${TYPST_STYLE}\n${text}\n`;
}

interface Writing extends TypstOptions {
  readonly notes: readonly Footnote[];
}

function blocksOf(nodes: readonly ContentNode[], writing: Writing): string {
  return nodes
    .map((node) => {
      if (!isBlockName(node.type)) throw new TypeError(`content has a block "${node.type}", which conform does not make`);
      const block = BLOCKS[node.type](node, node.content ?? [], writing);
      return isText(node) && isRightToLeft(node) ? `#from-right(${string(languageOf(node))})[${block}]` : block;
    })
    .join('\n');
}

const isText = ({ type }: ContentNode): boolean => /^(?:paragraph|heading|bulletList|orderedList|taskList|blockquote|table)$/.test(type);

type WriteBlock = (node: ContentNode, content: readonly ContentNode[], writing: Writing) => string;

const BLOCKS: Readonly<Record<BlockName, WriteBlock>> = {
  paragraph: (_node, content, writing) => (content.length === 0 ? '#par[#sym.zws]' : `#par[${lineOf(content, writing)}]`),
  heading: ({ attrs }, content, writing) => `#heading(level: ${Number(attrs!.level)})[${lineOf(content, writing)}]`,
  blockquote: (_node, content, writing) => `#quote(block: true)[${blocksOf(content, writing)}]`,
  bulletList: (_node, content, writing) => `#list(tight: false, ${itemsOf(content, writing).join(', ')})`,
  orderedList({ attrs }, content, writing) {
    const { start = 1, type } = attrs ?? {};
    const numbering = /^[aAiI]$/.test(String(type)) ? `${String(type)}.` : '1.';
    return `#enum(tight: false, start: ${Number(start)}, numbering: ${string(numbering)}, ${itemsOf(content, writing).join(', ')})`;
  },
  taskList(_node, content, writing) {
    const items = content.map(({ attrs, content: blocks = [] }) => `task(${attrs?.checked === true})[${blocksOf(blocks, writing)}]`);
    return `#stack(spacing: 0.7em, ${items.join(', ')})`;
  },
  codeBlock({ attrs }, content) {
    const language = String(attrs?.language ?? '').split(/\s/)[0]!;
    const text = content.map(({ text = '' }) => text).join('');
    return `#raw(block: true, ${language === '' ? '' : `lang: ${string(language)}, `}${string(text)})`;
  },
  horizontalRule: () => '#rule',
  table: (_node, content, writing) => tableOf(content, writing),
  image(node, _content, writing) {
    const { caption, align } = node.attrs ?? {};
    const side = align === 'center' || align === 'right' || align === 'left' ? align : 'left';
    const below = caption ? `caption: [#${string(String(caption))}]` : 'caption: none';
    return `#placed(${side}, figure(${pictureOf(node, writing)}, ${below}))`;
  },
  blockMath: ({ attrs }, _content, writing) => `#${mathOf(String(attrs!.latex), true, writing)}`,
  callout({ attrs }, content, writing) {
    const kind = attrs!.kind as CalloutKind;
    return `#callout(${string(kind)}, ${string(calloutTitle(kind))})[${blocksOf(content, writing)}]`;
  },
  details: (_node, [summary, ...rest], writing) => `#details[${lineOf(summary?.content ?? [], writing)}][${blocksOf(rest, writing)}]`,
  footnoteDefinition: (_node, content, writing) => blocksOf(content, writing),
  htmlComment: () => '',
};

const itemsOf = (items: readonly ContentNode[], writing: Writing): string[] =>
  items.map((item) => `[${blocksOf(item.content ?? [], writing)}]`);

function tableOf(table: readonly ContentNode[], writing: Writing): string {
  const { rows, widths } = gridOf(table);
  const isSized = widths.some((width) => width > 0);
  const columns = isSized ? columnShares(widths).map((share) => `${share.toFixed(4)}fr`) : widths.map(() => 'auto');
  const lines = rows.map((slots, row) =>
    slots.flatMap((slot) => (slot.cell === null ? [] : [cellOf(slot.cell, slot, row, writing)])).join(', '),
  );
  const [head = '', ...body] = lines;
  // A header that reaches down into the rows below is none to Typst.
  const isHead = isHeadRow(table[0]) && rows[0]!.every(({ rows: down }) => down === 1);
  const parts = isHead ? [`table.header(${head})`, ...body] : lines;
  return `#table(columns: (${columns.join(', ')},), ${parts.filter((part) => part !== '').join(', ')})`;
}

function cellOf(cell: ContentNode, { column, columns, rows }: Slot, row: number, writing: Writing): string {
  const { align } = cell.attrs ?? {};
  const side = align === 'left' || align === 'center' || align === 'right' ? `, align: ${align}` : '';
  const content = blocksOf(cell.content ?? [], writing);
  const text = cell.type === 'tableHeader' ? `#strong[${content}]` : content;
  return `table.cell(x: ${column}, y: ${row}, colspan: ${columns}, rowspan: ${rows}${side})[${text}]`;
}

function lineOf(nodes: readonly ContentNode[], writing: Writing): string {
  const pieces = nodes.map((node): Piece => ({ node, marks: node.marks ?? [] }));
  return nestMarks<string>(pieces, {
    leaf: ({ node }) => [`#${leafOf(node, writing)};`],
    wrap: (mark, children) => [MARKS[mark.type as MarkName](mark, children.join(''), writing)],
  }).join('');
}

function leafOf(node: ContentNode, writing: Writing): string {
  switch (node.type) {
    case 'hardBreak':
      return 'linebreak()';
    case 'inlineImage':
      return `box(${pictureOf(node, writing)})`;
    case 'inlineMath':
      return mathOf(String(node.attrs?.latex), false, writing);
    case 'footnoteReference':
      return callOf(node, writing);
    case 'inlineHtmlComment':
      return 'none';
    default:
      return string(node.text ?? '');
  }
}

function callOf({ attrs }: ContentNode, writing: Writing): string {
  const { label, number, isFirst } = attrs as { label: string; number?: number; isFirst?: boolean };
  if (number === undefined) return string(`[${label}]`);
  const note = writing.notes[number - 1];
  if (isFirst !== true || note === undefined) return `super(${string(String(number))})`;
  // A paragraph would begin below its number.
  const [first, ...rest] = note.content;
  if (first?.type !== 'paragraph') return `footnote[${blocksOf(note.content, writing)}]`;
  return `footnote[${lineOf(first.content ?? [], writing)}${rest.length === 0 ? '' : `\n\n${blocksOf(rest, writing)}`}]`;
}

/** LaTeX in Typst's notation, set as mathematics and nothing else; its source where it cannot be read. */
function mathOf(latex: string, isBlock: boolean, { isSound, warn }: Writing): string {
  let math: string | null = null;
  try {
    math = tex2typst(latex);
  } catch {
    // Said below, with what Typst cannot set.
  }
  if (math !== null && isSound(math)) return equation(math, isBlock);
  warn('A formula that cannot be set was shown as its source.');
  return `raw(block: ${isBlock}, ${string(latex)})`;
}

/** A formula of Typst's notation; the string keeps what is in it from ending the formula. */
export function equation(math: string, isBlock: boolean): string {
  return `math.equation(block: ${isBlock}, eval(${string(math)}, mode: "math"))`;
}

function pictureOf({ attrs = {} }: ContentNode, { picture, warn }: Writing): string {
  const found = picture(attrs);
  const words = String(attrs.alt ?? '');
  const address = String(attrs.href ?? '');
  if (found === null) {
    warn('Pictures that are not the document’s own, or cannot be drawn, were left as their description and address.');
    const source = String(attrs.src ?? '');
    const text = `[#${string(words || 'Picture')}]`;
    return /^https?:/.test(source) ? `link(${string(address || source)})${text}` : `box${text}`;
  }
  const image = `image(${string(found.path)}, width: ${(found.width * 0.75).toFixed(2)}pt, alt: ${string(words)})`;
  return /^(?:https?|mailto):/.test(address) ? `link(${string(address)}, ${image})` : image;
}

type WriteMark = (mark: ContentMark, text: string, writing: Writing) => string;
const wrapped =
  (name: string): WriteMark =>
  (_mark, text) =>
    `#${name}[${text}];`;
const unsaid: WriteMark = (_mark, text, { warn }) => {
  warn('Comments and suggested changes of formatting are not part of the file.');
  return text;
};

const MARKS: Readonly<Record<MarkName, WriteMark>> = {
  bold: wrapped('strong'),
  italic: wrapped('emph'),
  strike: wrapped('strike'),
  underline: wrapped('underline'),
  code: wrapped('code'),
  subscript: wrapped('sub'),
  superscript: wrapped('super'),
  link: ({ attrs }, text) => {
    const href = String(attrs?.href ?? '');
    return /^[a-z][a-z0-9+.-]*:/i.test(href) ? `#link(${string(href)})[${text}];` : text;
  },
  highlight: wrapped('marked'),
  comment: unsaid,
  insertion: wrapped('inserted'),
  deletion: wrapped('deleted'),
  modification: unsaid,
};
