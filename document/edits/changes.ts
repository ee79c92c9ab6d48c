import * as Y from 'yjs';
import { blockId } from '../blocks.ts';
import type { ContentNode } from '../content.ts';
import { toMarkdown } from '../formats/to-markdown.ts';
import { CONTENT_ROOT, readElement } from '../read.ts';
import { readTitle } from '../title.ts';
import type { Change } from './operations.ts';

/** What the outermost blocks of a document are at a moment. */
export interface Outline {
  readonly title: string;
  readonly blocks: ReadonlyMap<string, ContentNode>;
}

export function outlineOf(document: Y.Doc): Outline {
  const blocks = new Map<string, ContentNode>();
  for (const child of document.getXmlFragment(CONTENT_ROOT).toArray() as unknown[]) {
    if (child instanceof Y.XmlElement)
      blocks.set(
        blockId(child),
        readElement(child, 1, () => {}),
      );
  }
  return { title: readTitle(document), blocks };
}

/** What has changed from one moment to another, in the order of the document: what is deleted first. */
export function changesBetween(before: Outline, after: Outline): Change[] {
  const changes: Change[] = [];
  if (before.title !== after.title) changes.push({ kind: 'title', before: before.title, after: after.title });
  for (const [block, node] of before.blocks)
    if (!after.blocks.has(block)) changes.push({ kind: 'deleted', block, before: markdownOf(node) });
  for (const [block, node] of after.blocks) {
    const was = before.blocks.get(block);
    if (was === undefined) changes.push({ kind: 'inserted', block, after: markdownOf(node) });
    else if (JSON.stringify(was) !== JSON.stringify(node))
      changes.push({ kind: 'changed', block, before: markdownOf(was), after: markdownOf(node) });
  }
  return changes;
}

/** A block as Markdown. */
export function markdownOf(node: ContentNode): string {
  return toMarkdown({ type: 'doc', content: [node] }).trimEnd();
}
