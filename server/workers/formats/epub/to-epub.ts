import { createHash } from 'node:crypto';
import type { Element as HastElement, Root } from 'hast';
import { toXast } from 'hast-util-to-xast';
import { toXml } from 'xast-util-to-xml';
import { x } from 'xastscript';
import type { ContentNode, Warn } from '../../../../document/content.ts';
import { toHtmlTree } from '../../../../document/formats/to-html.ts';
import { xmlText } from '../../../../document/formats/xml/text.ts';
import { archiveOf } from '../../files/archive.ts';
import type { FindPicture, Picture } from '../../files/pictures.ts';
import { EPUB_STYLE } from './style.ts';

/** A document as a book of EPUB 3.3: one chapter, a table of contents of its headings, formulas as MathML, its pictures within. */
export function toEpub(content: ContentNode, title: string, picture: FindPicture, warn: Warn): Uint8Array {
  const name = xmlText(title) || 'Untitled';
  const tree = toHtmlTree(content, warn);
  const pictures = takePictures(tree, picture, warn);
  for (const element of [tree, ...elementsOf(tree)]) {
    // A comment may hold what XML allows in none (XML 1.0, section 2.5), and is shown to nobody.
    element.children = (element.children as HastElement['children']).filter(({ type }) => type !== 'comment');
    if (element.type === 'element') withStyles(element);
  }
  const headings = takeHeadings(tree, name);
  const chapter = pageOf(name, [x('main', (toXast(tree) as unknown as { children: never[] }).children)], 'css');
  const contents = pageOf(name, [x('nav', { 'epub:type': 'toc', id: 'toc' }, [x('h1', name), ...outlineOf(headings)])]);
  const files: Record<string, string | Uint8Array> = {
    'META-INF/container.xml': CONTAINER,
    'EPUB/package.opf': packageOf(name, chapter, pictures),
    'EPUB/nav.xhtml': contents,
    'EPUB/chapter.xhtml': chapter,
    'EPUB/style.css': EPUB_STYLE,
  };
  for (const [found, path] of pictures) files[`EPUB/${path}`] = found.bytes;
  return archiveOf('application/epub+zip', files);
}

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';
const XHTML = { xmlns: 'http://www.w3.org/1999/xhtml', 'xmlns:epub': 'http://www.idpf.org/2007/ops' };

const CONTAINER =
  DECLARATION +
  toXml(
    x('container', { version: '1.0', xmlns: 'urn:oasis:names:tc:opendocument:xmlns:container' }, [
      x('rootfiles', [x('rootfile', { 'full-path': 'EPUB/package.opf', 'media-type': 'application/oebps-package+xml' })]),
    ]),
  );

function pageOf(title: string, body: readonly ReturnType<typeof x>[], style?: 'css'): string {
  const link = style === undefined ? [] : [x('link', { rel: 'stylesheet', type: 'text/css', href: 'style.css' })];
  const head = x('head', [x('title', title), ...link]);
  return `${DECLARATION}<!DOCTYPE html>\n${toXml(x('html', XHTML, [head, x('body', [...(body as never[])])]), { closeEmptyElements: true })}`;
}

