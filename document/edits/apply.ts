import { updateYFragment } from '@tiptap/y-tiptap';
import * as Y from 'yjs';
import { InkwireError } from '../../protocol/errors.ts';
import { isBlock } from '../blocks.ts';
import { conform, toNode } from '../conform.ts';
import type { ContentNode, Warn } from '../content.ts';
import { fromMarkdown } from '../formats/from-markdown.ts';
import { CONTENT_ROOT, readElement } from '../read.ts';
import { writeTitle } from '../title.ts';
import type { Operation } from './operations.ts';
import { blockNamed, type Spot, spotOf, whereIs } from './place.ts';
import { replaceQuote } from './quote.ts';
import { writeBlocks } from './write-blocks.ts';

/**
 * Does these operations to a document, each to what those before it have left. Throws `edit-refused` at the first that cannot be done, with its number;
 * the document is to be thrown away then.
 */
export function applyOperations(document: Y.Doc, operations: readonly Operation[], warn: Warn): void {
  for (const [index, operation] of operations.entries()) {
    try {
      OPERATIONS[operation.op](document, operation as never, warn);
    } catch (error) {
      if (!(error instanceof InkwireError)) throw error;
      throw new InkwireError(error.code, `Operation ${index + 1} (${operation.op}): ${error.message}`, { cause: error });
    }
  }
}

const OPERATIONS: { readonly [O in Operation as O['op']]: (document: Y.Doc, operation: O, warn: Warn) => void } = {
  replace: replaceQuote,
  insert: (document, operation, warn) => insert(document, spotOf(document, operation), readMarkdown(operation.markdown, warn)),
  replaceBlock: (document, { block, markdown }, warn) => replaceBlock(document, blockNamed(document, block), readMarkdown(markdown, warn)),
  moveBlock,
  deleteBlock: (document, { block }) => remove(blockNamed(document, block)),
  setTitle: (document, { title }) => writeTitle(document, title),
};

/** The blocks of a Markdown text; none of an empty one. */
function readMarkdown(markdown: string, warn: Warn): ContentNode[] {
  return markdown.trim() === '' ? [] : (fromMarkdown(markdown.toWellFormed(), warn).content.content ?? []);
}

function insert(document: Y.Doc, spot: Spot, blocks: readonly ContentNode[]): void {
  if (blocks.length === 0) return;
  const root = document.getXmlFragment(CONTENT_ROOT);
  const [only] = root.toArray() as unknown[];
  // A document that nobody has written in is an empty paragraph.
  const isBlank = root.length === 1 && only instanceof Y.XmlElement && only.nodeName === 'paragraph' && only.toArray().every(isEmptyText);
  if (isBlank && spot.parent === root) {
    root.delete(0, 1);
    writeBlocks({ parent: root, index: 0 }, blocks);
  } else writeBlocks(spot, blocks);
}

function isEmptyText(child: unknown): boolean {
  return child instanceof Y.XmlText && child.length === 0;
}

/** One that stays of its type stays the block it is, and only what differs in it is written. */
function replaceBlock(document: Y.Doc, block: Y.XmlElement, blocks: readonly ContentNode[]): void {
  const [first] = blocks;
  if (first !== undefined && blocks.length === 1 && first.type === block.nodeName) {
    updateYFragment(document, block, toNode(conform({ type: 'doc', content: [first] }, () => {})).child(0), {
      mapping: new Map(),
      isOMark: new Map(),
    });
    return;
  }
  const { parent, index } = whereIs(block);
  if (blocks.length > 0) writeBlocks({ parent, index: index + 1 }, blocks);
  remove(block);
}

function moveBlock(document: Y.Doc, operation: Extract<Operation, { op: 'moveBlock' }>, warn: Warn): void {
  const block = blockNamed(document, operation.block);
  const spot = spotOf(document, operation);
  for (let around: unknown = spot.parent; around instanceof Y.XmlElement; around = around.parent) {
    if (around === block) throw new InkwireError('edit-refused', 'A block cannot be moved into itself.');
  }
  const content = readElement(block, 1, warn);
  const from = whereIs(block);
  if (from.parent === spot.parent && (spot.index === from.index || spot.index === from.index + 1)) return;
  writeBlocks(spot, [content]);
  remove(block);
}

/** Takes a block out, and what would be left empty around it. */
function remove(block: Y.XmlElement): void {
  if (['tableCell', 'tableHeader', 'detailsSummary'].includes(block.nodeName)) {
    throw new InkwireError('edit-refused', `A ${block.nodeName} cannot be taken out alone. Replace the block around it.`);
  }
  const { parent, index } = whereIs(block);
  if (parent.length === 1 && isBlock(parent)) remove(parent);
  else parent.delete(index, 1);
}
