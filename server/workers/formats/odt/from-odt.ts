import type { ElementContent, Element as HastElement } from 'hast';
import { toHtml } from 'hast-util-to-html';
import type { Element, Root } from 'xast';
import { toXml } from 'xast-util-to-xml';
import type { Warn } from '../../../../document/content.ts';
import { fromHtml } from '../../../../document/formats/from-html.ts';
import { latexOfMathml } from '../../../../document/formats/html/latex.ts';
import { CALLOUT_KINDS, calloutTitle } from '../../../../document/nodes/callout.ts';
import type { Import } from '../../files/converter.ts';
import { dataAddress, markupOf, openArchive } from '../../files/open-archive.ts';
import { attributeOf, elementsNamed, elementsOf, parseXml, textOf } from '../../files/xml.ts';
import { type Look, OdtStyles } from './styles-of.ts';

const KIND = 'a text of OpenDocument (.odt)';
const PARTS = /^(?:content|styles|meta)\.xml$|^Pictures\/[^/]+$|^[^/]+\/content\.xml$/;

/** A text of OpenDocument as content: its blocks by their styles, as a page that our reader of HTML reads. Throws `bad-content`, `content-too-complex`. */
export const fromOdt: Import = (file, warn) => {
  const files = openArchive(file, KIND, (path) => PARTS.test(path));
  const part = (path: string): Root => parseXml(markupOf(files, path, KIND), KIND);
  const content = part('content.xml');
  const styles = files.has('styles.xml') ? [part('styles.xml'), content] : [content];
  const [body] = elementsNamed(content, 'office:text');
  const reader = new OdtReader(new OdtStyles(styles), files, warn);
  const html = toHtml({ type: 'root', children: body === undefined ? [] : reader.page(body) });
  const read = fromHtml(html, warn, { latexOf: latexOfMathml });
  const [title] = files.has('meta.xml') ? elementsNamed(part('meta.xml'), 'dc:title') : [];
  const said = title === undefined ? '' : textOf(title).trim();
  return { content: read.content, title: said === '' || said === 'Untitled' ? read.title : said };
};

const text = (value: string): ElementContent => ({ type: 'text', value });
const tag = (name: string, properties: HastElement['properties'], children: ElementContent[]): HastElement => ({
  type: 'element',
  tagName: name,
  properties,
  children,
});

class OdtReader {
  readonly #styles: OdtStyles;
  readonly #files: ReadonlyMap<string, Uint8Array>;
  readonly #warn: Warn;
  readonly #notes: HastElement[] = [];

  constructor(styles: OdtStyles, files: ReadonlyMap<string, Uint8Array>, warn: Warn) {
    this.#styles = styles;
    this.#files = files;
    this.#warn = warn;
  }

