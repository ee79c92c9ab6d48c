import type { ContentMark, ContentNode } from '../../content.ts';
import { suggestionId } from '../../nodes/suggestion.ts';

/** The HTML that Markdown has for what it cannot say itself; everything else stays as it is written. */
export interface Tag {
  readonly name: string;
  readonly kind: 'open' | 'close' | 'void';
  readonly attributes: Readonly<Record<string, string>>;
}

const ATTRIBUTE = /([a-z][\w:-]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?/gi;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** A single tag, or `null` when the text is anything else. */
export function parseTag(html: string): Tag | null {
  const match = /^<(\/?)([a-z][a-z0-9-]*)((?:\s[^<>]*)?)>$/i.exec(html.trim());
  if (!match) return null;
  const name = match[2]!.toLowerCase();
  const attributes: Record<string, string> = {};
  for (const [, key, double, single, bare] of match[3]!.matchAll(ATTRIBUTE)) {
    attributes[key!.toLowerCase()] = decode(double ?? single ?? bare ?? '');
  }
  return { name, kind: match[1] ? 'close' : name === 'br' || name === 'img' ? 'void' : 'open', attributes };
}

const decode = (text: string) =>
  text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]+));/gi, (whole, decimal, hex, name) => {
    if (name) return ENTITIES[name.toLowerCase()] ?? whole;
    const code = decimal ? Number(decimal) : Number.parseInt(hex, 16);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });

const encode = (text: string) =>
  text.replace(/[&<>"|\n\r]/g, (character) => (character === '\n' || character === '\r' ? ' ' : `&#${character.charCodeAt(0)};`));

/** Text as HTML on one line that Markdown has no signs in either, nor an address that it would make a link of. */
export const encodeText = (text: string): string =>
  text.replace(/[^\p{L}\p{N} .,:;?/-]|:(?=\S)|(?<=www)\./giu, (character) => {
    const code = character.codePointAt(0)!;
    // What is not ASCII is no sign, and stays readable; nor may a line end.
    if (/[\n\r\u2028\u2029]/.test(character)) return ' ';
    return code < 128 ? `&#${code};` : character;
  });

const PLAIN_MARKS: Readonly<Record<string, string>> = {
  u: 'underline',
  ins: 'underline',
  b: 'bold',
  strong: 'bold',
  i: 'italic',
  em: 'italic',
  s: 'strike',
  strike: 'strike',
  del: 'strike',
  sub: 'subscript',
  sup: 'superscript',
  code: 'code',
  kbd: 'code',
  tt: 'code',
};

/** The mark an opening tag stands for, or `null`. */
export function markOfTag({ name, attributes }: Tag): ContentMark | null {
  const id = suggestionId(attributes['data-id'] ?? null);
  if (id !== null && name === 'ins') return { type: 'insertion', attrs: { id } };
  if (id !== null && name === 'del') return { type: 'deletion', attrs: { id } };
  if (name === 'mark')
    return attributes['data-color'] ? { type: 'highlight', attrs: { color: attributes['data-color'] } } : { type: 'highlight' };
  if (name === 'a' && attributes.href !== undefined) return { type: 'link', attrs: { href: attributes.href, title: attributes.title } };
  const type = Object.hasOwn(PLAIN_MARKS, name) ? PLAIN_MARKS[name] : undefined;
  return type === undefined ? null : { type };
}

/** The tags around the text of a mark that Markdown has no signs for, or `null` when it has. */
export function tagsOfMark({ type, attrs }: ContentMark): [open: string, close: string] | null {
  switch (type) {
    case 'underline':
      return ['<u>', '</u>'];
    case 'subscript':
      return ['<sub>', '</sub>'];
    case 'superscript':
      return ['<sup>', '</sup>'];
    case 'highlight':
      return [attrs?.color ? `<mark data-color="${encode(String(attrs.color))}">` : '<mark>', '</mark>'];
    case 'insertion':
      return [`<ins data-id="${encode(JSON.stringify(attrs?.id ?? ''))}">`, '</ins>'];
    case 'deletion':
      return [`<del data-id="${encode(JSON.stringify(attrs?.id ?? ''))}">`, '</del>'];
    default:
      return null;
  }
}

const IMAGE_ATTRIBUTES = ['src', 'alt', 'title', 'width', 'height'] as const;

/** The image an `<img>` stands for. */
export function imageOfTag({ attributes }: Tag): ContentNode {
  const attrs: Record<string, unknown> = {};
  for (const name of IMAGE_ATTRIBUTES) {
    const value = attributes[name];
    if (value !== undefined)
      attrs[name] = /^(?:width|height)$/.test(name) && /^\d+(?:px)?$/.test(value) ? Number.parseInt(value, 10) : value;
  }
  return { type: 'inlineImage', attrs };
}

/** The `<img>` of an image whose size Markdown's own signs cannot say. */
export function tagOfImage(attrs: Readonly<Record<string, unknown>>): string {
  const written = IMAGE_ATTRIBUTES.filter((name) => attrs[name] !== undefined && attrs[name] !== null);
  return `<img ${written.map((name) => `${name}="${encode(String(attrs[name]))}"`).join(' ')}>`;
}
