import type { Element, ElementContent, Properties, Root, Text } from 'hast';
import type { ContentMark, ContentNode, Warn } from '../content.ts';
import { nestMarks, type Piece } from '../nest-marks.ts';
import { type BlockName, type InlineName, isBlockName, isInlineName, type MarkName } from '../node-names.ts';
import { type CalloutKind, calloutTitle } from '../nodes/callout.ts';
import { isSafeColor } from '../nodes/highlight.ts';
import { isSafeImage } from '../safe-url.ts';
import { type Footnote, numberFootnotes } from './footnotes.ts';

/** Conformed content as an HTML tree. Formulas are `span` and `div` of the class `math` that hold their source. */
export function toHast(content: ContentNode, warn: Warn): Root {
  const { body, notes } = numberFootnotes(content);
  const children: Root['children'] = [];
  for (const block of body.content ?? []) children.push(blockOf(block, warn), text('\n'));
  if (notes.length > 0) children.push(footnotesOf(notes, warn), text('\n'));
  return { type: 'root', children };
}

/** The notes at the end of the page, with a way back to each. */
function footnotesOf(notes: readonly Footnote[], warn: Warn): Element {
  const items = notes.map(({ label, isCalled, content }) => {
    const back = element('a', { href: `#${REFERENCE_ID}${label}`, ariaLabel: 'Back to the text', className: ['footnote-back'] }, [
      text('↩'),
    ]);
    const blocks = blocksOf(content, warn);
    const last = blocks.at(-1);
    if (isCalled && last?.type === 'element' && last.tagName === 'p') last.children.push(text(' '), back);
    else if (isCalled) blocks.push(element('p', {}, [back]));
    return element('li', { id: `${NOTE_ID}${label}` }, blocks);
  });
  return element('section', { className: ['footnotes'], dataFootnotes: '' }, [element('hr', {}), element('ol', {}, items)]);
}

/** As GitHub names both ends of a footnote. */
const NOTE_ID = 'user-content-fn-';
const REFERENCE_ID = 'user-content-fnref-';

const text = (value: string): Text => ({ type: 'text', value });
const element = (tagName: string, properties: Properties, children: ElementContent[] = []): Element => ({
  type: 'element',
  tagName,
  properties,
  children,
});
const blocksOf = (nodes: readonly ContentNode[], warn: Warn) => nodes.map((node) => blockOf(node, warn));

function blockOf(node: ContentNode, warn: Warn): ElementContent {
  if (!isBlockName(node.type)) throw new TypeError(`content has a block "${node.type}", which conform does not make`);
  return BLOCKS[node.type](node, node.content ?? [], warn);
}

type WriteBlock = (node: ContentNode, content: readonly ContentNode[], warn: Warn) => ElementContent;

const BLOCKS: Readonly<Record<BlockName, WriteBlock>> = {
  paragraph: (_node, content, warn) => element('p', {}, lineOf(content, warn)),
  heading: ({ attrs }, content, warn) => element(`h${attrs!.level}`, {}, lineOf(content, warn)),
  blockquote: (_node, content, warn) => element('blockquote', {}, blocksOf(content, warn)),
  bulletList: (_node, content, warn) => element('ul', {}, itemsOf(content, warn)),
  orderedList: ({ attrs }, content, warn) => {
    const { start, type } = attrs ?? {};
    const properties = { ...(start === 1 ? {} : { start: Number(start) }), ...(type ? { type: String(type) } : {}) };
    return element('ol', properties, itemsOf(content, warn));
  },
  taskList: (_node, content, warn) => element('ul', { className: ['task-list'] }, itemsOf(content, warn)),
  codeBlock: ({ attrs }, content, warn) => {
    const language = String(attrs?.language ?? '').split(/\s/)[0];
    const properties = language ? { className: [`language-${language}`] } : {};
    return element('pre', {}, [element('code', properties, lineOf(content, warn, true))]);
  },
  horizontalRule: () => element('hr', {}),
  table: (_node, content, warn) => tableOf(content, warn),
  image(node, _content, warn) {
    const { caption, align } = node.attrs ?? {};
    const properties = typeof align === 'string' ? { align } : {};
    const image = imageOf(node, warn);
    if (!caption) return element('p', properties, [image]);
    return element('figure', properties, [image, element('figcaption', {}, [text(String(caption))])]);
  },
  blockMath: ({ attrs }) => element('div', { className: ['math'] }, [text(String(attrs!.latex))]),
  callout({ attrs }, content, warn) {
    const kind = attrs!.kind as CalloutKind;
    const title = element('p', { className: ['markdown-alert-title'] }, [text(calloutTitle(kind))]);
    return element('div', { className: ['markdown-alert', `markdown-alert-${kind}`] }, [title, ...blocksOf(content, warn)]);
  },
  details({ attrs }, [summary, ...rest], warn) {
    const line = element('summary', {}, lineOf(summary?.content ?? [], warn));
    return element('details', attrs?.open === true ? { open: true } : {}, [line, ...blocksOf(rest, warn)]);
  },
  // Those of a whole document stand at its end.
  footnoteDefinition: (_node, content, warn) => element('div', {}, blocksOf(content, warn)),
  htmlComment: ({ attrs }) => ({ type: 'comment', value: String(attrs!.text) }),
};

