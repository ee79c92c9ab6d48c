import type { Definition, List, PhrasingContent, RootContent, Table } from 'mdast';
import type { ContentMark, ContentNode, Warn } from '../content.ts';
import { isSafeImage } from '../safe-url.ts';
import { imageOfTag, markOfTag, parseTag, type Tag } from './inline-html.ts';
import type { MarkdownNode } from './markdown-syntax.ts';

export interface MarkdownSource {
  /** The text the tree was read from; positions point into it. */
  readonly source: string;
  readonly definitions: ReadonlyMap<string, Definition>;
  /** Whether a definition's label is referred to anywhere in the file. */
  readonly used: (label: string) => boolean;
  readonly warn: Warn;
}

/** The label by which references find a definition. */
export const labelOf = ({ identifier }: { identifier: string }) => identifier.toUpperCase();

/** Markdown's blocks as content; not yet fitted to the schema. */
export function blocksOf(nodes: readonly MarkdownNode[], from: MarkdownSource): ContentNode[] {
  return nodes.flatMap((node) => blockOf(node as RootContent, from));
}

const textNode = (text: string): ContentNode => ({ type: 'text', text });
const code = (value: string, language?: string | null, meta?: string | null): ContentNode => ({
  type: 'codeBlock',
  attrs: { language: language ?? null, meta: meta ?? null },
  content: value === '' ? [] : [textNode(value)],
});

function blockOf(node: MarkdownNode, from: MarkdownSource): ContentNode[] {
  switch (node.type) {
    case 'paragraph': {
      const line = inlineOf(node.children, from);
      const only = line.length === 1 ? line[0]! : null;
      return only?.type === 'inlineImage' ? [{ ...only, type: 'image' }] : [{ type: 'paragraph', content: line }];
    }
    case 'heading':
      return [{ type: 'heading', attrs: { level: node.depth }, content: inlineOf(node.children, from) }];
    case 'thematicBreak':
      return [{ type: 'horizontalRule' }];
    case 'blockquote':
      return [{ type: 'blockquote', content: blocksOf(node.children, from) }];
    case 'list':
      return listsOf(node, from);
    case 'code':
      return [code(node.value, node.lang, node.meta)];
    case 'math':
      return [{ type: 'blockMath', attrs: { latex: node.value } }];
    case 'table':
      return [tableOf(node, from)];
    case 'html':
      return htmlBlock(node.value, from);
    case 'definition':
      if (!from.used(labelOf(node))) from.warn('A link definition that nothing refers to was left out.');
      return [];
    case 'footnoteDefinition': {
      from.warn('Footnotes were kept as text.');
      const blocks = blocksOf(node.children, from);
      const label = textNode(`[^${node.label ?? node.identifier}]: `);
      if (blocks[0]?.type === 'paragraph') return [{ ...blocks[0], content: [label, ...(blocks[0].content ?? [])] }, ...blocks.slice(1)];
      return [{ type: 'paragraph', content: [label] }, ...blocks];
    }
    default:
      from.warn(`Markdown of the kind "${node.type}" was kept as it is written.`);
      return [{ type: 'paragraph', content: [textNode(sourceOf(node, from))] }];
  }
}

/** A list; where items with and without a box alternate, several. */
function listsOf(list: List, from: MarkdownSource): ContentNode[] {
  const lists: ContentNode[] = [];
  let number = list.start ?? 1;
  for (const item of list.children) {
    const isTask = typeof item.checked === 'boolean' && !list.ordered;
    const type = list.ordered ? 'orderedList' : isTask ? 'taskList' : 'bulletList';
    const content = blocksOf(item.children, from);
    if (list.ordered && typeof item.checked === 'boolean') {
      from.warn('The boxes of a numbered list were kept as text.');
      const box = textNode(item.checked ? '[x] ' : '[ ] ');
      const first = content[0];
      if (first?.type === 'paragraph') content[0] = { ...first, content: [box, ...(first.content ?? [])] };
    }
    const made: ContentNode = isTask ? { type: 'taskItem', attrs: { checked: item.checked }, content } : { type: 'listItem', content };
    const last = lists.at(-1);
    if (last?.type === type) last.content!.push(made);
    else lists.push({ type, ...(list.ordered ? { attrs: { start: number } } : {}), content: [made] });
    number++;
  }
  return lists;
}

function tableOf(table: Table, from: MarkdownSource): ContentNode {
  const columns = Math.max(...table.children.map((row) => row.children.length));
  const rows = table.children.map((row, rowAt) => ({
    type: 'tableRow',
    content: Array.from({ length: columns }, (_, at) => ({
      type: rowAt === 0 ? 'tableHeader' : 'tableCell',
      attrs: { align: table.align?.[at] ?? null },
      content: [{ type: 'paragraph', content: inlineOf(row.children[at]?.children ?? [], from) }],
    })),
  }));
  return { type: 'table', content: rows };
}

