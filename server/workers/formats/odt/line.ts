import type { ElementContent } from 'xast';
import { x } from 'xastscript';
import type { ContentMark, ContentNode, Warn } from '../../../../document/content.ts';
import { xmlText } from '../../../../document/formats/xml/text.ts';
import { type FindPicture, shownSize } from '../../files/pictures.ts';
import type { OdtParts } from './parts.ts';

/** Width of a page's text, px. */
const TEXT_WIDTH = 600;
const CM_PER_PX = 2.54 / 96;

/** What the parts of a file have in common while it is written. */
export interface Writing {
  readonly warn: Warn;
  readonly picture: FindPicture;
  readonly parts: OdtParts;
  /** What a call of a footnote says, by its number. */
  readonly note: (number: number) => ElementContent[];
  readonly isNote?: boolean;
}

/** A line of text and what stands in it. */
export function lineOf(nodes: readonly ContentNode[], writing: Writing): ElementContent[] {
  const line: ElementContent[] = [];
  for (let at = 0; at < nodes.length; ) {
    const link = linkOf(nodes[at]!);
    let end = at + 1;
    if (link !== null) while (end < nodes.length && linkOf(nodes[end]!) === link) end++;
    const children = nodes.slice(at, end).flatMap((node) => pieceOf(node, writing));
    if (link === null) line.push(...children);
    else line.push(x('text:a', { 'xlink:type': 'simple', 'xlink:href': link }, children));
    at = end;
  }
  return line;
}

function linkOf({ attrs, marks = [], type }: ContentNode): string | null {
  const href = type === 'inlineImage' ? attrs?.href : marks.find((mark) => mark.type === 'link')?.attrs?.href;
  return typeof href === 'string' && href !== '' ? xmlText(href) : null;
}

function pieceOf(node: ContentNode, writing: Writing): ElementContent[] {
  switch (node.type) {
    case 'hardBreak':
      return [x('text:line-break')];
    case 'inlineImage':
      return imageOf(node, writing);
    case 'inlineMath':
      return formulaOf(String(node.attrs?.latex), false, writing);
    case 'footnoteReference':
      return callOf(node, writing);
    case 'inlineHtmlComment':
      return [];
    default:
      return textOf(node.text ?? '', node.marks ?? [], writing);
  }
}

function callOf({ attrs }: ContentNode, writing: Writing): ElementContent[] {
  const { label, number, isFirst } = attrs as { label: string; number?: number; isFirst?: boolean };
  if (number === undefined) return [{ type: 'text', value: `[${label}]` }];
  if (isFirst !== true || writing.isNote === true) {
    return [x('text:span', { 'text:style-name': writing.parts.textStyle([{ type: 'superscript' }], writing.warn)! }, String(number))];
  }
  const note = { 'text:id': `ftn${number}`, 'text:note-class': 'footnote' };
  return [x('text:note', note, [x('text:note-citation', String(number)), x('text:note-body', writing.note(number))])];
}

function textOf(text: string, marks: readonly ContentMark[], { parts, warn }: Writing): ElementContent[] {
  const style = parts.textStyle(marks, warn);
  const pieces = spaced(text);
  const span = style === null ? pieces : [x('text:span', { 'text:style-name': style }, pieces)];
  const change = marks.find(({ type }) => type === 'insertion' || type === 'deletion');
  if (change === undefined) return span;
  if (change.type === 'insertion') {
    const id = parts.inserted();
    return [x('text:change-start', { 'text:change-id': id }), ...span, x('text:change-end', { 'text:change-id': id })];
  }
  return [x('text:change', { 'text:change-id': parts.deleted(span) })];
}

/** Text in which nothing is joined that XML of this kind joins: spaces, tabs and lines are elements (OpenDocument 1.3, part 3, section 6.1). */
export function spaced(text: string): ElementContent[] {
  return xmlText(text)
    .split(/(\t|\r\n|\r|\n| {2,}|^ | $)/)
    .flatMap((piece): ElementContent[] => {
      if (piece === '') return [];
      if (piece === '\t') return [x('text:tab')];
      if (/^[\r\n]/.test(piece)) return [x('text:line-break')];
      if (/^ +$/.test(piece)) return [x('text:s', { 'text:c': String(piece.length) })];
      return [{ type: 'text', value: piece }];
    });
}

/** A formula as an object of its own; its source where it cannot be read. */
export function formulaOf(latex: string, display: boolean, { parts, warn }: Writing): ElementContent[] {
  const path = parts.formula(latex, display, warn);
  if (path === null) return [x('text:span', { 'text:style-name': 'Code_20_Characters' }, spaced(latex))];
  const frame = { 'text:anchor-type': 'as-char', 'draw:style-name': 'Formula', 'draw:z-index': '0' };
  const object = { 'xlink:href': `./${path}`, 'xlink:type': 'simple', 'xlink:show': 'embed', 'xlink:actuate': 'onLoad' };
  return [x('draw:frame', frame, [x('draw:object', object), x('svg:desc', xmlText(latex))])];
}

/** A picture at hand; the address and description of any other. */
export function imageOf({ attrs = {} }: ContentNode, { picture, parts, warn }: Writing): ElementContent[] {
  const found = picture(attrs.src);
  const words = xmlText(String(attrs.alt ?? ''));
  if (found === null || found.type === 'avif') {
    warn('Pictures that are not the document’s own, or cannot be drawn, were left as their description and address.');
    const address = String(attrs.src ?? '');
    const text = spaced(words || 'Picture');
    return /^https?:/.test(address) && attrs.href === undefined
      ? [x('text:a', { 'xlink:type': 'simple', 'xlink:href': xmlText(address) }, text)]
      : text;
  }
  const { width, height } = shownSize(found, attrs, TEXT_WIDTH);
  const frame = {
    'draw:style-name': 'Picture',
    'text:anchor-type': 'as-char',
    'svg:width': `${(width * CM_PER_PX).toFixed(3)}cm`,
    'svg:height': `${(height * CM_PER_PX).toFixed(3)}cm`,
  };
  const title = typeof attrs.title === 'string' && attrs.title !== '' ? [x('svg:title', xmlText(attrs.title))] : [];
  const image = { 'xlink:href': parts.picture(found), 'xlink:type': 'simple', 'xlink:show': 'embed', 'xlink:actuate': 'onLoad' };
  return [x('draw:frame', frame, [x('draw:image', image), ...title, ...(words === '' ? [] : [x('svg:desc', words)])])];
}
