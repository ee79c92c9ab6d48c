import {
  CheckBox,
  type FileChild,
  type IParagraphOptions,
  Paragraph,
  type ParagraphChild,
  Table,
  TableCell,
  TableRow,
  TextRun,
} from 'docx';
import type { ContentNode } from '../../../../document/content.ts';
import { isRightToLeft } from '../../../../document/direction.ts';
import { xmlText } from '../../../../document/formats/xml/text.ts';
import { type BlockName, isBlockName } from '../../../../document/node-names.ts';
import { type CalloutKind, calloutTitle } from '../../../../document/nodes/callout.ts';
import { columnShares, gridOf, isHeadRow, type Slot } from '../../../../document/table-grid.ts';
import { calloutStyle, codeStyle } from '../../files/looks.ts';
import { formulaOf, imageOf, lineOf, type Writing } from './line.ts';
import type { Lists } from './lists.ts';
import { INDENT, styleId } from './styles.ts';

/** Where blocks stand. */
export interface Place {
  readonly writing: Writing;
  readonly lists: Lists;
  /** How far from the margin, in steps of `INDENT`. */
  readonly steps: number;
  /** Lists around. */
  readonly depth: number;
  /** The style of paragraphs here, within a quote or callout. */
  readonly style?: string;
  /** What the first paragraph here is, as the first of a list's item; `taken` once it is written. */
  readonly item?: Item | undefined;
  readonly alignment?: 'left' | 'right' | 'center' | undefined;
}

interface Item {
  readonly reference: string;
  readonly instance: number;
  readonly level: number;
  readonly checked: boolean | null;
  taken: boolean;
}

/** Blocks as paragraphs and tables; each node is written by the function of its name. */
export function blocksOf(nodes: readonly ContentNode[], place: Place): FileChild[] {
  const blocks: FileChild[] = [];
  let before: ContentNode | null = null;
  for (const node of nodes) {
    if (!isBlockName(node.type)) throw new TypeError(`content has a block "${node.type}", which conform does not make`);
    if (before !== null && areTakenForOne(before, node))
      blocks.push(new Paragraph({ spacing: { before: 0, after: 0, line: 120, lineRule: 'exact' } }));
    blocks.push(...BLOCKS[node.type](node, node.content ?? [], place));
    before = node;
  }
  return blocks;
}

/** Two tables, lists, quotes or boxes of code with nothing between them are one to Word. */
function areTakenForOne(before: ContentNode, node: ContentNode): boolean {
  return before.type === node.type && /^(?:table|codeBlock|callout|blockquote|bulletList|orderedList|taskList)$/.test(node.type);
}

/** A paragraph here: numbered if it is the first of an item, else as far in as it should be. */
function paragraph(children: readonly ParagraphChild[], place: Place, options: IParagraphOptions = {}): Paragraph {
  const { item, steps, style, alignment } = place;
  const common: IParagraphOptions = {
    ...(style === undefined ? {} : { style }),
    ...(alignment === undefined ? {} : { alignment }),
    ...options,
  };
  if (item !== undefined && !item.taken) {
    item.taken = true;
    const { reference, level, instance, checked } = item;
    const box = checked === null ? [] : [new CheckBox({ checked }), new TextRun(' ')];
    const indent = { left: steps * INDENT, hanging: INDENT };
    return new Paragraph({ ...common, indent, numbering: { reference, level, instance }, children: [...box, ...children] });
  }
  return new Paragraph({ ...common, ...indentOf(steps), children });
}

const indentOf = (steps: number): IParagraphOptions => (steps > 0 ? { indent: { left: steps * INDENT } } : {});

type WriteBlock = (node: ContentNode, content: readonly ContentNode[], place: Place) => FileChild[];

const text = (node: ContentNode, content: readonly ContentNode[], place: Place, options: IParagraphOptions = {}) =>
  paragraph(lineOf(content, place.writing), place, { ...(isRightToLeft(node) ? { bidirectional: true } : {}), ...options });

const HEADINGS = ['Heading1', 'Heading2', 'Heading3', 'Heading4', 'Heading5', 'Heading6'] as const;

