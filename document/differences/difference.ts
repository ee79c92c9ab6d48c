import * as Y from 'yjs';
import type { ContentNode, Warn } from '../content.ts';
import { readTitle } from '../title.ts';
import { applyUpdates } from '../updates/document-of.ts';
import { readable } from '../updates/readable.ts';
import { type Deed, Deeds, type Sitting } from './deeds.ts';
import { mergedContent } from './merged-content.ts';
import { Moves } from './moves.ts';
import { Fates } from './pieces.ts';

/** What one author did in a sitting, between two versions and seen from them: what was written and deleted in between is in neither. */
export interface Contribution extends Sitting {
  /** Words, or parts of them. */
  readonly inserted: number;
  readonly deleted: number;
  /** Those that have another look. */
  readonly formatted: number;
}

/** What became of a document from one version to another. */
export interface Difference {
  /** Both in one, as `mergedContent` describes it; the `id` of a mark is a place in `contributions`. */
  readonly content: ContentNode;
  readonly contributions: readonly Contribution[];
  readonly title: { readonly before: string; readonly after: string };
}

/** The difference that `updates` make to a document; `base` is its state (format V1) before them, `null` when it was empty. */
export function differenceOf(base: Uint8Array | null, updates: readonly Deed[], warn: Warn): Difference {
  const document = new Y.Doc({ gc: false });
  if (base !== null) Y.applyUpdate(document, readable(base));
  const before = Y.decodeStateVector(Y.encodeStateVector(document));
  const titleBefore = readTitle(document);
  const deeds = new Deeds(updates);
  applyUpdates(
    document,
    updates.map(({ data }) => data),
  );
  const fates = new Fates(deeds, new Moves(document, deeds.replacements), before);
  const words = deeds.sittings.map(() => ({ inserted: 0, deleted: 0, formatted: 0 }));
  const content = mergedContent(document, fates, warn, (kind, sitting, text) => {
    const told = words[sitting ?? -1];
    if (told !== undefined) told[kind] += text.match(WORD)?.length ?? 0;
  });
  const contributions = deeds.sittings.map((sitting, at) => ({ ...sitting, ...words[at]! }));
  return { content, contributions, title: { before: titleBefore, after: readTitle(document) } };
}

const WORD = /[\p{L}\p{N}]+/gu;
