import type { Element, ElementContent, Properties, Root, Text } from 'hast';
import type { ContentMark, ContentNode, Warn } from '../content.ts';
import { isSafeColor } from '../nodes/highlight.ts';
import { isSafeImage } from '../safe-url.ts';
import { nestMarks, type Piece } from './nest-marks.ts';

/** Conformed content as an HTML tree. Formulas are `span` and `div` of the class `math` that hold their source. */
export function toHast(content: ContentNode, warn: Warn): Root {
  const children: Root['children'] = [];
  for (const block of content.content ?? []) children.push(blockOf(block, warn), text('\n'));
  return { type: 'root', children };
}

const text = (value: string): Text => ({ type: 'text', value });
const element = (tagName: string, properties: Properties, children: ElementContent[] = []): Element => ({
  type: 'element',
  tagName,
  properties,
  children,
});
const blocksOf = (nodes: readonly ContentNode[], warn: Warn) => nodes.map((node) => blockOf(node, warn));

function blockOf(node: ContentNode, warn: Warn): ElementContent {
  const content = node.content ?? [];
  switch (node.type) {
    case 'paragraph':
      return element('p', {}, lineOf(content, warn));
    case 'heading':
      return element(`h${node.attrs!.level}`, {}, lineOf(content, warn));
    case 'blockquote':
      return element('blockquote', {}, blocksOf(content, warn));
    case 'bulletList':
      return element('ul', {}, itemsOf(content, warn));
    case 'orderedList': {
      const { start, type } = node.attrs ?? {};
      const properties = { ...(start === 1 ? {} : { start: Number(start) }), ...(type ? { type: String(type) } : {}) };
      return element('ol', properties, itemsOf(content, warn));
    }
    case 'taskList':
      return element('ul', { className: ['task-list'] }, itemsOf(content, warn));
    case 'codeBlock': {
      const language = String(node.attrs?.language ?? '').split(/\s/)[0];
      const properties = language ? { className: [`language-${language}`] } : {};
      return element('pre', {}, [element('code', properties, lineOf(content, warn, true))]);
    }
    case 'horizontalRule':
      return element('hr', {});
    case 'blockMath':
      return element('div', { className: ['math'] }, [text(String(node.attrs!.latex))]);
    case 'image':
      return element('p', {}, [imageOf(node, warn)]);
    case 'table':
      return tableOf(content, warn);
    default:
      throw new TypeError(`content has a block "${node.type}", which conform does not make`);
  }
}

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
        const { colspan, rowspan, align } = (cell.attrs ?? {}) as { colspan?: number; rowspan?: number; align?: string };
        const properties: Properties = { ...(align ? { align } : {}) };
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
  const parts = [];
  if (isHead) parts.push(element('thead', {}, [rowOf(rows[0]!)]));
  const body = rows.slice(isHead ? 1 : 0).map(rowOf);
  if (body.length > 0) parts.push(element('tbody', {}, body));
  return element('table', {}, parts);
}

function lineOf(nodes: readonly ContentNode[], warn: Warn, code = false): ElementContent[] {
  const pieces = nodes.flatMap((node) => piecesOf(node, code));
  return nestMarks<ElementContent>(pieces, {
    leaf: ({ node }) => [leafOf(node, warn)],
    wrap: (mark, children) => wrap(mark, children, warn),
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
  switch (node.type) {
    case 'text':
      return text(node.text!);
    case 'inlineMath':
      return element('span', { className: ['math'] }, [text(String(node.attrs!.latex))]);
    case 'inlineImage':
      return imageOf(node, warn);
    default:
      return element('br', {});
  }
}

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

const TAGS: Readonly<Record<string, string>> = {
  bold: 'strong',
  italic: 'em',
  strike: 's',
  underline: 'u',
  code: 'code',
  insertion: 'ins',
  deletion: 'del',
};

function wrap({ type, attrs }: ContentMark, children: ElementContent[], warn: Warn): ElementContent[] {
  if (type === 'link')
    return [element('a', { href: String(attrs?.href ?? ''), ...(attrs?.title ? { title: String(attrs.title) } : {}) }, children)];
  if (type === 'highlight') {
    const color = attrs?.color;
    return [element('mark', isSafeColor(color) ? { style: `background-color: ${color}` } : {}, children)];
  }
  const tag = TAGS[type];
  if (tag !== undefined) return [element(tag, {}, children)];
  warn('Comments and suggested changes of formatting are not part of the page.');
  return children;
}
