import { Mark, type Node } from '@tiptap/pm/model';
import { fitAttributes } from './attributes.ts';
import { type ContentMark, type ContentNode, MAX_DEPTH, type Warn } from './content.ts';
import { type BlockName, type InlineName, isBlockName, isInlineName } from './node-names.ts';
import { isFootnoteLabel } from './nodes/footnote.ts';
import { isSafeLink } from './safe-url.ts';
import { schema } from './schema.ts';
import { leafText } from './text.ts';

/**
 * Makes content valid for the schema without losing a word: an unknown node is replaced by what it
 * holds, a misplaced one is moved to where the schema has a place for it, an unknown mark or unfit
 * attribute is dropped. Says so in warnings. The result has every attribute that is not `null`.
 */
export function conform(content: ContentNode, warn: Warn): ContentNode {
  const blocks = flow(content.type === 'doc' ? (content.content ?? []) : [content], 1, warn);
  return { type: 'doc', content: orParagraph(blocks) };
}

/** Conformed content as a ProseMirror document. */
export function toNode(conformed: ContentNode): Node {
  const node = schema.nodeFromJSON(conformed);
  node.check();
  return node;
}

function make(type: string, source: ContentNode | null, content?: ContentNode[]): ContentNode {
  const node: ContentNode = { type };
  const attributes = fitAttributes(type, source?.attrs);
  if (attributes) node.attrs = attributes;
  if (content && content.length > 0) node.content = content;
  return node;
}

const orParagraph = (blocks: ContentNode[]) => (blocks.length > 0 ? blocks : [{ type: 'paragraph' }]);

/** Blocks, with what is inline among them gathered into paragraphs. */
function flow(nodes: readonly ContentNode[], depth: number, warn: Warn): ContentNode[] {
  const blocks: ContentNode[] = [];
  let line: ContentNode[] = [];
  const endLine = () => {
    if (line.every(isComment)) for (const { attrs } of line) blocks.push(make('htmlComment', { type: 'htmlComment', attrs: attrs ?? {} }));
    else blocks.push(make('paragraph', null, inline(line, depth, warn)));
    line = [];
  };
  for (const node of nodes) {
    if (isInlineName(node.type)) {
      line.push(node);
    } else {
      endLine();
      for (const made of block(node, depth, warn)) blocks.push(made);
    }
  }
  endLine();
  return blocks;
}

function block(node: ContentNode, depth: number, warn: Warn): ContentNode[] {
  const content = node.content ?? [];
  if (depth >= MAX_DEPTH && content.length > 0) {
    warn(`Nesting deeper than ${MAX_DEPTH} levels was kept as plain text.`);
    const text = allText(node);
    return text === '' ? [] : [make('paragraph', null, [{ type: 'text', text }])];
  }
  if (isBlockName(node.type)) return BLOCKS[node.type](node, content, depth, warn);
  warn(
    schema.nodes[node.type]
      ? `A ${node.type} outside of its place was replaced by what it holds.`
      : `The node "${node.type.slice(0, 80)}" is not known; its text was kept.`,
  );
  if (content.length > 0) return flow(content, depth + 1, warn);
  const text = leafText(node);
  return text === '' ? [] : [make('paragraph', null, [{ type: 'text', text }])];
}

const isComment = ({ type }: ContentNode) => type === 'inlineHtmlComment';

type FitBlock = (node: ContentNode, content: readonly ContentNode[], depth: number, warn: Warn) => ContentNode[];

const ofText: FitBlock = (node, content, depth, warn) => [make(node.type, node, inline(content, depth, warn))];
const listOf =
  (item: string): FitBlock =>
  (node, content, depth, warn) => [make(node.type, node, items(item, content, depth, warn))];
/** What can hold nothing; what it was given to hold stands after it. */
const leaf: FitBlock = (node, content, depth, warn) => [make(node.type, node), ...flow(content, depth + 1, warn)];

