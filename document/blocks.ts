import * as Y from 'yjs';
import { isBlockName, PART_NAMES } from './node-names.ts';
import { CONTENT_ROOT, readAttributes } from './read.ts';

/** A block of a document: a paragraph, a list and each of its items, a table and its cells … */
export interface Block {
  /** As long as the block is there it has this name, whatever is written in it; one that is moved, split off or turned into another type has another. */
  readonly id: string;
  readonly type: string;
  /** The block around it; `null` for the outermost. */
  readonly parent: string | null;
  /** What it says of itself, such as a heading's level. */
  readonly attrs?: Readonly<Record<string, unknown>>;
  /** Its text, of a block that holds text. A line break is "\n", a picture or formula within the line U+FFFC. */
  readonly text?: string;
}

/** What stands for a picture or formula in the text of its block. */
export const OBJECT = '\uFFFC';

const parts: ReadonlySet<string> = new Set(PART_NAMES);

/** The id of an element: that of the Yjs item that holds it, which nobody can give to another. */
export function blockId(element: Y.XmlElement): string {
  const { client, clock } = element._item!.id;
  return `${client.toString(36)}-${clock.toString(36)}`;
}

export function isBlock(value: unknown): value is Y.XmlElement {
  return value instanceof Y.XmlElement && (isBlockName(value.nodeName) || parts.has(value.nodeName));
}

/** Every block, each before those within it. */
export function* blocksOf(document: Y.Doc): Generator<Y.XmlElement> {
  const stack: unknown[] = document.getXmlFragment(CONTENT_ROOT).toArray().reverse();
  while (stack.length > 0) {
    const next = stack.pop();
    if (!isBlock(next)) continue;
    yield next;
    for (const child of (next.toArray() as unknown[]).reverse()) stack.push(child);
  }
}

/** The block with this id; `null` when it is not there any more. */
export function findBlock(document: Y.Doc, id: string): Y.XmlElement | null {
  for (const block of blocksOf(document)) if (blockId(block) === id) return block;
  return null;
}

/** Whether a block holds text, not blocks. */
export function holdsText(block: Y.XmlElement): boolean {
  const children = block.toArray() as unknown[];
  return children.length > 0 ? !children.some(isBlock) : ['paragraph', 'heading', 'codeBlock', 'detailsSummary'].includes(block.nodeName);
}

/** The characters of a shared text; what is embedded in it counts as one, as it does in its places. */
export function charactersOf(text: Y.Text): string {
  return (text.toDelta() as { insert: unknown }[]).map(({ insert }) => (typeof insert === 'string' ? insert : OBJECT)).join('');
}

/** The text of a block that holds text. */
export function textOf(block: Y.XmlElement): string {
  return (block.toArray() as unknown[]).map((child) => (child instanceof Y.Text ? charactersOf(child) : standIn(child))).join('');
}

/** What stands in the text of a block for something that is no text. */
export function standIn(child: unknown): string {
  return child instanceof Y.XmlElement && child.nodeName === 'hardBreak' ? '\n' : OBJECT;
}

/** All blocks, as readers are shown them. */
export function listBlocks(document: Y.Doc): Block[] {
  return Array.from(blocksOf(document), (block) => {
    const attrs = readAttributes(block);
    const parent = isBlock(block.parent) ? blockId(block.parent) : null;
    return {
      ...{ id: blockId(block), type: block.nodeName, parent },
      ...(attrs === null ? {} : { attrs }),
      ...(holdsText(block) ? { text: textOf(block) } : {}),
    };
  });
}
