import * as Y from 'yjs';
import { InkwireError } from '../../protocol/errors.ts';
import type { ContentNode } from '../content.ts';
import { replaceContent } from '../live.ts';
import { CONTENT_ROOT } from '../read.ts';
import type { Spot } from './place.ts';

/** What the items of each list are. */
const ITEMS: Readonly<Record<string, string>> = { bulletList: 'listItem', orderedList: 'listItem', taskList: 'taskItem' };

/** What only its own kind of block may hold. */
const CLOSED = new Set(['table', 'tableRow', 'paragraph', 'heading', 'codeBlock', 'detailsSummary']);

/** Writes blocks at a spot, as the block around it can hold them. Throws `edit-refused` where it can hold none. */
export function writeBlocks({ parent, index }: Spot, blocks: readonly ContentNode[]): void {
  parent.insert(index, sharedTypes(fitted(blocks, parent)) as Y.XmlElement[]);
}

function fitted(blocks: readonly ContentNode[], parent: Y.XmlFragment): ContentNode[] {
  const around = parent instanceof Y.XmlElement ? parent.nodeName : '';
  if (CLOSED.has(around)) throw new InkwireError('edit-refused', `No blocks can be put into a ${around}. Replace the block itself.`);
  const item = ITEMS[around];
  if (item === undefined) return blocks.map(outsideOfList);
  return blocks.flatMap((block) => {
    const items = block.type in ITEMS ? (block.content ?? []) : [block];
    return items.map((one) => (isItem(one) ? { ...one, type: item } : { type: item, content: [one] }));
  });
}

/** An item that is taken out of its list is a list of its own. */
function outsideOfList(block: ContentNode): ContentNode {
  return isItem(block) ? { type: block.type === 'taskItem' ? 'taskList' : 'bulletList', content: [block] } : block;
}

function isItem({ type }: ContentNode): boolean {
  return type === 'listItem' || type === 'taskItem';
}

/** Blocks as shared types that are in no document yet: written into one by the editor's own binding, and copied. */
function sharedTypes(blocks: readonly ContentNode[]): (Y.XmlElement | Y.XmlText)[] {
  const scratch = new Y.Doc();
  // The items of a list are written within one: alone they are no document.
  const item = blocks.find(isItem);
  const list = item?.type === 'taskItem' ? 'taskList' : 'bulletList';
  replaceContent(scratch, { type: 'doc', content: item === undefined ? [...blocks] : [{ type: list, content: [...blocks] }] });
  const root = scratch.getXmlFragment(CONTENT_ROOT);
  const written = (item === undefined ? root : (root.get(0) as Y.XmlElement)).toArray().map(copyOf);
  scratch.destroy();
  return written;
}

function copyOf(source: unknown): Y.XmlElement | Y.XmlText {
  if (source instanceof Y.XmlText) {
    const text = new Y.XmlText();
    text.applyDelta(source.toDelta());
    return text;
  }
  const { nodeName } = source as Y.XmlElement;
  const element = new Y.XmlElement(nodeName);
  for (const [name, value] of Object.entries((source as Y.XmlElement).getAttributes())) element.setAttribute(name, value as string);
  element.insert(0, (source as Y.XmlElement).toArray().map(copyOf));
  return element;
}
