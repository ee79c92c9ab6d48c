import * as Y from 'yjs';
import { type ContentMark, type ContentNode, MAX_DEPTH, type Warn } from '../content.ts';
import type { NodeName } from '../node-names.ts';
import { CONTENT_ROOT, readAttributes, readMark } from '../read.ts';
import { schema } from '../schema.ts';
import type { Fate, Fates } from './pieces.ts';

/** What is added to a sitting: letters of the text that it wrote, deleted or gave another look. */
export type Tell = (kind: 'inserted' | 'deleted' | 'formatted', sitting: number | null, text: string) => void;

/**
 * Two versions of a document in one: what is in the later one, and between it what was deleted since the earlier one. What differs has the
 * marks of suggested changes, whose `id` is the place of the sitting it was done in, -1 where the log does not say.
 */
export function mergedContent(document: Y.Doc, fates: Fates, warn: Warn, tell: Tell): ContentNode {
  return { type: 'doc', content: childrenOf(document.getXmlFragment(CONTENT_ROOT), 1) };

  function childrenOf(parent: Y.XmlFragment, depth: number): ContentNode[] {
    const nodes: ContentNode[] = [];
    for (let item = parent._start; item !== null; item = item.right) {
      if (!(item.content instanceof Y.ContentType)) continue;
      const { type } = item.content;
      if (type instanceof Y.XmlText) for (const node of textOf(type)) nodes.push(node);
      else if (type instanceof Y.XmlElement) {
        const node = elementOf(item, type, depth);
        if (node !== null) nodes.push(node);
      }
    }
    return nodes;
  }

  function elementOf(item: Y.Item, element: Y.XmlElement, depth: number): ContentNode | null {
    if (depth >= MAX_DEPTH) {
      warn(`Nesting deeper than ${MAX_DEPTH} levels was left out.`);
      return null;
    }
    const fate = fates.of(item);
    const content = childrenOf(element, depth + 1);
    // Text of a deleted block may stand elsewhere, and is not shown twice; without text there is nothing to see of it.
    if (item.deleted && (isLeaf(element.nodeName) ? fate.kind !== 'deleted' : !content.some(hasText))) return null;
    // A block of another type, or in another place, holds what was there before.
    const mark =
      fate.kind === 'inserted' && !content.every(isInserted)
        ? null
        : markOf(item.deleted ? { kind: 'deleted', sitting: fates.deleter(item.id) } : fate);
    const attributes = readAttributes(item.deleted ? laterOf(element) : element);
    return {
      type: String(element.nodeName),
      ...(attributes === null ? {} : { attrs: attributes }),
      ...(content.length === 0 ? {} : { content }),
      ...(mark === null ? {} : { marks: [mark] }),
    };
  }

  function textOf(text: Y.XmlText): ContentNode[] {
    const nodes: ContentNode[] = [];
    const [earlier, later] = [new Map<string, Format>(), new Map<string, Format>()];
    for (let item = text._start; item !== null; item = item.right) {
      if (item.content instanceof Y.ContentFormat) {
        const { key, value } = item.content;
        if (fates.wasThere(item.id)) earlier.set(key, { value, item });
        if (!item.deleted) later.set(key, { value, item });
      } else if (item.content instanceof Y.ContentString) {
        for (const { from, to, fate } of fates.parts(item)) {
          if (fate.kind === 'absent') continue;
          const said = item.content.str.slice(from, to);
          if (fate.kind !== 'kept') tell(fate.kind, fate.sitting, said);
          push(
            nodes,
            said,
            marksOf(fate, earlier, later, (sitting) => tell('formatted', sitting, said)),
          );
        }
      }
    }
    return deletedFirst(nodes);
  }

  function marksOf(fate: Fate, earlier: Formats, later: Formats, onFormatted: (sitting: number | null) => void): ContentMark[] {
    const own = [...(fate.kind === 'deleted' ? earlier : later)].flatMap(([key, { value }]) =>
      value === null ? [] : [readMark(key, value)],
    );
    const marks = own.filter(({ type }) => !CHANGES.has(type));
    const mark = markOf(fate);
    if (mark !== null) return [...marks, mark];
    for (const { before, after, sitting } of formatted(earlier, later)) {
      onFormatted(sitting);
      marks.push({
        type: 'modification',
        attrs: { id: sitting ?? -1, type: 'mark', attrName: null, previousValue: before, newValue: after },
      });
    }
    return marks;
  }

  /** Which marks are others than they were. */
  function formatted(
    earlier: Formats,
    later: Formats,
  ): { before: ContentMark | null; after: ContentMark | null; sitting: number | null }[] {
    if (earlier.size === 0 && later.size === 0) return [];
    return [...new Set([...earlier.keys(), ...later.keys()])].flatMap((key) => {
      const [was, is] = [earlier.get(key), later.get(key)];
      const [before, after] = [was?.value ?? null, is?.value ?? null];
      if (JSON.stringify(before) === JSON.stringify(after)) return [];
      const sitting =
        is !== undefined && !fates.wasThere(is.item.id) ? fates.writer(is.item.id) : was?.item.deleted ? fates.deleter(was.item.id) : null;
      return [{ before: before === null ? null : readMark(key, before), after: after === null ? null : readMark(key, after), sitting }];
    });
  }
}

