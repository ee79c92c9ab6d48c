import * as Y from 'yjs';
import { InkwireError } from '../../protocol/errors.ts';
import { findBlock, textOf } from '../blocks.ts';
import { CONTENT_ROOT } from '../read.ts';
import type { Place } from './operations.ts';
import { excerpt } from './quote.ts';

/** Where blocks are put: in front of the child at `index`. */
export interface Spot {
  readonly parent: Y.XmlFragment;
  readonly index: number;
}

/** The spot that a place names. Throws `edit-refused` when there is none, or several. */
export function spotOf(document: Y.Doc, place: Place): Spot {
  const root = document.getXmlFragment(CONTENT_ROOT);
  if ('at' in place) return { parent: root, index: place.at === 'start' ? 0 : root.length };
  if ('under' in place) return underHeading(root, place.under);
  const isBefore = 'before' in place;
  const { parent, index } = whereIs(blockNamed(document, isBefore ? place.before : place.after));
  return { parent, index: isBefore ? index : index + 1 };
}

/** The block of an id. Throws `edit-refused` when it is not there. */
export function blockNamed(document: Y.Doc, id: string): Y.XmlElement {
  const block = findBlock(document, id);
  if (block === null)
    throw new InkwireError('edit-refused', `There is no block "${excerpt(id)}" any more. GET …/blocks says which there are.`);
  return block;
}

/** Where a block stands. */
export function whereIs(block: Y.XmlElement): Spot {
  const parent = block.parent as Y.XmlFragment;
  return { parent, index: (parent.toArray() as unknown[]).indexOf(block) };
}

function underHeading(root: Y.XmlFragment, words: string): Spot {
  const blocks = root.toArray() as unknown[];
  const isHeading = (block: unknown): block is Y.XmlElement => block instanceof Y.XmlElement && block.nodeName === 'heading';
  const found = blocks.filter((block) => isHeading(block) && textOf(block).trim() === words.trim()) as Y.XmlElement[];
  if (found.length !== 1) {
    const many = found.length === 0 ? 'no heading' : `${found.length} headings`;
    throw new InkwireError(
      'edit-refused',
      `There is ${many} "${excerpt(words)}". Name a block instead: GET …/blocks says which there are.`,
    );
  }
  const heading = found[0]!;
  const level = levelOf(heading);
  const after = blocks.indexOf(heading) + 1;
  const end = blocks.findIndex((block, index) => index >= after && isHeading(block) && levelOf(block) <= level);
  return { parent: root, index: end < 0 ? blocks.length : end };
}

function levelOf(heading: Y.XmlElement): number {
  return Number((heading.getAttribute as (name: string) => unknown).call(heading, 'level') ?? 1);
}