const BLOCKS: Readonly<Record<BlockName, WriteBlock>> = {
  paragraph: (node, content, place) => [text(node, content, place)],
  heading: (node, content, place) => [text(node, content, place, { heading: HEADINGS[Number(node.attrs!.level) - 1]! })],
  blockquote: (_node, content, place) => {
    const { style: around, ...rest } = place;
    return blocksOf(content, { ...rest, style: around ?? 'Quote', steps: place.steps + 1 });
  },
  bulletList: (_node, content, place) => itemsOf(content, place, { reference: place.lists.bullets, instance: 0 }),
  orderedList: ({ attrs }, content, place) => itemsOf(content, place, place.lists.ordered(attrs ?? {}, place.depth)),
  taskList: (_node, content, place) => itemsOf(content, place, { reference: place.lists.tasks, instance: 0 }),
  codeBlock({ attrs }, content, place) {
    const language = String(attrs?.language ?? '').split(/\s/)[0]!;
    place.lists.languages.add(language);
    return [paragraph(lineOf(content, place.writing), place, { style: styleId(codeStyle(language)) })];
  },
  horizontalRule: (_node, _content, place) => [paragraph([], place, { style: 'HorizontalLine' })],
  table: (_node, content, place) => [tableOf(content, place)],
  image(node, _content, place) {
    const { caption, align } = node.attrs ?? {};
    const alignment: Pick<IParagraphOptions, 'alignment'> = align === 'center' || align === 'right' ? { alignment: align } : {};
    const picture = paragraph(linkAround(node, place), place, { ...alignment, ...(caption ? { keepNext: true } : {}) });
    if (!caption) return [picture];
    return [picture, paragraph([new TextRun(xmlText(String(caption)))], place, { ...alignment, style: 'Caption' })];
  },
  blockMath: ({ attrs }, _content, place) => [paragraph([formulaOf(String(attrs!.latex), true, place.writing)], place)],
  callout({ attrs }, content, place) {
    const kind = attrs!.kind as CalloutKind;
    const style = styleId(calloutStyle(kind));
    const title = paragraph([new TextRun(calloutTitle(kind))], place, { style: styleId(`${calloutStyle(kind)} Title`) });
    return [title, ...blocksOf(content, { ...place, style, steps: place.steps + 1 })];
  },
  details(_node, [summary, ...rest], place) {
    const line = text(summary ?? { type: 'detailsSummary' }, summary?.content ?? [], place, { style: 'Summary' });
    return [line, ...blocksOf(rest, { ...place, steps: place.steps + 1 })];
  },
  // Those that are called are footnotes of the file; see `footnotes.ts`.
  footnoteDefinition: (_node, content, place) => blocksOf(content, place),
  htmlComment: () => [],
};

/** A block's picture, as one of a line: what leads elsewhere is a link around it. */
function linkAround(node: ContentNode, { writing }: Place): ParagraphChild[] {
  return node.attrs?.href === undefined ? [imageOf(node, writing)] : lineOf([{ ...node, type: 'inlineImage' }], writing);
}

/** Levels of a list that Word has. */
const MAX_LEVEL = 8;

function itemsOf(
  items: readonly ContentNode[],
  place: Place,
  list: { readonly reference: string; readonly instance: number },
): FileChild[] {
  const level = Math.min(place.depth, MAX_LEVEL);
  return items.flatMap((node) => {
    const item: Item = { ...list, level, checked: node.type === 'taskItem' ? node.attrs?.checked === true : null, taken: false };
    const inner: Place = { ...place, item, depth: place.depth + 1, steps: place.steps + 1 };
    const blocks = blocksOf(node.content ?? [], inner);
    // An item that begins with a table, or is empty, still has its number.
    return item.taken ? blocks : [paragraph([], inner), ...blocks];
  });
}

function tableOf(table: readonly ContentNode[], place: Place): Table {
  const { rows, widths } = gridOf(table);
  const inner: Place = { writing: place.writing, lists: place.lists, steps: 0, depth: 0 };
  const edge = { style: 'single', size: 4, color: 'D8D3C8' } as const;
  return new Table({
    columnWidths: columnShares(widths).map((share) => Math.round(share * TEXT_TWIPS)),
    width: { size: 100, type: 'pct' },
    margins: { top: 60, bottom: 60, left: 110, right: 110 },
    borders: { top: edge, bottom: edge, left: edge, right: edge, insideHorizontal: edge, insideVertical: edge },
    rows: rows.map((slots, at) => new TableRow({ tableHeader: at === 0 && isHeadRow(table[0]), children: cellsOf(slots, inner) })),
  });
}

/** Width of a page's text, twips. */
const TEXT_TWIPS = 9000;

/** Cells of a row; where one from above goes on the library puts what Word asks for. */
function cellsOf(slots: readonly Slot[], place: Place): TableCell[] {
  return slots.flatMap(({ cell, columns, rows, isContinued }) => {
    if (isContinued) return [];
    const isHeader = cell?.type === 'tableHeader';
    const content = cell?.content ?? [];
    const align = cell?.attrs?.align;
    const alignment = align === 'center' || align === 'right' || align === 'left' ? align : undefined;
    const blocks = blocksOf(isHeader ? bolder(content) : content, { ...place, alignment });
    // A cell ends with a paragraph (ECMA-376, part 1, section 17.4.65).
    if (!(blocks.at(-1) instanceof Paragraph)) blocks.push(new Paragraph({}));
    return new TableCell({
      ...(columns > 1 ? { columnSpan: columns } : {}),
      ...(rows > 1 ? { rowSpan: rows } : {}),
      ...(isHeader ? { shading: { type: 'clear', fill: 'F4F1EA' } } : {}),
      children: blocks as (Paragraph | Table)[],
    });
  });
}

/** The words of a heading cell, bold as every table shows them. */
function bolder(nodes: readonly ContentNode[]): ContentNode[] {
  return nodes.map((node) => {
    if (node.type === 'text') return { ...node, marks: [...(node.marks ?? []).filter(({ type }) => type !== 'bold'), { type: 'bold' }] };
    return node.content === undefined ? node : { ...node, content: bolder(node.content) };
  });
}
