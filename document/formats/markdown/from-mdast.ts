import type { Blockquote, List, PhrasingContent, Table } from 'mdast';
import type { ContentMark, ContentNode, Warn } from '../../content.ts';
import { fitFootnoteLabel } from '../../nodes/footnote.ts';
import { textOfComment } from '../../nodes/html-comment.ts';
import { isSafeImage } from '../../safe-url.ts';
import { detailsEnd, joinDetails } from './details.ts';
import { figureOf } from './figure.ts';
import { imageOfTag, markOfTag, parseTag, type Tag } from './inline-html.ts';
import { parseLine } from './parse.ts';
import type { MarkdownNode, MarkdownText } from './phrasing.ts';

/** Markdown's blocks as content; not yet fitted to the schema. */
export function blocksOf(nodes: readonly MarkdownNode[], warn: Warn): ContentNode[] {
  return inSections(
    nodes.flatMap((node) => flatBlocksOf(node, warn)),
    warn,
  );
}

/** Blocks with those between `<details>` and `</details>` in a section. */
export const inSections = (blocks: readonly ContentNode[], warn: Warn): ContentNode[] =>
  joinDetails(blocks, (value) => rawHtml(value, warn));

const textNode = (text: string): ContentNode => ({ type: 'text', text });
const code = (value: string, language?: string | null, meta?: string | null): ContentNode => ({
  type: 'codeBlock',
  attrs: { language: language ?? null, meta: meta ?? null },
  content: value === '' ? [] : [textNode(value)],
});

/** One block of Markdown, an end of a collapsible section as such. */
export function flatBlocksOf(node: MarkdownNode, warn: Warn): ContentNode[] {
  switch (node.type) {
    case 'paragraph': {
      const line = inlineOf(node.children, warn);
      const only = line.length === 1 ? line[0]! : null;
      return only?.type === 'inlineImage' ? [{ ...only, type: 'image' }] : [{ type: 'paragraph', content: line }];
    }
    case 'heading':
      return [{ type: 'heading', attrs: { level: node.depth }, content: inlineOf(node.children, warn) }];
    case 'thematicBreak':
      return [{ type: 'horizontalRule' }];
    case 'blockquote':
      return [calloutOf(node, warn) ?? { type: 'blockquote', content: blocksOf(node.children, warn) }];
    case 'list':
      return listsOf(node, warn);
    case 'code':
      return [code(node.value, node.lang, node.meta)];
    case 'math':
      return [{ type: 'blockMath', attrs: { latex: node.value } }];
    case 'table':
      return [tableOf(node, warn)];
    case 'html':
      return htmlBlock(node.value, warn);
    case 'footnoteDefinition':
      return [{ type: 'footnoteDefinition', attrs: footnoteLabel(node), content: blocksOf(node.children, warn) }];
    default:
      throw new Error(`No block is written as "${node.type}".`);
  }
}

const footnoteLabel = ({ label, identifier }: { label?: string | null | undefined; identifier: string }) => ({
  label: fitFootnoteLabel(label ?? identifier),
});

const ALERT = /^\[!(note|tip|important|warning|caution)\][ \t]*(?:\n|$)/i;

/** A quote that begins with the sign of one of GitHub's alerts, on a line of its own. */
function calloutOf(quote: Blockquote, warn: Warn): ContentNode | null {
  const [first, ...rest] = quote.children;
  const sign = first?.type === 'paragraph' ? first.children[0] : undefined;
  if (first?.type !== 'paragraph' || sign?.type !== 'text' || (sign as MarkdownText).escaped) return null;
  const [written, kind] = ALERT.exec(sign.value) ?? [];
  const after = first.children.slice(1);
  // A break ends the line as well as a line feed does.
  if (written === undefined || (!written.endsWith('\n') && after.length > 0 && after[0]?.type !== 'break')) return null;
  const line = [{ ...sign, value: sign.value.slice(written.length) }, ...(written.endsWith('\n') ? after : after.slice(1))];
  const paragraph = { ...first, children: line.filter((node) => node.type !== 'text' || node.value !== '') };
  const children = paragraph.children.length > 0 ? [paragraph, ...rest] : rest;
  return { type: 'callout', attrs: { kind: kind!.toLowerCase() }, content: blocksOf(children, warn) };
}

