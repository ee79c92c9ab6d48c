import type { Element } from 'hast';
import type { ContentMark } from '../../content.ts';
import { isSafeColor } from '../../nodes/highlight.ts';
import { isSafeLink } from '../../safe-url.ts';
import type { Style } from './css.ts';
import { attribute } from './elements.ts';

const TAGS: Readonly<Record<string, string>> = {
  b: 'bold',
  strong: 'bold',
  i: 'italic',
  em: 'italic',
  cite: 'italic',
  dfn: 'italic',
  var: 'italic',
  u: 'underline',
  ins: 'underline',
  s: 'strike',
  strike: 'strike',
  del: 'strike',
  code: 'code',
  kbd: 'code',
  samp: 'code',
  tt: 'code',
  sub: 'subscript',
  sup: 'superscript',
  mark: 'highlight',
};

type Marks = readonly ContentMark[];

const without = (marks: Marks, type: string): Marks => marks.filter((mark) => mark.type !== type);
const having = (marks: Marks, mark: ContentMark): Marks => [...without(marks, mark.type), mark];
const set = (marks: Marks, type: string, on: boolean | null): Marks =>
  on === null ? marks : on ? having(marks, { type }) : without(marks, type);

/** The marks of what an element holds, from those around it, its tag and its style. */
export function marksWithin(element: Element, style: Style, around: Marks): Marks {
  const { tagName } = element;
  const byTag = Object.hasOwn(TAGS, tagName) ? TAGS[tagName]! : null;
  let marks = byTag === null ? around : having(around, { type: byTag });
  if (tagName === 'a') {
    const href = cleanAddress(attribute(element, 'href'));
    const title = attribute(element, 'title');
    if (href !== '' && isSafeLink(href)) marks = having(marks, { type: 'link', attrs: { href, ...(title === '' ? {} : { title }) } });
  }
  marks = set(marks, 'bold', isBold(style['font-weight']));
  marks = set(marks, 'italic', isItalic(style['font-style']));
  const decoration = `${style['text-decoration'] ?? ''} ${style['text-decoration-line'] ?? ''}`;
  // Programs underline their links by a style; a link here has a line of its own.
  const isLink = marks.some(({ type }) => type === 'link');
  if (/\bunderline\b/.test(decoration) && !isLink) marks = set(marks, 'underline', true);
  if (/\bline-through\b/.test(decoration)) marks = set(marks, 'strike', true);
  // Office says each line of its own accord as well.
  if (/^single$/i.test(style['text-underline'] ?? '') && !isLink) marks = set(marks, 'underline', true);
  if (/\bnone\b/.test(decoration)) marks = byTag === 'underline' || byTag === 'strike' ? without(marks, byTag) : marks;
  if (/^super/.test(style['vertical-align'] ?? '')) marks = set(without(marks, 'subscript'), 'superscript', true);
  if (/^sub/.test(style['vertical-align'] ?? '')) marks = set(without(marks, 'superscript'), 'subscript', true);
  return highlighted(marks, element, style);
}

function highlighted(marks: Marks, element: Element, style: Style): Marks {
  const color = attribute(element, 'dataColor');
  if (element.tagName === 'mark')
    return having(marks, isSafeColor(color) && color !== '' ? { type: 'highlight', attrs: { color } } : { type: 'highlight' });
  if (element.tagName !== 'span') return marks;
  const background = (style['mso-highlight'] ?? style['background-color'] ?? style.background ?? '').toLowerCase();
  return HIGHLIGHTS.test(background) ? having(marks, { type: 'highlight' }) : marks;
}

/** Colours that people highlight text with; white and the greys are a page's own background. */
const HIGHLIGHTS =
  /^(?:yellow|lime|aqua|cyan|fuchsia|magenta|#ff0|#ffff00|#00ff00|#00ffff|#ff00ff|#fff2cc|#fce5cd|#d9ead3|#cfe2f3|#f4cccc|#ead1dc|rgb\(255, ?255, ?0\))$/;

/** `null` where nothing is said. */
function isBold(weight: string | undefined): boolean | null {
  if (weight === undefined || weight === 'inherit') return null;
  if (/^bold(?:er)?$/i.test(weight)) return true;
  if (/^(?:normal|lighter|initial)$/i.test(weight)) return false;
  const value = Number(weight);
  return Number.isFinite(value) && value > 0 ? value >= 600 : null;
}

function isItalic(style: string | undefined): boolean | null {
  if (style === undefined || style === 'inherit') return null;
  return /^(?:italic|oblique)/i.test(style) ? true : /^(?:normal|initial)$/i.test(style) ? false : null;
}

/** Google's documents lead their links past a page of its own; what stands behind it is meant. */
export function cleanAddress(href: string): string {
  const address = href.trim();
  if (!/^https?:\/\/(?:www\.)?google\.[a-z.]{2,6}\/url\?/i.test(address)) return address;
  try {
    const { searchParams } = new URL(address);
    return searchParams.get('q') ?? searchParams.get('url') ?? address;
  } catch {
    return address;
  }
}