/** A known block as the schema has it. */
const BLOCKS: Readonly<Record<BlockName, FitBlock>> = {
  paragraph: ofText,
  heading: ofText,
  blockquote: (node, content, depth, warn) => [make('blockquote', node, orParagraph(flow(content, depth + 1, warn)))],
  bulletList: listOf('listItem'),
  orderedList: listOf('listItem'),
  taskList: listOf('taskItem'),
  codeBlock: (node, content, _depth, warn) => [make('codeBlock', node, codeText(content, warn))],
  horizontalRule: leaf,
  table: (node, _content, depth, warn) => table(node, depth, warn),
  image: leaf,
  blockMath: leaf,
  callout: (node, content, depth, warn) => [make('callout', node, orParagraph(flow(content, depth + 1, warn)))],
  details: (node, content, depth, warn) => [make('details', node, detailsParts(content, depth, warn))],
  footnoteDefinition(node, content, depth, warn) {
    const blocks = flow(content, depth + 1, warn);
    if (isFootnoteLabel(node.attrs?.label)) return [make('footnoteDefinition', node, orParagraph(blocks))];
    warn('A footnote without a label was kept as text.');
    return blocks;
  },
  htmlComment: leaf,
};

/** A summary, which may be empty, and what is collapsed under it. */
function detailsParts(content: readonly ContentNode[], depth: number, warn: Warn): ContentNode[] {
  const summary = content.find(({ type }) => type === 'detailsSummary');
  const rest = content.filter((node) => node !== summary);
  return [make('detailsSummary', null, inline(summary?.content ?? [], depth + 1, warn)), ...orParagraph(flow(rest, depth + 1, warn))];
}

function items(item: string, content: readonly ContentNode[], depth: number, warn: Warn): ContentNode[] {
  return content.map((child) => {
    if (child.type === 'listItem' || child.type === 'taskItem') {
      return make(item, child, orParagraph(flow(child.content ?? [], depth + 2, warn)));
    }
    warn('Content directly in a list was put into an item.');
    return make(item, null, orParagraph(flow([child], depth + 2, warn)));
  });
}

function table(node: ContentNode, depth: number, warn: Warn): ContentNode[] {
  const cell = (child: ContentNode): ContentNode => {
    if (child.type === 'tableCell' || child.type === 'tableHeader') {
      return make(child.type, child, orParagraph(flow(child.content ?? [], depth + 3, warn)));
    }
    warn('Content directly in a table was put into a cell.');
    return make('tableCell', null, orParagraph(flow([child], depth + 3, warn)));
  };
  const rows = (node.content ?? [])
    .map((row) => make('tableRow', row, row.type === 'tableRow' ? (row.content ?? []).map(cell) : [cell(row)]))
    .filter((row) => row.content !== undefined);
  return rows.length > 0 ? [make('table', node, rows)] : [];
}

/** The inline nodes of a line; blocks among them are set off by hard breaks. */
function inline(nodes: readonly ContentNode[], depth: number, warn: Warn): ContentNode[] {
  const line: ContentNode[] = [];
  for (const node of nodes) {
    if (isInlineName(node.type)) {
      const made = INLINE[node.type](node, warn);
      if (made !== null) pushText(line, made);
    } else if (node.type === 'image') {
      line.push(inlineImage(node));
      const { caption } = node.attrs ?? {};
      if (typeof caption === 'string' && caption !== '') pushText(line, { type: 'text', text: ` ${caption} ` });
    } else if (node.type === 'htmlComment') {
      line.push(make('inlineHtmlComment', node));
    } else if (depth >= MAX_DEPTH || !node.content) {
      warn(`The node "${node.type.slice(0, 80)}" is not known inside text; its text was kept.`);
      const kept = node.content ? allText(node) : leafText(node);
      if (kept !== '') pushText(line, text({ ...node, type: 'text', text: kept }, warn));
    } else {
      warn(`The node "${node.type.slice(0, 80)}" is not known inside text; its text was kept.`);
      if (schema.nodes[node.type] && line.length > 0) line.push({ type: 'hardBreak' });
      for (const child of inline(node.content, depth + 1, warn)) pushText(line, child);
    }
  }
  return line;
}

