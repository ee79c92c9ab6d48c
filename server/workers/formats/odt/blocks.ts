import type { Element, ElementContent } from 'xast';
import { x } from 'xastscript';
import type { ContentNode } from '../../../../document/content.ts';
import { isRightToLeft } from '../../../../document/direction.ts';
import { type BlockName, isBlockName } from '../../../../document/node-names.ts';
import { type CalloutKind, calloutTitle } from '../../../../document/nodes/callout.ts';
import { codeStyle } from '../../files/looks.ts';
import { formulaOf, imageOf, lineOf, spaced, type Writing } from './line.ts';
import { styleName } from './parts.ts';
import { tableOf } from './table.ts';

/** Where blocks stand. */
export interface Place {
  readonly writing: Writing;
  /** The style of paragraphs here. */
  readonly style: string;
  readonly align?: string | undefined;
  /** Stands before the first paragraph: the box of a task. */
  readonly before?: readonly ElementContent[];
}

/** Blocks as the elements of a file; each node is written by the function of its name. */
export function blocksOf(nodes: readonly ContentNode[], place: Place): Element[] {
  const { before = [], ...rest } = place;
  return nodes.flatMap((node, at) => {
    if (!isBlockName(node.type)) throw new TypeError(`content has a block "${node.type}", which conform does not make`);
    // Two boxes or quotes with nothing between them are drawn as one.
    const isApart = nodes[at - 1]?.type === node.type && /^(?:codeBlock|blockquote)$/.test(node.type);
    const blocks = BLOCKS[node.type](node, node.content ?? [], at === 0 ? place : rest);
    return isApart ? [x('text:p', { 'text:style-name': 'Standard' }), ...blocks] : blocks;
  });
}

/** LibreOffice takes "end" for the right side, whatever the direction. */
const RIGHT_TO_LEFT = { 'style:writing-mode': 'rl-tb', 'fo:text-align': 'end' } as const;

type WriteBlock = (node: ContentNode, content: readonly ContentNode[], place: Place) => Element[];

function paragraph(children: readonly ElementContent[], { writing, style, align, before = [] }: Place, node?: ContentNode): Element {
  const properties: Record<string, string> = {};
  if (align !== undefined) properties['fo:text-align'] = align === 'right' ? 'end' : align === 'center' ? 'center' : 'start';
  if (node !== undefined && isRightToLeft(node)) Object.assign(properties, RIGHT_TO_LEFT, properties);
  const name = Object.keys(properties).length === 0 ? style : writing.parts.paragraphStyle(style, properties);
  return x('text:p', { 'text:style-name': name }, [...before, ...children]);
}