interface Format {
  readonly value: unknown;
  readonly item: Y.Item;
}

type Formats = ReadonlyMap<string, Format>;

/** Suggestions of people are left out: their marks say what differs here. */
const CHANGES: ReadonlySet<string> = new Set(['insertion', 'deletion', 'modification']);

function markOf(fate: Fate): ContentMark | null {
  if (fate.kind !== 'inserted' && fate.kind !== 'deleted') return null;
  return { type: fate.kind === 'inserted' ? 'insertion' : 'deletion', attrs: { id: fate.sitting ?? -1 } };
}

function isLeaf(name: string): boolean {
  return Object.hasOwn(schema.nodes, name) && schema.nodes[name as NodeName].isLeaf;
}

/** Inline nodes and blocks have the mark when all of them was. */
function isInserted({ marks = [] }: ContentNode): boolean {
  return marks.some(({ type }) => type === 'insertion');
}

function hasText({ type, text, marks, content = [] }: ContentNode): boolean {
  return text !== undefined || (marks !== undefined && isLeaf(type)) || content.some(hasText);
}

/** Where nothing is kept in between, what was deleted stands before what was written for it: that it stood there before is chance in Yjs. */
function deletedFirst(nodes: readonly ContentNode[]): ContentNode[] {
  const ordered: ContentNode[] = [];
  for (let from = 0; from < nodes.length; ) {
    let to = from;
    while (to < nodes.length && changeOf(nodes[to]!) !== undefined) to++;
    const changed = nodes.slice(from, to);
    for (const type of ['deletion', 'insertion'])
      for (const node of changed) if (changeOf(node) === type) push(ordered, node.text!, node.marks!);
    if (to < nodes.length) ordered.push(nodes[to]!);
    from = to + 1;
  }
  return ordered;
}

function changeOf({ marks = [] }: ContentNode): string | undefined {
  return marks.find(({ type }) => type === 'insertion' || type === 'deletion')?.type;
}

/** Adds text; what has the marks of the text before it continues it. */
function push(nodes: ContentNode[], text: string, marks: ContentMark[]): void {
  const last = nodes.at(-1);
  if (last?.text !== undefined && JSON.stringify(last.marks ?? []) === JSON.stringify(marks)) last.text = `${last.text}${text}`;
  else nodes.push({ type: 'text', text, ...(marks.length > 0 ? { marks } : {}) });
}

/** The attributes of a deleted element as it had them last: Yjs reads none that went with it. */
function laterOf(element: Y.XmlElement): Pick<Y.XmlElement, 'getAttributes'> {
  const attributes = Object.fromEntries(Array.from(element._map, ([key, { content }]) => [key, content.getContent().at(-1)]));
  return { getAttributes: () => attributes };
}
