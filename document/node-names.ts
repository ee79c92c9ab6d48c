/**
 * The names of the schema, for whatever converts documents: a converter is a record with one entry for each name, so that a
 * node or mark added here does not compile until every format has answered for it. `schema.test.ts` holds the lists to the schema.
 */

/** Nodes that stand where a paragraph stands. */
export const BLOCK_NAMES = [
  ...(['paragraph', 'heading', 'blockquote', 'bulletList', 'orderedList', 'taskList', 'codeBlock'] as const),
  ...(['horizontalRule', 'table', 'image', 'blockMath', 'callout', 'details'] as const),
  ...(['footnoteDefinition', 'htmlComment'] as const),
] as const;

/** Nodes that stand within a line. */
export const INLINE_NAMES = [
  ...(['text', 'hardBreak', 'inlineImage', 'inlineMath', 'footnoteReference', 'inlineHtmlComment'] as const),
] as const;

/** Nodes that stand only in the one they are a part of, which writes them along with itself; `doc` is the whole. */
export const PART_NAMES = ['doc', 'listItem', 'taskItem', 'tableRow', 'tableHeader', 'tableCell', 'detailsSummary'] as const;

export const MARK_NAMES = [
  ...(['bold', 'italic', 'strike', 'underline', 'code', 'link', 'highlight', 'subscript', 'superscript'] as const),
  ...(['comment', 'insertion', 'deletion', 'modification'] as const),
] as const;

export type BlockName = (typeof BLOCK_NAMES)[number];
export type InlineName = (typeof INLINE_NAMES)[number];
export type PartName = (typeof PART_NAMES)[number];
export type NodeName = BlockName | InlineName | PartName;
export type MarkName = (typeof MARK_NAMES)[number];

const blocks: ReadonlySet<string> = new Set(BLOCK_NAMES);
const inlines: ReadonlySet<string> = new Set(INLINE_NAMES);

export function isBlockName(name: string): name is BlockName {
  return blocks.has(name);
}

export function isInlineName(name: string): name is InlineName {
  return inlines.has(name);
}