  page(body: Element): ElementContent[] {
    const blocks = this.#blocks(elementsOf(body), 0, '');
    if (this.#notes.length === 0) return blocks;
    return [...blocks, tag('section', { dataFootnotes: '' }, [tag('ol', {}, this.#notes)])];
  }

  #blocks(elements: readonly Element[], depth: number, listStyle: string): ElementContent[] {
    const blocks: ElementContent[] = [];
    for (const element of elements) {
      const made = this.#block(element, depth, listStyle);
      for (const block of made) join(blocks, block);
    }
    return blocks;
  }

  #block(node: Element, depth: number, listStyle: string): HastElement[] {
    switch (node.name) {
      case 'text:h': {
        const level = Math.min(6, Math.max(1, Number(attributeOf(node, 'text:outline-level')) || 1));
        return [tag(`h${level}`, {}, this.#line(node))];
      }
      case 'text:p':
        return [this.#paragraph(node)];
      case 'text:list':
        return [this.#list(node, depth + 1, attributeOf(node, 'text:style-name') || listStyle)];
      case 'table:table':
        return [this.#table(node)];
      case 'text:section':
      case 'text:index-body':
        return this.#blocks(elementsOf(node), depth, listStyle).filter((child) => child.type === 'element');
      case 'text:tracked-changes':
        this.#warn('Tracked changes were taken as they would be once accepted.');
        return [];
      case 'text:soft-page-break':
      case 'text:sequence-decls':
      case 'text:table-of-content':
        return [];
      default:
        return node.name.startsWith('draw:') ? [tag('p', {}, this.#inline(node))] : [];
    }
  }

  #paragraph(node: Element): HastElement {
    const look = this.#styles.look('paragraph', attributeOf(node, 'text:style-name'));
    const line = this.#line(node);
    const { name } = look;
    const language = /^Code(?: ([\w+#-]{1,40}))?$/.exec(name);
    if (language !== null || /^(?:Preformatted Text|Source Code|HTML Preformatted)$/.test(name))
      return tag('pre', language?.[1] === undefined ? {} : { className: [`language-${language[1]}`] }, line);
    if (/^(?:Quotations|Quote|Intense Quote|Block Text)$/.test(name)) return tag('blockquote', {}, [tag('p', {}, line)]);
    if (/^(?:Horizontal Line)$/.test(name)) return tag('hr', {}, []);
    if (name === 'Title') return tag('h1', {}, line);
    if (name === 'Summary') return tag('p', {}, [tag('strong', {}, line)]);
    if (/^(?:Caption|Figure|Illustration)$/.test(name)) return tag('figcaption', {}, line);
    const kind = CALLOUT_KINDS.find((each) => name.startsWith(`Callout ${calloutTitle(each)}`));
    if (kind !== undefined) {
      const isTitle = name.endsWith(' Title');
      return tag(
        'div',
        { className: [`markdown-alert-${kind}`] },
        isTitle ? [tag('p', { className: ['markdown-alert-title'] }, line)] : [tag('p', {}, line)],
      );
    }
    return tag('p', look.align === undefined ? {} : { align: look.align }, marked(line, { ...look, code: false }));
  }

  #list(node: Element, depth: number, style: string): HastElement {
    const numbering = this.#styles.numbering(style, depth);
    const items = elementsOf(node).map((item) => {
      const blocks = this.#blocks(elementsOf(item), depth, style);
      return tag('li', {}, withBox(blocks));
    });
    const [first] = elementsOf(node);
    const start = first === undefined ? '' : attributeOf(first, 'text:start-value');
    const properties = {
      ...(start === '' ? {} : { start: Number(start) }),
      ...(numbering !== null && numbering !== '1' ? { type: numbering } : {}),
    };
    const list = (rows: HastElement[]) => tag(numbering === null ? 'ul' : 'ol', numbering === null ? {} : properties, rows);
    const around = aroundAll(items);
    return around === null ? list(items) : { ...around, children: [list(items.map(withoutAround))] };
  }

  #table(node: Element): HastElement {
    const rowOf = (row: Element, isHead: boolean): HastElement =>
      tag(
        'tr',
        {},
        elementsOf(row).flatMap((cell) => {
          if (cell.name !== 'table:table-cell') return [];
          const blocks = this.#blocks(elementsOf(cell), 0, '');
          const isHeader = isHead || attributeOf(cell, 'table:style-name') === 'HeaderCell';
          const properties: HastElement['properties'] = {};
          const [columns, rows] = ['columns', 'rows'].map((side) => Number(attributeOf(cell, `table:number-${side}-spanned`)));
          if (columns! > 1) properties.colSpan = columns!;
          if (rows! > 1) properties.rowSpan = rows!;
          const [only] = blocks;
          if (only?.type === 'element' && typeof only.properties.align === 'string') properties.align = only.properties.align;
          return [tag(isHeader ? 'th' : 'td', properties, blocks)];
        }),
      );
    const rows: HastElement[] = [];
    for (const child of elementsOf(node)) {
      if (child.name === 'table:table-row') rows.push(rowOf(child, false));
      if (child.name === 'table:table-header-rows') for (const row of elementsOf(child)) rows.push(rowOf(row, true));
      if (child.name === 'table:table-rows') for (const row of elementsOf(child)) rows.push(rowOf(row, false));
    }
    return tag('table', {}, [tag('tbody', {}, rows)]);
  }

  #line(node: Element): ElementContent[] {
    return node.children.flatMap((child): ElementContent[] => {
      // White space of the file's own layout is one space (OpenDocument 1.3, part 3, section 6.1.2).
      if (child.type === 'text') return [text(child.value.replace(/[ \t\r\n]+/g, ' '))];
      return child.type === 'element' ? this.#inline(child) : [];
    });
  }

  #inline(node: Element): ElementContent[] {
    switch (node.name) {
      case 'text:s':
        // A space that HTML keeps.
        return [text('\u00a0'.repeat(Math.min(1000, Number(attributeOf(node, 'text:c')) || 1)))];
      case 'text:tab':
        return [text('\t')];
      case 'text:line-break':
        return [tag('br', {}, [])];
      case 'text:span': {
        const look = this.#styles.look('text', attributeOf(node, 'text:style-name'));
        const isCode = look.code === true || /^(?:Code Characters|Source Text|Verbatim Char)$/.test(look.name);
        return marked(this.#line(node), { ...look, code: isCode });
      }
      case 'text:a':
        return [tag('a', { href: attributeOf(node, 'xlink:href') }, this.#line(node))];
      case 'text:note':
        return this.#note(node);
      case 'office:annotation':
      case 'office:annotation-end':
        this.#warn('Comments of the file were left out.');
        return [];
      case 'draw:frame':
        return this.#frame(node);
      case 'text:change':
      case 'text:change-start':
      case 'text:change-end':
      case 'text:bookmark':
      case 'text:bookmark-start':
      case 'text:bookmark-end':
      case 'svg:title':
      case 'svg:desc':
        return [];
      default:
        return this.#line(node);
    }
  }

  #note(node: Element): ElementContent[] {
    const [body] = elementsNamed(node, 'text:note-body');
    const label = String(this.#notes.length + 1);
    const note = tag('li', { id: `user-content-fn-${label}` }, []);
    this.#notes.push(note);
    if (body !== undefined) note.children = this.#blocks(elementsOf(body), 0, '');
    return [tag('sup', {}, [tag('a', { href: `#user-content-fn-${label}` }, [text(label)])])];
  }

  #frame(node: Element): ElementContent[] {
    const [title, words] = ['svg:title', 'svg:desc'].map((name) => {
      const [found] = elementsNamed(node, name);
      return found === undefined ? '' : textOf(found);
    });
    for (const object of elementsNamed(node, 'draw:object')) {
      const path = `${attributeOf(object, 'xlink:href').replace(/^\.\//, '')}/content.xml`;
      const formula = this.#files.has(path) ? this.#formula(path, words!) : null;
      if (formula !== null) return [formula];
    }
    for (const image of elementsNamed(node, 'draw:image')) {
      const path = attributeOf(image, 'xlink:href').replace(/^\.\//, '');
      const src = dataAddress(this.#files.get(path), path);
      if (src === '') this.#warn('A picture that is not in the file, or cannot be shown, was left out.');
      else return [tag('img', { src, alt: words!, ...(title === '' ? {} : { title: title! }) }, [])];
    }
    return elementsOf(node).flatMap((child) => (child.name === 'draw:text-box' ? this.#blocks(elementsOf(child), 0, '') : []));
  }

  #formula(path: string, said: string): ElementContent | null {
    const root = parseXml(markupOf(this.#files, path, KIND), KIND);
    const [math] = [...elementsNamed(root, 'math'), ...elementsNamed(root, 'math:math')];
    if (math === undefined) return null;
    // Our own formulas say their source where others describe a picture; what is not LaTeX is no harm, it is read from the formula then.
    const source = said.trim() !== '' ? said.trim() : latexOfMathml(toXml(unprefixed(math)));
    if (source === null) return null;
    return tag('span', { dataType: attributeOf(math, 'display') === 'block' ? 'block-math' : 'inline-math', dataLatex: source }, []);
  }
}

function unprefixed(node: Element): Element {
  return {
    ...node,
    name: node.name.replace(/^math:/, ''),
    attributes: {},
    children: node.children.map((child) => (child.type === 'element' ? unprefixed(child) : child)),
  };
}

function marked(line: ElementContent[], look: Look): ElementContent[] {
  let children = line;
  const wrap = (name: string, properties: HastElement['properties'] = {}) => {
    children = [tag(name, properties, children)];
  };
  if (children.length === 0) return children;
  if (look.bold) wrap('strong');
  if (look.italic) wrap('em');
  if (look.underline) wrap('u');
  if (look.strike) wrap('s');
  if (look.code) wrap('code');
  if (look.position === 'sub') wrap('sub');
  if (look.position === 'super') wrap('sup');
  if (look.background !== undefined) wrap('mark', { style: `background-color: ${look.background}` });
  return children;
}

/** Paragraphs of a quote, of a callout and of code stand in one element; a caption goes with the picture before it. */
function join(blocks: ElementContent[], block: ElementContent): void {
  const last = blocks.at(-1);
  if (last?.type !== 'element' || block.type !== 'element') {
    blocks.push(block);
    return;
  }
  const [a, b] = [String(last.properties.className ?? ''), String(block.properties.className ?? '')];
  const isTitle = block.children.some((child) => child.type === 'element' && String(child.properties.className) === 'markdown-alert-title');
  if (block.tagName === 'figcaption' && last.tagName === 'p')
    blocks.splice(-1, 1, tag('figure', { ...last.properties }, [...last.children, block]));
  else if (block.tagName === 'figcaption') blocks.push(tag('p', {}, block.children));
  else if (last.tagName === block.tagName && last.tagName === 'blockquote') last.children.push(...block.children);
  else if (last.tagName === 'div' && block.tagName === 'div' && a === b && !isTitle) last.children.push(...block.children);
  else blocks.push(block);
}

/** The quote or callout that every paragraph of a list stands in: the list stands in it as a whole. */
function aroundAll(items: readonly HastElement[]): HastElement | null {
  const blocks = items.flatMap(({ children }) => children).filter((child): child is HastElement => child.type === 'element');
  const [first] = blocks;
  if (first === undefined || !(first.tagName === 'blockquote' || (first.tagName === 'div' && first.properties.className !== undefined)))
    return null;
  const isSame = ({ tagName, properties }: HastElement) =>
    tagName === first.tagName && String(properties.className) === String(first.properties.className);
  return blocks.every(isSame) ? { ...first, children: [] } : null;
}

function withoutAround(item: HastElement): HastElement {
  return { ...item, children: item.children.flatMap((child) => (child.type === 'element' ? child.children : [child])) };
}

/** ☐ and ☑ at the beginning of an item are the box of a task. */
function withBox(blocks: ElementContent[]): ElementContent[] {
  const [first] = blocks;
  const inner = first?.type === 'element' ? first.children[0] : undefined;
  if (first?.type !== 'element' || inner?.type !== 'text') return blocks;
  const box = /^([☐☑☒])\s?/u.exec(inner.value);
  if (box === null) return blocks;
  inner.value = inner.value.slice(box[0].length);
  first.children.unshift(tag('input', { type: 'checkbox', checked: box[1] !== '☐' }, []));
  return blocks;
}