/** A list; where items with and without a box alternate, several. */
function listsOf(list: List, warn: Warn): ContentNode[] {
  const lists: ContentNode[] = [];
  let number = list.start ?? 1;
  for (const item of list.children) {
    const isTask = typeof item.checked === 'boolean' && !list.ordered;
    const type = list.ordered ? 'orderedList' : isTask ? 'taskList' : 'bulletList';
    const content = blocksOf(item.children, warn);
    if (list.ordered && typeof item.checked === 'boolean') {
      warn('The boxes of a numbered list were kept as text.');
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

function tableOf(table: Table, warn: Warn): ContentNode {
  const columns = table.children.reduce((widest, row) => Math.max(widest, row.children.length), 0);
  const rows = table.children.map((row, rowAt) => ({
    type: 'tableRow',
    content: Array.from({ length: columns }, (_, at) => ({
      type: rowAt === 0 ? 'tableHeader' : 'tableCell',
      attrs: { align: table.align?.[at] ?? null },
      content: [{ type: 'paragraph', content: inlineOf(row.children[at]?.children ?? [], warn) }],
    })),
  }));
  return { type: 'table', content: rows };
}

/** HTML on lines of its own: what this product writes itself is understood, the rest kept as a code block that exports as it was. */
function htmlBlock(value: string, warn: Warn): ContentNode[] {
  if (value === EMPTY) return [];
  const comment = textOfComment(value);
  if (comment !== null) return [{ type: 'htmlComment', attrs: { text: comment } }];
  const figure = figureOf(value);
  if (figure !== null && isSafeImage(figure.attrs?.src)) return [figure];
  const end = detailsEnd(value, (summary) => lineOfText(summary, warn));
  if (end !== null) return [end];
  const tags = value.match(/<[^<>]*>/g) ?? [];
  if (tags.join('') === value.replace(/\s/g, (space, at) => (insideTag(value, at) ? space : '')) && tags.length > 0) {
    const parsed = tags.map(parseTag);
    if (parsed.every((tag) => tag?.name === 'br' || tag?.name === 'img')) {
      return flatBlocksOf({ type: 'paragraph', children: tags.map((tag) => ({ type: 'html', value: tag })) }, warn);
    }
  }
  return [rawHtml(value, warn)];
}

function rawHtml(value: string, warn: Warn): ContentNode {
  warn('HTML was kept as a code block.');
  return code(value, 'html', 'raw');
}

/** The Markdown of one line. */
const lineOfText = (markdown: string, warn: Warn): ContentNode[] => inlineOf(parseLine(markdown.trimEnd()), warn);

const insideTag = (value: string, at: number) => value.lastIndexOf('<', at) > value.lastIndexOf('>', at);

/** Stands for nothing where Markdown needs something, such as after the box of an empty task. */
export const EMPTY = '<!-- -->';

function inlineOf(nodes: readonly PhrasingContent[], warn: Warn, marks: readonly ContentMark[] = []): ContentNode[] {
  const line: ContentNode[] = [];
  const pairs = tagPairs(nodes);
  // What a pair of tags holds is read under its mark, in a loop: tags may be nested deeper than the stack.
  const open: { end: number; marks: readonly ContentMark[] }[] = [{ end: nodes.length, marks }];
  for (let at = 0; at < nodes.length; at++) {
    const around = open.at(-1)!;
    const pair = pairs.get(at);
    if (at === around.end) open.pop();
    else if (pair !== undefined && pair.end < around.end) open.push({ end: pair.end, marks: [...around.marks, pair.mark] });
    else for (const made of inlineNode(nodes[at]!, warn, around.marks)) line.push(made);
  }
  return line;
}

/** The tags that stand for a mark and are closed among their siblings, by where they open. */
function tagPairs(nodes: readonly PhrasingContent[]): Map<number, { end: number; mark: ContentMark }> {
  const pairs = new Map<number, { end: number; mark: ContentMark }>();
  const open = new Map<string, { at: number; tag: Tag }[]>();
  nodes.forEach((node, at) => {
    const tag = node.type === 'html' ? parseTag(node.value) : null;
    if (tag === null || tag.kind === 'void') return;
    const same = open.get(tag.name) ?? [];
    open.set(tag.name, same);
    if (tag.kind === 'open') {
      same.push({ at, tag });
      return;
    }
    const opened = same.pop();
    const mark = opened && markOfTag(opened.tag);
    if (opened && mark) pairs.set(opened.at, { end: at, mark });
  });
  return pairs;
}

function inlineNode(node: PhrasingContent, warn: Warn, marks: readonly ContentMark[]): ContentNode[] {
  const text = (value: string, ...more: ContentMark[]): ContentNode[] =>
    value === '' ? [] : [{ type: 'text', text: value, marks: [...marks, ...more] }];
  const marked = (children: PhrasingContent[], ...more: ContentMark[]) => inlineOf(children, warn, [...marks, ...more]);
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
    case 'image':
      return image({ src: node.url, alt: node.alt || null, title: node.title }, warn, marks);
    case 'footnoteReference':
      return [{ type: 'footnoteReference', attrs: footnoteLabel(node) }];
    case 'html': {
      const tag = parseTag(node.value);
      if (tag?.name === 'br') return [{ type: 'hardBreak' }];
      if (tag?.name === 'img' && tag.attributes.src) return image(imageOfTag(tag).attrs!, warn, marks);
      if (node.value === EMPTY) return [];
      const comment = textOfComment(node.value);
      if (comment !== null) return [{ type: 'inlineHtmlComment', attrs: { text: comment } }];
      warn('HTML within a line was kept as text.');
      return text(node.value.replace(/\s*\n\s*/g, ' '));
    }
    default:
      throw new Error(`Nothing in a line is written as "${node.type}".`);
  }
}

function image(attrs: Record<string, unknown>, warn: Warn, marks: readonly ContentMark[]): ContentNode[] {
  if (!isSafeImage(attrs.src)) {
    warn('An image with an address that is not safe was replaced by its description.');
    const words = String(attrs.alt ?? '');
    return words === '' ? [] : [{ type: 'text', text: words, marks: [...marks] }];
  }
  const href = marks.findLast((mark) => mark.type === 'link')?.attrs?.href;
  return [{ type: 'inlineImage', attrs: href === undefined ? attrs : { ...attrs, href } }];
}