const plain = (node: ContentNode) => make(node.type, node);
const inlineImage = (node: ContentNode) => make('inlineImage', withLink(node));

/** A known inline node as the schema has it; `null` for one that says nothing. */
const INLINE: Readonly<Record<InlineName, (node: ContentNode, warn: Warn) => ContentNode | null>> = {
  text: (node, warn) => (typeof node.text === 'string' && node.text !== '' ? text(node, warn) : null),
  hardBreak: plain,
  inlineImage,
  inlineMath: plain,
  footnoteReference(node, warn) {
    if (isFootnoteLabel(node.attrs?.label)) return plain(node);
    warn('A footnote without a label was left out.');
    return null;
  },
  inlineHtmlComment: plain,
};

function withLink(node: ContentNode): ContentNode {
  const href = node.marks?.find((mark) => mark.type === 'link')?.attrs?.href;
  return href === undefined ? node : { ...node, attrs: { href, ...node.attrs } };
}

function codeText(nodes: readonly ContentNode[], warn: Warn): ContentNode[] {
  const content: ContentNode[] = [];
  for (const node of nodes) {
    if (node.type === 'text' && node.text)
      pushText(
        content,
        text(node, warn, (mark) => schema.nodes.codeBlock!.allowsMarkType(mark.type)),
      );
    else if (node.type !== 'text') {
      const kept = node.type === 'hardBreak' ? '\n' : node.content ? allText(node) : leafText(node);
      if (kept !== '') pushText(content, { type: 'text', text: kept });
    }
  }
  return content;
}

function text(node: ContentNode, warn: Warn, allowed: (mark: Mark) => boolean = () => true): ContentNode {
  const marks = fitMarks(node.marks ?? [], warn, allowed);
  return marks.length > 0 ? { type: 'text', text: node.text!, marks } : { type: 'text', text: node.text! };
}

function fitMarks(given: readonly ContentMark[], warn: Warn, allowed: (mark: Mark) => boolean): ContentMark[] {
  let set = Mark.none;
  for (const { type, attrs } of given) {
    const known = schema.marks[type];
    if (known === undefined) warn(`The mark "${type.slice(0, 80)}" is not known and was dropped; its text was kept.`);
    else if (type === 'link' && !isSafeLink(attrs?.href)) warn('A link to an address that is not safe was dropped; its text was kept.');
    else set = known.create(fitAttributes(type, attrs)).addToSet(set);
  }
  return set.filter(allowed).map(({ type, attrs }) => {
    const fitted = fitAttributes(type.name, attrs);
    return fitted ? { type: type.name, attrs: fitted } : { type: type.name };
  });
}

/** Adds a node; text continues the text before it when the marks are the same. */
function pushText(line: ContentNode[], node: ContentNode): void {
  const last = line.at(-1);
  if (last?.type === 'text' && node.type === 'text' && JSON.stringify(last.marks) === JSON.stringify(node.marks)) {
    last.text = `${last.text}${node.text}`;
  } else {
    line.push({ ...node });
  }
}

/** All text below a node, without recursion; blocks are set off by spaces. */
function allText(node: ContentNode): string {
  const parts: string[] = [];
  const stack: ContentNode[] = [node];
  while (stack.length > 0) {
    const next = stack.pop()!;
    if (next.content) for (let at = next.content.length - 1; at >= 0; at--) stack.push(next.content[at]!);
    else parts.push(next.type === 'text' ? (next.text ?? '') : ` ${leafText(next)} `);
  }
  return parts.join('').replace(/ {2,}/g, ' ').trim();
}