/** The book's own list of what it is made of (EPUB 3.3, section 5). The same document has the same identifier. */
function packageOf(title: string, chapter: string, pictures: ReadonlyMap<Picture, string>): string {
  const digest = createHash('sha256').update(chapter).digest('hex');
  const uuid = `${digest.slice(0, 8)}-${digest.slice(8, 12)}-5${digest.slice(13, 16)}-8${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
  const properties = chapter.includes('<math') ? { properties: 'mathml' } : {};
  const images = [...pictures].map(([{ mediaType }, href], at) => x('item', { id: `picture-${at + 1}`, href, 'media-type': mediaType }));
  const root = { xmlns: 'http://www.idpf.org/2007/opf', version: '3.0', 'unique-identifier': 'id' };
  return (
    DECLARATION +
    toXml(
      x('package', root, [
        x('metadata', { 'xmlns:dc': 'http://purl.org/dc/elements/1.1/' }, [
          x('dc:identifier', { id: 'id' }, `urn:uuid:${uuid}`),
          x('dc:title', title),
          // A book names its language; a document does not.
          x('dc:language', 'und'),
          x('meta', { property: 'dcterms:modified' }, '1980-01-01T00:00:00Z'),
        ]),
        x('manifest', [
          x('item', { id: 'nav', href: 'nav.xhtml', 'media-type': 'application/xhtml+xml', properties: 'nav' }),
          x('item', { id: 'chapter', href: 'chapter.xhtml', 'media-type': 'application/xhtml+xml', ...properties }),
          x('item', { id: 'style', href: 'style.css', 'media-type': 'text/css' }),
          ...images,
        ]),
        x('spine', [x('itemref', { idref: 'chapter' })]),
      ]),
    )
  );
}

function elementsOf(tree: Root): HastElement[] {
  const found: HastElement[] = [];
  const stack: (Root | HastElement)[] = [tree];
  while (stack.length > 0) {
    const node = stack.pop()!;
    if (node.type === 'element') found.push(node);
    for (const child of [...node.children].reverse()) if (child.type === 'element') stack.push(child);
  }
  return found;
}

/** Puts the places of the pictures into the page, and gives the pictures; those that are not at hand become their description. */
function takePictures(tree: Root, picture: FindPicture, warn: Warn): Map<Picture, string> {
  const paths = new Map<Picture, string>();
  const known = new Map<unknown, Picture | null>();
  for (const element of elementsOf(tree)) {
    if (element.tagName !== 'img') continue;
    const { src } = element.properties;
    if (!known.has(src)) known.set(src, picture(src));
    const found = known.get(src) ?? null;
    if (found === null || found.type === 'avif') {
      warn('Pictures that are not the document’s own, or cannot be drawn, were left as their description and address.');
      const words = String(element.properties.alt ?? '') || 'Picture';
      element.tagName = 'span';
      element.properties = {};
      element.children = [{ type: 'text', value: words }];
      continue;
    }
    const path = paths.get(found) ?? `pictures/${paths.size + 1}.${found.type}`;
    paths.set(found, path);
    element.properties = { ...element.properties, src: path };
  }
  return paths;
}

/** What HTML still takes as an attribute and XHTML of today as a style only. */
function withStyles(element: HastElement): void {
  const { align, width, ...rest } = element.properties;
  const isPart = !Number.isInteger(Number(width ?? 0));
  const styles = [
    ...(typeof align === 'string' ? [`text-align: ${align}`] : []),
    ...(width !== undefined && (element.tagName === 'col' || isPart) ? [`width: ${isPart ? width : `${width}px`}`] : []),
  ];
  if (styles.length === 0) return;
  const kept = element.tagName !== 'col' && !isPart && width !== undefined ? { width } : {};
  element.properties = { ...rest, ...kept, style: styles.join('; ') };
}

interface Heading {
  readonly level: number;
  readonly text: string;
  readonly id: string;
}

/** Gives every heading an id, and lists them; a document without one has its title. */
function takeHeadings(tree: Root, title: string): Heading[] {
  const headings = elementsOf(tree).flatMap((element, at) => {
    const level = Number(/^h([1-6])$/.exec(element.tagName)?.[1] ?? 0);
    const text = xmlText(textOf(element)).trim();
    if (level === 0 || text === '') return [];
    element.properties = { ...element.properties, id: `heading-${at}` };
    return [{ level, text, id: `heading-${at}` }];
  });
  return headings.length > 0 ? headings : [{ level: 1, text: title, id: '' }];
}

function textOf(element: HastElement): string {
  return element.children.map((child) => (child.type === 'text' ? child.value : child.type === 'element' ? textOf(child) : '')).join('');
}

/** Headings as lists within lists, by their levels. */
function outlineOf(headings: readonly Heading[]): ReturnType<typeof x>[] {
  if (headings.length === 0) return [];
  const items: ReturnType<typeof x>[] = [];
  for (let at = 0; at < headings.length; ) {
    const { level, text, id } = headings[at]!;
    let end = at + 1;
    while (end < headings.length && headings[end]!.level > level) end++;
    const link = x('a', { href: id === '' ? 'chapter.xhtml' : `chapter.xhtml#${id}` }, text);
    items.push(x('li', [link, ...(outlineOf(headings.slice(at + 1, end)) as never[])]));
    at = end;
  }
  return [x('ol', items as never[])];
}
