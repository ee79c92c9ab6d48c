import {
  DeletedTextRun,
  ExternalHyperlink,
  FootnoteReferenceRun,
  ImageRun,
  ImportedXmlComponent,
  InsertedTextRun,
  type IRunOptions,
  type ParagraphChild,
  TextRun,
} from 'docx';
import type { ElementContent } from 'xast';
import { toXml } from 'xast-util-to-xml';
import { x } from 'xastscript';
import type { ContentMark, ContentNode, Warn } from '../../../../document/content.ts';
import { hasRightToLeft } from '../../../../document/direction.ts';
import { mathmlTree } from '../../../../document/formats/math/mathml.ts';
import { toOmml } from '../../../../document/formats/math/to-omml.ts';
import { xmlText } from '../../../../document/formats/xml/text.ts';
import type { MarkName } from '../../../../document/node-names.ts';
import { isSafeColor } from '../../../../document/nodes/highlight.ts';
import { highlightColor } from '../../files/colors.ts';
import type { ChangedBy } from '../../files/converter.ts';
import { type FindPicture, type Picture, shownSize } from '../../files/pictures.ts';

/** Width of the text, px: a page of A4 or Letter without its margins. */
export const TEXT_WIDTH = 600;

/** What the parts of a file have in common while it is written. */
export interface Writing {
  readonly warn: Warn;
  readonly picture: FindPicture;
  /** Who made a change, by the id of its mark, and when. */
  readonly changedBy: ChangedBy;
  /** A number for a change, of its own in the file. */
  nextChange(): number;
  /** Set within a footnote, which may hold no call of another. */
  readonly inNote?: boolean;
}

/** A line of text and what stands in it. */
export function lineOf(nodes: readonly ContentNode[], writing: Writing): ParagraphChild[] {
  const line: ParagraphChild[] = [];
  for (let at = 0; at < nodes.length; ) {
    const link = linkOf(nodes[at]!);
    let end = at + 1;
    if (link !== null) while (end < nodes.length && linkOf(nodes[end]!) === link) end++;
    const children = nodes.slice(at, end).flatMap((node) => pieceOf(node, link !== null, writing));
    if (link === null) line.push(...children);
    else line.push(new ExternalHyperlink({ link, children }));
    at = end;
  }
  return line;
}

function linkOf({ type, attrs, marks = [] }: ContentNode): string | null {
  const href = type === 'inlineImage' || type === 'image' ? attrs?.href : marks.find((mark) => mark.type === 'link')?.attrs?.href;
  return typeof href === 'string' && /^[a-z][a-z0-9+.-]*:/i.test(href) ? href : null;
}

function pieceOf(node: ContentNode, isLink: boolean, writing: Writing): ParagraphChild[] {
  switch (node.type) {
    case 'hardBreak':
      return [new TextRun({ break: 1 })];
    case 'inlineImage':
      return [imageOf(node, writing)];
    case 'inlineMath':
      return [formulaOf(String(node.attrs?.latex), false, writing)];
    case 'footnoteReference':
      return [callOf(node, writing)];
    case 'inlineHtmlComment':
      return [];
    default:
      return runsOf(node.text ?? '', node.marks ?? [], isLink, writing);
  }
}

function callOf({ attrs }: ContentNode, { inNote }: Writing): ParagraphChild {
  const { label, number, isFirst } = attrs as { label: string; number?: number; isFirst?: boolean };
  if (number === undefined) return new TextRun(`[${label}]`);
  if (isFirst === true && inNote !== true) return new FootnoteReferenceRun(number);
  return new TextRun({ text: String(number), superScript: true });
}

function runsOf(text: string, marks: readonly ContentMark[], isLink: boolean, writing: Writing): ParagraphChild[] {
  const looks: Look = { ...(isLink ? { style: 'Hyperlink' } : {}) };
  for (const mark of marks) Object.assign(looks, LOOKS[mark.type as MarkName]?.(mark, writing.warn));
  const change = marks.find(({ type }) => type === 'insertion' || type === 'deletion');
  return text.split(/\r\n|\r|\n/).map((part, index) => {
    const rightToLeft = hasRightToLeft(part) ? { rightToLeft: true } : {};
    const options: IRunOptions = { ...looks, ...rightToLeft, text: xmlText(part), ...(index > 0 ? { break: 1 } : {}) };
    if (change === undefined) return new TextRun(options);
    const made = { ...options, id: writing.nextChange(), ...writing.changedBy(change.attrs?.id) };
    return change.type === 'insertion' ? new InsertedTextRun(made) : new DeletedTextRun(made);
  });
}

type Look = { -readonly [Key in keyof IRunOptions]: IRunOptions[Key] };

const LOOKS: Readonly<Record<MarkName, ((mark: ContentMark, warn: Warn) => Look) | undefined>> = {
  bold: () => ({ bold: true }),
  italic: () => ({ italics: true }),
  strike: () => ({ strike: true }),
  underline: () => ({ underline: {} }),
  code: () => ({ style: 'CodeCharacters' }),
  subscript: () => ({ subScript: true }),
  superscript: () => ({ superScript: true }),
  link: undefined,
  highlight: ({ attrs }) =>
    isSafeColor(attrs?.color) ? { shading: { type: 'clear', fill: highlightColor(attrs.color) } } : { highlight: 'yellow' },
  comment: (_mark, warn) => {
    warn('Comments are not part of the file.');
    return {};
  },
  insertion: undefined,
  deletion: undefined,
  modification: (_mark, warn) => {
    warn('Suggested changes of formatting are not part of the file.');
    return {};
  },
};

/** A formula as Word edits it; its source where it cannot be read. */
export function formulaOf(latex: string, display: boolean, { warn }: Writing): ParagraphChild {
  const math = mathmlTree(latex, display, warn);
  if (math === null) return new TextRun({ text: xmlText(latex), style: 'CodeCharacters' });
  const omml: ElementContent = toOmml(math);
  const root = display ? x('m:oMathPara', [omml]) : omml;
  return ImportedXmlComponent.fromXmlString(toXml(root)) as unknown as ParagraphChild;
}

/** A picture at hand; the address and description of any other. */
export function imageOf(node: ContentNode, { picture, warn }: Writing): ParagraphChild {
  const attrs = node.attrs ?? {};
  const found = picture(attrs.src);
  const words = xmlText(String(attrs.alt ?? ''));
  if (found === null || !isDrawn(found)) {
    warn('Pictures that are not the document’s own, or of a type that Word does not draw, were left as their description and address.');
    const address = String(attrs.src ?? '');
    const text = new TextRun({ text: words || 'Picture', ...(/^https?:/.test(address) ? { style: 'Hyperlink' } : {}) });
    return /^https?:/.test(address) && linkOf(node) === null ? new ExternalHyperlink({ link: address, children: [text] }) : text;
  }
  const title = xmlText(String(attrs.title ?? ''));
  return new ImageRun({
    type: found.type,
    data: found.bytes,
    transformation: shownSize(found, attrs, TEXT_WIDTH),
    altText: { name: title || words || 'Picture', title, description: words },
  });
}

const isDrawn = (picture: Picture): picture is Picture & { readonly type: 'png' | 'jpg' | 'gif' } => /^(?:png|jpg|gif)$/.test(picture.type);
