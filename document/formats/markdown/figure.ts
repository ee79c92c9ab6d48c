import type { ContentNode } from '../../content.ts';
import { encodeText, imageOfTag, parseTag, tagOfImage } from './inline-html.ts';

const FIGURE =
  /^<(p|figure|div)(?: align="(left|center|right)")?>\s*(?:<a href="([^"<>]*)">\s*)?(<img\s[^<>]*>)\s*(<\/a>\s*)?(?:<figcaption>([^<]*)<\/figcaption>\s*)?<\/\1>\s*$/i;

/** An image with a caption or a side, which Markdown says in HTML; `null` for any other HTML. */
export function figureOf(html: string): ContentNode | null {
  const [, , align, href, tag, closing, caption] = FIGURE.exec(html) ?? [];
  const parsed = tag === undefined ? null : parseTag(tag);
  if (parsed === null || (href === undefined) !== (closing === undefined)) return null;
  const link = href === undefined ? null : parseTag(`<a href="${href}">`);
  return {
    type: 'image',
    attrs: {
      ...imageOfTag(parsed).attrs,
      ...(align === undefined ? {} : { align: align.toLowerCase() }),
      ...(link === null ? {} : { href: link.attributes.href }),
      ...(caption === undefined
        ? {}
        : { caption: parseTag(`<i title="${caption.replaceAll('"', '&quot;').replaceAll('>', '&gt;')}">`)?.attributes.title }),
    },
  };
}

/** An image with a caption or a side as a block of HTML; `null` where Markdown's own signs are enough. */
export function writeFigure(attrs: Readonly<Record<string, unknown>>): string | null {
  const { caption, align, href } = attrs;
  const isCaptioned = typeof caption === 'string' && caption.trim() !== '';
  if (!isCaptioned && align === undefined) return null;
  const image = tagOfImage(attrs);
  const linked = href === undefined ? image : `<a href="${encodeText(String(href))}">${image}</a>`;
  const tag = isCaptioned ? 'figure' : 'p';
  const lines = [`<${tag}${align === undefined ? '' : ` align="${align}"`}>`, linked];
  if (isCaptioned) lines.push(`<figcaption>${encodeText(caption)}</figcaption>`);
  return [...lines, `</${tag}>`].join('\n');
}
