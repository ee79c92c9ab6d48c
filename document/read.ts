import * as Y from 'yjs';
import { plainValue } from './attributes.ts';
import { type ContentMark, type ContentNode, MAX_DEPTH, type Warn } from './content.ts';

/** The root that holds the text; Tiptap's own default. */
export const CONTENT_ROOT = 'default';

// y-tiptap stores marks that may overlap as `name--<hash of the mark>`.
const HASHED_MARK = /^(.*)--[a-zA-Z0-9+/=]{8}$/;

/**
 * A shared document's content as ProseMirror JSON: exactly what is there, including nodes and marks
 * the schema does not know. It never changes the document. It never throws, though a writer can put any
 * shared type anywhere. (y-tiptap's reader is as pure, but overflows the stack on deep nesting and
 * throws on embedded types.)
 */
export function readContent(document: Y.Doc, warn: Warn = () => {}, root = CONTENT_ROOT): ContentNode {
  return { type: 'doc', content: children(rootNamed(document, root), 1, warn) };
}

function rootNamed(document: Y.Doc, name: string): unknown {
  try {
    return document.getXmlFragment(name);
  } catch {
    // This process already holds the root as another type.
    return document.get(name);
  }
}

function children(parent: unknown, depth: number, warn: Warn): ContentNode[] {
  if (parent instanceof Y.Text) return textNodes(parent, warn);
  if (!(parent instanceof Y.XmlFragment)) return [];
  const nodes: ContentNode[] = [];
  for (const child of parent.toArray() as unknown[]) {
    // Characters: the root was written as a Y.Text by a client of another kind.
    if (typeof child === 'string') pushText(nodes, { type: 'text', text: child });
    else if (child instanceof Y.Text) for (const node of textNodes(child, warn)) pushText(nodes, node);
    else if (child instanceof Y.XmlElement) nodes.push(readElement(child, depth, warn));
    else warn('A shared value that is neither an element nor text was left out.');
  }
  return nodes;
}

/** The attributes of an element that are not `null`; `null` when there are none. */
export function readAttributes(source: Pick<Y.XmlElement, 'getAttributes'>): Record<string, unknown> | null {
  const attributes: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(source.getAttributes() as Record<string, unknown>)) {
    const plain = plainValue(value);
    if (plain !== undefined && plain !== null) attributes[name] = plain;
  }
  return Object.keys(attributes).length > 0 ? attributes : null;
}

/** One element of a shared document, read as `readContent` does; `depth` is how deep it lies. */
export function readElement(source: Y.XmlElement, depth: number, warn: Warn): ContentNode {
  const node: ContentNode = { type: String(source.nodeName) };
  const attributes = readAttributes(source);
  if (attributes !== null) node.attrs = attributes;
  const content = depth < MAX_DEPTH ? children(source, depth + 1, warn) : flatText(source, warn);
  if (content.length > 0) node.content = content;
  return node;
}

/** The text of everything below, without recursion. */
function flatText(source: Y.XmlElement, warn: Warn): ContentNode[] {
  const nodes: ContentNode[] = [];
  const stack: unknown[] = source.toArray().reverse();
  let nested = false;
  while (stack.length > 0) {
    const next = stack.pop();
    if (next instanceof Y.XmlElement) {
      nested = true;
      for (const child of (next.toArray() as unknown[]).reverse()) stack.push(child);
    } else if (next instanceof Y.Text) {
      if (nodes.length > 0) pushText(nodes, { type: 'text', text: ' ' });
      for (const node of textNodes(next, warn)) pushText(nodes, node);
    }
  }
  if (nested) warn(`Nesting deeper than ${MAX_DEPTH} levels was kept as plain text.`);
  return nodes;
}

function textNodes(source: Y.Text, warn: Warn): ContentNode[] {
  const nodes: ContentNode[] = [];
  for (const { insert, attributes } of source.toDelta() as { insert: unknown; attributes?: Record<string, unknown> }[]) {
    if (typeof insert !== 'string') {
      warn('A shared value embedded in text was left out.');
      continue;
    }
    const node: ContentNode = { type: 'text', text: insert };
    const marks = Object.entries(attributes ?? {}).map(([key, value]) => readMark(key, value));
    if (marks.length > 0) node.marks = marks;
    nodes.push(node);
  }
  return nodes;
}

/** A mark, as y-tiptap stores it in the attributes of text. */
export function readMark(key: string, value: unknown): ContentMark {
  const found: ContentMark = { type: HASHED_MARK.exec(key)?.[1] ?? key };
  const plain = plainValue(value);
  if (typeof plain !== 'object' || plain === null) return found;
  const attributes = Object.entries(plain).filter(([, attribute]) => attribute !== null);
  if (attributes.length > 0) found.attrs = Object.fromEntries(attributes);
  return found;
}

/** Adds a node; text without marks continues the text before it. */
function pushText(nodes: ContentNode[], node: ContentNode): void {
  const last = nodes.at(-1);
  if (last?.type === 'text' && node.type === 'text' && !last.marks && !node.marks) last.text = `${last.text}${node.text}`;
  else nodes.push(node);
}