const BLOCKS: Readonly<Record<BlockName, WriteBlock>> = {
  paragraph: (node, content, place) => [paragraph(lineOf(content, place.writing), place, node)],
  heading(node, content, place) {
    const level = String(node.attrs!.level);
    const style = `Heading_20_${level}`;
    const name = isRightToLeft(node) ? place.writing.parts.paragraphStyle(style, RIGHT_TO_LEFT) : style;
    const head = { 'text:style-name': name, 'text:outline-level': level };
    return [x('text:h', head, [...(place.before ?? []), ...lineOf(content, place.writing)])];
  },
  blockquote: (_node, content, place) =>
    blocksOf(content, { ...place, style: place.style === 'Text_20_body' ? 'Quotations' : place.style }),
  bulletList: (_node, content, place) => [listOf(content, place, place.writing.parts.listStyle(bullet))],
  orderedList({ attrs }, content, place) {
    const { start = 1, type } = attrs ?? {};
    const format = /^[aAiI]$/.test(String(type)) ? String(type) : '1';
    return [
      listOf(
        content,
        place,
        place.writing.parts.listStyle((level) => number(level, format)),
        Number(start),
      ),
    ];
  },
  taskList: (_node, content, place) => [listOf(content, place, place.writing.parts.listStyle(blank))],
  codeBlock({ attrs }, content, place) {
    const language = String(attrs?.language ?? '').split(/\s/)[0]!;
    const name = codeStyle(language);
    const style = language === '' ? 'Code' : place.writing.parts.codeStyle(name);
    return [paragraph(lineOf(content, place.writing), { ...place, style })];
  },
  horizontalRule: (_node, _content, place) => [paragraph([], { ...place, style: 'Horizontal_20_Line' })],
  table: (_node, content, place) => [
    ...(place.before === undefined ? [] : [paragraph([], place)]),
    tableOf(
      content,
      (cell, align, isHeader) =>
        blocksOf(cell, { writing: place.writing, style: isHeader ? 'Table_20_Heading' : 'Table_20_Contents', align }),
      place.writing.parts,
    ),
  ],
  image(node, _content, place) {
    const { caption, align } = node.attrs ?? {};
    const at = { ...place, align: typeof align === 'string' ? align : undefined };
    const picture =
      node.attrs?.href === undefined ? imageOf(node, place.writing) : lineOf([{ ...node, type: 'inlineImage' }], place.writing);
    if (!caption) return [paragraph(picture, at)];
    const { before: _before, ...below } = at;
    return [paragraph(picture, at), paragraph(spaced(String(caption)), { ...below, style: 'Caption' })];
  },
  blockMath: ({ attrs }, _content, place) => [
    paragraph(formulaOf(String(attrs!.latex), true, place.writing), { ...place, align: 'center' }),
  ],
  callout({ attrs }, content, place) {
    const title = calloutTitle(attrs!.kind as CalloutKind);
    const style = styleName(`Callout ${title}`);
    const { before: _before, ...below } = place;
    return [paragraph(spaced(title), { ...place, style: styleName(`Callout ${title} Title`) }), ...blocksOf(content, { ...below, style })];
  },
  details(_node, [summary, ...rest], place) {
    const { before: _before, ...below } = place;
    const style = place.style === 'Text_20_body' ? 'Details' : place.style;
    return [
      paragraph(lineOf(summary?.content ?? [], place.writing), { ...place, style: 'Summary' }),
      ...blocksOf(rest, { ...below, style }),
    ];
  },
  footnoteDefinition: (_node, content, place) => blocksOf(content, place),
  htmlComment: () => [],
};

function listOf(items: readonly ContentNode[], place: Place, style: string, start = 1): Element {
  const { before: _before, ...inner } = place;
  const rows = items.map((item, at) => {
    const sign: ElementContent = { type: 'text', value: item.attrs?.checked === true ? '☑ ' : '☐ ' };
    const box = item.type === 'taskItem' ? { before: [sign] } : {};
    const blocks = blocksOf(item.content ?? [], { ...inner, ...box });
    return x(
      'text:list-item',
      at === 0 && start !== 1 ? { 'text:start-value': String(start) } : {},
      blocks.length > 0 ? blocks : [x('text:p', { 'text:style-name': place.style })],
    );
  });
  return x('text:list', { 'text:style-name': style }, rows);
}

const indent = (level: number): Element =>
  x('style:list-level-properties', { 'text:list-level-position-and-space-mode': 'label-alignment' }, [
    x('style:list-level-label-alignment', {
      'text:label-followed-by': 'listtab',
      'fo:text-indent': '-0.635cm',
      'fo:margin-left': `${(level * 0.635).toFixed(3)}cm`,
    }),
  ]);

const bullet = (level: number): Element =>
  x('text:list-level-style-bullet', { 'text:level': String(level), 'text:bullet-char': '•◦▪'[(level - 1) % 3]! }, [indent(level)]);
const number = (level: number, format: string): Element =>
  x('text:list-level-style-number', { 'text:level': String(level), 'style:num-format': format, 'style:num-suffix': '.' }, [indent(level)]);
const blank = (level: number): Element =>
  x('text:list-level-style-number', { 'text:level': String(level), 'style:num-format': '' }, [indent(level)]);