function itemsOf(items: readonly ContentNode[], warn: Warn): ElementContent[] {
  return items.map((item) => {
    const [first, ...rest] = item.content ?? [];
    // An item of one paragraph, perhaps with lists below, needs no paragraph in HTML.
    const tight = first?.type === 'paragraph' && rest.every((block) => block.type.endsWith('List'));
    const children = tight ? [...lineOf(first.content ?? [], warn), ...blocksOf(rest, warn)] : blocksOf(item.content ?? [], warn);
    if (item.type !== 'taskItem') return element('li', {}, children);
    const box = element('input', { type: 'checkbox', disabled: true, checked: item.attrs?.checked === true });
    return element('li', { className: ['task-list-item'] }, [box, text(' '), ...children]);
  });
}

function tableOf(rows: readonly ContentNode[], warn: Warn): Element {
  const rowOf = (row: ContentNode) =>
    element(
      'tr',
      {},
      (row.content ?? []).map((cell) => {
        const { colspan, rowspan, align, colwidth } = (cell.attrs ?? {}) as CellAttributes;
        const properties: Properties = { ...(align ? { align } : {}) };
        if (colwidth?.some((width) => Number(width) > 0)) properties.dataColwidth = colwidth.map(Number).join();
        if (colspan && colspan > 1) properties.colSpan = colspan;
        if (rowspan && rowspan > 1) properties.rowSpan = rowspan;
        const [first, ...rest] = cell.content ?? [];
        const plain = first?.type === 'paragraph' && rest.length === 0;
        return element(
          cell.type === 'tableHeader' ? 'th' : 'td',
          properties,
          plain ? lineOf(first.content ?? [], warn) : blocksOf(cell.content ?? [], warn),
        );
      }),
    );
  const isHead = rows[0]?.content?.every((cell) => cell.type === 'tableHeader') === true;
  const parts = columnsOf(rows[0]?.content ?? []);
  if (isHead) parts.push(element('thead', {}, [rowOf(rows[0]!)]));
  const body = rows.slice(isHead ? 1 : 0).map(rowOf);
  if (body.length > 0) parts.push(element('tbody', {}, body));
  return element('table', {}, parts);
}

interface CellAttributes {
  readonly colspan?: number;
  readonly rowspan?: number;
  readonly align?: string;
  /** Of each column it spans, px. */
  readonly colwidth?: readonly (number | null)[];
}

/** The widths of a table's columns, where one has its own. */
function columnsOf(cells: readonly ContentNode[]): Element[] {
  const widths = cells.flatMap(({ attrs }) => {
    const { colspan = 1, colwidth } = (attrs ?? {}) as CellAttributes;
    return Array.from({ length: colspan }, (_, index) => Number(colwidth?.[index] ?? 0));
  });
  if (!widths.some((width) => width > 0)) return [];
  return [
    element(
      'colgroup',
      {},
      widths.map((width) => element('col', width > 0 ? { width } : {})),
    ),
  ];
}