/** HTML on lines of its own: what this product writes itself is understood, the rest kept as a code block that exports as it was. */
function htmlBlock(value: string, from: MarkdownSource): ContentNode[] {
  if (value === EMPTY) return [];
  const tags = value.match(/<[^<>]*>/g) ?? [];
  if (tags.join('') === value.replace(/\s/g, (space, at) => (insideTag(value, at) ? space : '')) && tags.length > 0) {
    const parsed = tags.map(parseTag);
    if (parsed.every((tag) => tag?.name === 'br' || tag?.name === 'img')) {
      return blockOf({ type: 'paragraph', children: tags.map((tag) => ({ type: 'html', value: tag })) }, from);
    }
  }
  from.warn('HTML was kept as a code block.');
  return [code(value, 'html', 'raw')];
}

const insideTag = (value: string, at: number) => value.lastIndexOf('<', at) > value.lastIndexOf('>', at);

/** Stands for nothing where Markdown needs something, such as after the box of an empty task. */
export const EMPTY = '<!-- -->';

function inlineOf(nodes: readonly PhrasingContent[], from: MarkdownSource, marks: readonly ContentMark[] = []): ContentNode[] {
  const line: ContentNode[] = [];
  for (let at = 0; at < nodes.length; at++) {
    const node = nodes[at]!;
    const tag = node.type === 'html' ? parseTag(node.value) : null;
    const mark = tag?.kind === 'open' ? markOfTag(tag) : null;
    const end = mark ? closingOf(nodes, at, tag!) : -1;
    if (mark && end !== -1) {
      line.push(...inlineOf(nodes.slice(at + 1, end), from, [...marks, mark]));
      at = end;
    } else {
      line.push(...inlineNode(node, from, marks));
    }
  }
  return line;
}

/** Where the tag opened at `start` closes among its siblings, or -1. */
function closingOf(nodes: readonly PhrasingContent[], start: number, opened: Tag): number {
  let depth = 0;
  for (let at = start; at < nodes.length; at++) {
    const node = nodes[at]!;
    const tag = node.type === 'html' ? parseTag(node.value) : null;
    if (tag?.name !== opened.name) continue;
    depth += tag.kind === 'open' ? 1 : -1;
    if (depth === 0) return at;
  }
  return -1;
}

function inlineNode(node: PhrasingContent, from: MarkdownSource, marks: readonly ContentMark[]): ContentNode[] {
  const text = (value: string, ...more: ContentMark[]): ContentNode[] =>
    value === '' ? [] : [{ type: 'text', text: value, marks: [...marks, ...more] }];
  const marked = (children: PhrasingContent[], ...more: ContentMark[]) => inlineOf(children, from, [...marks, ...more]);
  switch (node.type) {
    case 'text':
      return text(node.value.replace(/[ \t]*\n[ \t]*/g, ' '));
    case 'strong':
      return marked(node.children, { type: 'bold' });
    case 'emphasis':
      return marked(node.children, { type: 'italic' });
    case 'delete':
      return marked(node.children, { type: 'strike' });
    case 'inlineCode':
      return text(node.value.replaceAll('\n', ' '), { type: 'code' });
    case 'inlineMath':
      return [{ type: 'inlineMath', attrs: { latex: node.value } }];
    case 'break':
      return [{ type: 'hardBreak' }];
    case 'link':
      return marked(node.children, { type: 'link', attrs: { href: node.url, title: node.title } });
    case 'linkReference': {
      const target = from.definitions.get(labelOf(node));
      return target
        ? marked(node.children, { type: 'link', attrs: { href: target.url, title: target.title } })
        : text(sourceOf(node, from));
    }
    case 'image':
      return image({ src: node.url, alt: node.alt || null, title: node.title }, from, marks);
    case 'imageReference': {
      const target = from.definitions.get(labelOf(node));
      return target ? image({ src: target.url, alt: node.alt || null, title: target.title }, from, marks) : text(sourceOf(node, from));
    }
    case 'footnoteReference':
      from.warn('Footnotes were kept as text.');
      return text(`[^${node.label ?? node.identifier}]`);
    case 'html': {
      const tag = parseTag(node.value);
      if (tag?.name === 'br') return [{ type: 'hardBreak' }];
      if (tag?.name === 'img' && tag.attributes.src) return image(imageOfTag(tag).attrs!, from, marks);
      if (node.value === EMPTY) return [];
      from.warn('HTML within a line was kept as text.');
      return text(node.value.replace(/\s*\n\s*/g, ' '));
    }
    default:
      from.warn(`Markdown of the kind "${(node as { type: string }).type}" was kept as it is written.`);
      return text(sourceOf(node, from));
  }
}

function image(attrs: Record<string, unknown>, from: MarkdownSource, marks: readonly ContentMark[]): ContentNode[] {
  if (!isSafeImage(attrs.src)) {
    from.warn('An image with an address that is not safe was replaced by its description.');
    const words = String(attrs.alt ?? '');
    return words === '' ? [] : [{ type: 'text', text: words, marks: [...marks] }];
  }
  const href = marks.findLast((mark) => mark.type === 'link')?.attrs?.href;
  return [{ type: 'inlineImage', attrs: href === undefined ? attrs : { ...attrs, href } }];
}

function sourceOf(node: MarkdownNode, { source }: MarkdownSource): string {
  return source.slice(node.position?.start.offset ?? 0, node.position?.end.offset ?? 0);
}
