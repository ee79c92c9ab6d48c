import type { Element, Root } from 'hast';
import { fromHtml as parse } from 'hast-util-from-html';
import { toHtml } from 'hast-util-to-html';
import { fromHtml } from '../../../../document/formats/from-html.ts';
import { find } from '../../../../document/formats/html/elements.ts';
import { latexOfMathml } from '../../../../document/formats/html/latex.ts';
import type { Import } from '../../files/converter.ts';
import { dataAddress, markupOf, openArchive, pathWithin } from '../../files/open-archive.ts';
import { attributeOf, elementsNamed, parseXml, textOf } from '../../files/xml.ts';

const KIND = 'a book (.epub)';
const PARTS = /^META-INF\/container\.xml$|\.(?:opf|xhtml|html|htm|xml|png|jpe?g|gif|webp|avif)$/i;

/** A book as content: its chapters one after another (EPUB 3.3, section 5.7), its pictures within. Throws `bad-content`, `content-too-complex`. */
export const fromEpub: Import = (file, warn) => {
  const files = openArchive(file, KIND, (path) => PARTS.test(path));
  const [root] = elementsNamed(parseXml(markupOf(files, 'META-INF/container.xml', KIND), KIND), 'rootfile');
  const packagePath = root === undefined ? '' : attributeOf(root, 'full-path');
  const opf = parseXml(markupOf(files, packagePath, KIND), KIND);
  const items = new Map(Array.from(elementsNamed(opf, 'item'), (item) => [attributeOf(item, 'id'), item]));
  const chapters: Element['children'] = [];
  for (const reference of elementsNamed(opf, 'itemref')) {
    const item = items.get(attributeOf(reference, 'idref'));
    if (item === undefined || /\bnav\b/.test(attributeOf(item, 'properties'))) continue;
    const path = pathWithin(packagePath, attributeOf(item, 'href'));
    if (!files.has(path)) {
      warn('A chapter that is not in the file was left out.');
      continue;
    }
    chapters.push(...chapterOf(markupOf(files, path, KIND), path, files));
  }
  const read = fromHtml(toHtml({ type: 'root', children: chapters }), warn, { latexOf: latexOfMathml });
  const [title] = elementsNamed(opf, 'dc:title');
  const said = title === undefined ? '' : textOf(title).trim();
  return { content: read.content, title: said === '' || said === 'Untitled' ? read.title : said };
};

function chapterOf(text: string, path: string, files: ReadonlyMap<string, Uint8Array>): Element['children'] {
  // A parser of HTML takes an element that XML closes in itself for one that goes on.
  const markup = text
    .replace(/<\?xml[^>]*\?>|<\/(?:br|hr|img|input|meta|link|col|wbr)>/g, '')
    .replace(
      /<((?!(?:br|hr|img|input|meta|link|col|area|wbr|source|track|base|embed)\b)[a-zA-Z][\w:.-]*)((?:\s[^<>]*?)?)\/>/g,
      '<$1$2></$1>',
    );
  const page: Root = parse(markup);
  const body = find(page, ({ tagName }) => tagName === 'body');
  if (body === null) return [];
  find(body, (element) => {
    const { properties, tagName } = element;
    if (tagName === 'img')
      properties.src = dataAddress(files.get(pathWithin(path, String(properties.src ?? ''))), String(properties.src ?? ''));
    // Chapters refer to each other by files, which a document does not have.
    if (tagName === 'a' && typeof properties.href === 'string' && !/^(?:[a-z][a-z0-9+.-]*:|#)/i.test(properties.href))
      delete properties.href;
    return false;
  });
  return body.children;
}