function lineOf(nodes: readonly ContentNode[], warn: Warn, code = false): ElementContent[] {
  const pieces = nodes.flatMap((node) => piecesOf(node, code));
  return nestMarks<ElementContent>(pieces, {
    leaf: ({ node }) => [leafOf(node, warn)],
    // Conformed content has the marks of the schema and no others.
    wrap: (mark, children) => MARKS[mark.type as MarkName](mark, children, warn),
  });
}

/** A text cut at its line feeds, which HTML would take for spaces. */
function piecesOf(node: ContentNode, code: boolean): Piece[] {
  const marks = node.marks ?? [];
  if (code || node.type !== 'text') return [{ node, marks }];
  return node
    .text!.split(/\r\n|\r|\n/)
    .flatMap((part, index) => [
      ...(index > 0 ? [{ node: { type: 'hardBreak' }, marks }] : []),
      ...(part === '' ? [] : [{ node: { type: 'text', text: part }, marks }]),
    ]);
}

function leafOf(node: ContentNode, warn: Warn): ElementContent {
  if (!isInlineName(node.type)) throw new TypeError(`a line has a "${node.type}", which conform does not make`);
  return INLINE[node.type](node, warn);
}

const INLINE: Readonly<Record<InlineName, (node: ContentNode, warn: Warn) => ElementContent>> = {
  text: (node) => text(node.text!),
  hardBreak: () => element('br', {}),
  inlineImage: (node, warn) => imageOf(node, warn),
  inlineMath: ({ attrs }) => element('span', { className: ['math'] }, [text(String(attrs!.latex))]),
  footnoteReference({ attrs }) {
    const { label, number, isFirst } = attrs as { label: string; number?: number; isFirst?: boolean };
    if (number === undefined) return text(`[${label}]`);
    const id = isFirst === true ? { id: `${REFERENCE_ID}${label}` } : {};
    return element('sup', {}, [element('a', { href: `#${NOTE_ID}${label}`, ...id, dataFootnoteRef: '' }, [text(String(number))])]);
  },
  inlineHtmlComment: ({ attrs }) => ({ type: 'comment', value: String(attrs!.text) }),
};

function imageOf({ attrs = {} }: ContentNode, warn: Warn): ElementContent {
  const words = String(attrs.alt ?? '');
  if (!isSafeImage(attrs.src)) {
    warn('An image with an address that is not safe was replaced by its description.');
    return text(words);
  }
  const properties: Properties = { src: attrs.src, alt: words };
  for (const name of ['title', 'width', 'height'] as const) {
    const value = attrs[name];
    if (typeof value === 'string' || typeof value === 'number') properties[name] = String(value);
  }
  const image = element('img', properties);
  return attrs.href === undefined ? image : element('a', { href: String(attrs.href) }, [image]);
}

type WriteMark = (mark: ContentMark, children: ElementContent[], warn: Warn) => ElementContent[];

const tagged =
  (tagName: string): WriteMark =>
  (_mark, children) => [element(tagName, {}, children)];

const unsaid: WriteMark = (_mark, children, warn) => {
  warn('Comments and suggested changes of formatting are not part of the page.');
  return children;
};

const MARKS: Readonly<Record<MarkName, WriteMark>> = {
  bold: tagged('strong'),
  italic: tagged('em'),
  strike: tagged('s'),
  underline: tagged('u'),
  code: tagged('code'),
  subscript: tagged('sub'),
  superscript: tagged('sup'),
  link: ({ attrs }, children) => [
    element('a', { href: String(attrs?.href ?? ''), ...(attrs?.title ? { title: String(attrs.title) } : {}) }, children),
  ],
  highlight: ({ attrs }, children) => {
    const color = attrs?.color;
    return [element('mark', isSafeColor(color) ? { style: `background-color: ${color}` } : {}, children)];
  },
  comment: unsaid,
  insertion: tagged('ins'),
  deletion: tagged('del'),
  modification: unsaid,
};
