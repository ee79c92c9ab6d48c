import type { Node } from '@tiptap/pm/model';
import { updateYFragment } from '@tiptap/y-tiptap';
import * as Y from 'yjs';
import { InkwireError } from '../protocol/errors.ts';
import { conform, toNode } from './conform.ts';
import type { ContentNode, Warn } from './content.ts';
import { CONTENT_ROOT, readContent, readElement } from './read.ts';
import { toText } from './text.ts';
import { writingSteps } from './wide-nodes.ts';

export { readContent } from './read.ts';
export { META_ROOT, readTitle, writeTitle } from './title.ts';

/**
 * Makes the shared document say `content`, as one transaction that touches only what differs, so
 * that cursors and concurrent edits in unchanged paragraphs stay where they are. Content that does
 * not fit the schema is fitted (see `conform`), with warnings.
 * Throws `bad-content` when what is there is nested deeper than Yjs can delete.
 */
export function replaceContent(document: Y.Doc, content: ContentNode, warn: Warn = () => {}): void {
  const conformed = conform(content, warn);
  const target = toNode(conformed);
  const fragment = document.getXmlFragment(CONTENT_ROOT);
  if (deeperThan(fragment, MAX_REPLACED_DEPTH)) {
    throw new InkwireError('bad-content', `The document is nested deeper than ${MAX_REPLACED_DEPTH} levels and cannot be replaced.`);
  }
  const pairs = unchanged(fragment, conformed, target);
  document.transact(() => {
    for (const step of writingSteps(target, new Set(pairs.values()))) {
      updateYFragment(document, fragment, step, { mapping: new Map(pairs), isOMark: new Map() });
    }
  });
}

// Yjs deletes recursively and overflowed the stack at 10,000 levels, in the middle of a transaction.
const MAX_REPLACED_DEPTH = 1000;

function deeperThan(fragment: Y.XmlFragment, limit: number): boolean {
  let level: Y.XmlFragment[] = [fragment];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > limit) return true;
    level = level.flatMap((parent) => parent.toArray().filter((child) => child instanceof Y.XmlElement));
  }
  return false;
}

/** Writes a document's first content. Does nothing and returns false when it has some already. */
export function writeInitialContent(document: Y.Doc, content: ContentNode, warn?: Warn): boolean {
  if (document.getXmlFragment(CONTENT_ROOT).length > 0) return false;
  replaceContent(document, content, warn);
  return true;
}

/** The document's text as `text` exports it: one line per block. */
export function plainText(document: Y.Doc): string {
  return toText(readContent(document));
}

/**
 * Pairs the top-level elements that occur exactly once before and after, unchanged. y-tiptap compares
 * children by position from both ends; told of these it also finds what moved or was pushed down.
 */
function unchanged(fragment: Y.XmlFragment, conformed: ContentNode, target: Node): Map<Y.XmlElement, Node> {
  if (fragment.length === 0) return new Map();
  const wanted = once((conformed.content ?? []).map((child, index) => [canonical(child), target.child(index)]));
  const found = once(
    fragment
      .toArray()
      .filter((child) => child instanceof Y.XmlElement)
      .map((child) => [canonical(readElement(child, 1, () => {})), child]),
  );
  const pairs = new Map<Y.XmlElement, Node>();
  for (const [key, child] of found) {
    const node = wanted.get(key);
    if (node !== undefined) pairs.set(child, node);
  }
  return pairs;
}

/** The entries whose key occurs once. */
function once<T>(entries: [string, T][]): Map<string, T> {
  const seen = new Map<string, T>();
  const repeated = new Set<string>();
  for (const [key, value] of entries) {
    if (seen.has(key)) repeated.add(key);
    seen.set(key, value);
  }
  for (const key of repeated) seen.delete(key);
  return seen;
}

/** JSON with sorted keys and marks: their order in a shared document depends on who wrote what first. */
function canonical(node: ContentNode): string {
  return JSON.stringify(node, (key, value) => {
    if (key === 'marks') return [...value].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
