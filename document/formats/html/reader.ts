import type { Element, Root } from 'hast';
import type { ContentNode, Warn } from '../../content.ts';
import { isSafeImage } from '../../safe-url.ts';
import { calloutOf } from './callouts.ts';
import { codeBlockOf, isCodeBox } from './code.ts';
import { StyleSheet } from './css.ts';
import { attribute, type Child, elementsOf, find, hasClass, INLINE_ELEMENTS } from './elements.ts';
import { footnoteOf } from './footnotes.ts';
import { Line } from './line.ts';
import { listOf } from './lists.ts';
import { marksWithin } from './marks.ts';
import { mathOf, mathOfComment } from './math.ts';
import type { LatexOf } from './mathml.ts';
import type { Context, Reader } from './reading.ts';
import { tableOf } from './tables.ts';

/** Elements whose text is not the page's. */
const SILENT = new Set([
  ...['script', 'style', 'head', 'title', 'meta', 'link', 'template', 'noscript', 'base', 'xml', 'colgroup', 'col'],
  ...[
    'svg',
    'canvas',
    'select',
    'datalist',
    'input',
    'textarea',
    'object',
    'embed',
    'audio',
    'video',
    'iframe',
    'v:shape',
    'v:shapetype',
    'v:imagedata',
  ],
]);

/** What cannot be shown, and can be gone to. */
const EMBEDDED: Readonly<Record<string, string>> = { iframe: 'src', video: 'src', audio: 'src', embed: 'src', object: 'data' };

/** Deeper elements are read as their text. */
const MAX_ELEMENT_DEPTH = 400;

export interface HtmlOptions {
  /** Keeps comments, as of a file; on a clipboard they are a program's own. */
  readonly comments?: boolean;
  /** Reads formulas that are nothing but MathML; without it they stay their letters. */
  readonly latexOf?: LatexOf;
}

/** Reads the tree of a page as content; not yet fitted to the schema. */
export class HtmlReader implements Reader {
  readonly sheet: StyleSheet;
  readonly warn: Warn;
  readonly #keepsComments: boolean;
  readonly #latexOf: LatexOf;

  constructor(root: Root, warn: Warn, { comments = false, latexOf = () => null }: HtmlOptions) {
    this.sheet = new StyleSheet(root);
    this.warn = warn;
    this.#keepsComments = comments;
    this.#latexOf = latexOf;
  }

  /** What stands within an element as blocks. */
  blocks(children: readonly Child[], context: Context): ContentNode[] {
    const blocks: ContentNode[] = [];
    this.#read(children, context, new Line(), blocks);
    return blocks;
  }

  #read(children: readonly Child[], context: Context, line: Line, blocks: ContentNode[]): void {
    this.#into(children, context, line, blocks);
    endLine(line, blocks);
  }

  #into(children: readonly Child[], context: Context, line: Line, blocks: ContentNode[]): void {
    // The picture of a formula that was read.
    let isSaid = false;
    for (const child of children) {
      if (child.type === 'comment') {
        const formula = mathOfComment(child.value, this.#latexOf);
        if (formula !== null) this.#formula(formula, line, blocks);
        else if (this.#keepsComments) line.node({ type: 'inlineHtmlComment', attrs: { text: child.value } });
        isSaid = formula !== null || (isSaid && !/^\[endif\]/.test(child.value));
      } else if (isSaid) continue;
      else if (child.type === 'text') line.text(child.value, context.marks, context.preserve);
      else if (child.type === 'element') this.#element(child, context, line, blocks);
    }
  }

  #element(element: Element, around: Context, line: Line, blocks: ContentNode[]): void {
    const { tagName } = element;
    if (Object.hasOwn(EMBEDDED, tagName)) push(line, blocks, this.#embedded(element, EMBEDDED[tagName]!, around));
    if (SILENT.has(tagName)) return;
    const style = this.sheet.styleOf(element);
    if (isHidden(element, style)) return;
    const formula = mathOf(element, this.#latexOf);
    if (formula !== null) {
      this.#formula(formula, line, blocks);
      return;
    }
    const context: Context = {
      marks: marksWithin(element, style, around.marks),
      preserve: style['white-space'] === undefined ? around.preserve : /^(?:pre|break-spaces)/.test(style['white-space']),
      depth: around.depth + 1,
    };
    if (context.depth > MAX_ELEMENT_DEPTH) {
      this.warn('What was nested very deeply was kept as plain text.');
      this.#flat(element, context, line);
      return;
    }
    // Safari writes every second space of a row so.
    if (hasClass(element, 'Apple-converted-space')) {
      line.text(' ', context.marks, false);
      return;
    }
    switch (tagName) {
      case 'br':
        line.break();
        return;
      case 'img':
        this.#image(element, around, line);
        return;
      case 'q':
        line.text('“', context.marks, true);
        this.#into(element.children, context, line, blocks);
        line.text('”', context.marks, true);
        return;
    }
    const note = footnoteOf(element, context, this);
    if (note?.type === 'footnoteReference') line.node(note);
    else if (note !== null) push(line, blocks, [note]);
    else if (INLINE_ELEMENTS.has(tagName) && !isCodeBox(element, style)) this.#into(element.children, context, line, blocks);
    else push(line, blocks, this.#block(element, style, context));
  }

  #formula(formula: ContentNode, line: Line, blocks: ContentNode[]): void {
    if (formula.type === 'inlineMath') line.node(formula);
    else push(line, blocks, [formula]);
  }

  #block(element: Element, style: Readonly<Record<string, string>>, context: Context): ContentNode[] {
    const { tagName } = element;
    if (isCodeBox(element, style)) return codeBlockOf(element);
    const level = headingLevel(element);
    if (level !== null) return this.#heading(element, level, context);
    const callout = calloutOf(element, context, this);
    if (callout !== null) return [callout];
    switch (tagName) {
      case 'ul':
      case 'ol':
      case 'menu':
      case 'dir':
        return listOf(element, context, this);
      case 'blockquote':
        return [{ type: 'blockquote', content: this.blocks(element.children, context) }];
      case 'hr':
        return [{ type: 'horizontalRule' }];
      case 'table':
        return tableOf(element, context, this);
      case 'dt':
        return this.blocks(element.children, {
          ...context,
          marks: [...context.marks.filter(({ type }) => type !== 'bold'), { type: 'bold' }],
        });
      case 'figure':
        return withSide(this.#figure(element, context), element, style);
      case 'section':
        return element.properties.dataFootnotes === undefined ? this.blocks(element.children, context) : this.#footnotes(element, context);
      case 'details':
        return [{ type: 'details', attrs: { open: element.properties.open !== undefined }, content: this.#details(element, context) }];
      default:
        return withSide(this.blocks(element.children, context), element, style);
    }
  }

  #heading(element: Element, level: number, context: Context): ContentNode[] {
    return this.blocks(element.children, context).map((block) => {
      if (block.type !== 'paragraph') return block;
      const content = block.content ?? [];
      // A heading is bold by itself.
      const isAllBold = content.every(({ type, marks = [] }) => type !== 'text' || marks.some((mark) => mark.type === 'bold'));
      return { type: 'heading', attrs: { level }, content: isAllBold ? content.map(withoutBold) : content };
    });
  }

  #details(element: Element, context: Context): ContentNode[] {
    const summary = elementsOf(element).find(({ tagName }) => tagName === 'summary');
    const rest = this.blocks(
      element.children.filter((child) => child !== summary),
      context,
    );
    const [first, ...more] = this.blocks(summary?.children ?? [], context);
    const isLine = first?.type === 'paragraph' || first?.type === 'heading';
    const line: ContentNode = { type: 'detailsSummary', content: isLine ? (first.content ?? []) : [] };
    return [line, ...(isLine || first === undefined ? more : [first, ...more]), ...rest];
  }

  /** The notes at the end of a page of GitHub's; their heading is drawn from them. */
  #footnotes(element: Element, context: Context): ContentNode[] {
    const list = find(element, ({ tagName }) => tagName === 'ol');
    return elementsOf(list ?? element).flatMap((item) => footnoteOf(item, context, this) ?? []);
  }

  #figure(element: Element, context: Context): ContentNode[] {
    const caption = find(element, ({ tagName }) => tagName === 'figcaption');
    const blocks = this.blocks(
      element.children.filter((child) => child !== caption),
      context,
    );
    const words = caption === null ? [] : this.blocks(caption.children, context);
    const [only] = blocks;
    const isPlain = words.length === 1 && (words[0]!.content ?? []).every(({ type, marks }) => type === 'text' && marks === undefined);
    if (blocks.length === 1 && only?.type === 'image' && isPlain) {
      const text = words[0]!.content!.map(({ text }) => text).join('');
      return [{ ...only, attrs: { ...only.attrs, caption: text } }];
    }
    return [...blocks, ...words];
  }

  #image(element: Element, { marks }: Context, line: Line): void {
    const src = attribute(element, 'src');
    const alt = attribute(element, 'alt');
    if (!isSafeImage(src)) {
      if (src !== '') this.warn('A picture with an address that cannot be kept was replaced by its description.');
      line.text(alt, marks, false);
      return;
    }
    const [width, height] = [sizeOf(element, 'width'), sizeOf(element, 'height')];
    // A pixel or two counts who has read a mail.
    if (width !== null && height !== null && width <= 2 && height <= 2) return;
    const title = attribute(element, 'title');
    const href = marks.find(({ type }) => type === 'link')?.attrs?.href;
    line.node({ type: 'inlineImage', attrs: { src, alt: alt || null, title: title || null, width, height, href: href ?? null } });
  }

  #embedded(element: Element, name: string, { marks }: Context): ContentNode[] {
    const source = find(element, ({ tagName, properties }) => tagName === 'source' && properties.src !== undefined);
    const href = attribute(element, name) || (source === null ? '' : attribute(source, 'src'));
    if (!/^https?:/i.test(href)) return [];
    this.warn(`What was embedded as <${element.tagName}> was replaced by a link.`);
    const link = { type: 'link', attrs: { href } };
    return [{ type: 'paragraph', content: [{ type: 'text', text: href, marks: [...marks.filter(({ type }) => type !== 'link'), link] }] }];
  }

  /** The text below an element; words of elements beside each other are kept apart. */
  #flat(element: Element, context: Context, line: Line): void {
    const stack: Child[] = [element];
    while (stack.length > 0) {
      const next = stack.pop()!;
      if (next.type === 'text') line.text(next.value, context.marks, false);
      if (next.type !== 'element' || SILENT.has(next.tagName)) continue;
      if (!INLINE_ELEMENTS.has(next.tagName)) line.text(' ', context.marks, false);
      for (let at = next.children.length - 1; at >= 0; at--) stack.push(next.children[at]!);
    }
    line.text(' ', context.marks, false);
  }
}

function push(line: Line, blocks: ContentNode[], made: readonly ContentNode[]): void {
  endLine(line, blocks);
  for (const block of made) blocks.push(block);
}

function endLine(line: Line, blocks: ContentNode[]): void {
  if (line.isEmpty) return;
  for (const content of line.take()) {
    const [only] = content;
    if (content.every(({ type }) => type === 'inlineHtmlComment'))
      for (const node of content) blocks.push({ ...node, type: 'htmlComment' });
    else if (content.length === 1 && only!.type === 'inlineImage') blocks.push({ ...only!, type: 'image' });
    else blocks.push({ type: 'paragraph', content });
  }
}

function headingLevel(element: Element): number | null {
  const byTag = /^h([1-6])$/.exec(element.tagName)?.[1];
  if (byTag !== undefined) return Number(byTag);
  if (attribute(element, 'role') === 'heading') return Math.min(6, Math.max(1, Number(attribute(element, 'ariaLevel')) || 2));
  const byClass = /^MsoHeading([1-6])$|^MsoTitle$/.exec(String(element.properties.className ?? ''));
  return byClass === null ? null : Number(byClass[1] ?? 1);
}

/** In px; `null` where nothing is said, or a share of the page. */
function sizeOf(element: Element, name: 'width' | 'height'): number | null {
  const value = attribute(element, name);
  return /^\d{1,5}(?:px)?$/.test(value) ? Number.parseInt(value, 10) : null;
}

/** What is nothing but a picture, on the side of the page where it stood. */
function withSide(blocks: ContentNode[], element: Element, style: Readonly<Record<string, string>>): ContentNode[] {
  const [only] = blocks;
  if (blocks.length !== 1 || only?.type !== 'image') return blocks;
  const side = (attribute(element, 'align') || (style['text-align'] ?? '')).toLowerCase();
  if (!['left', 'center', 'right'].includes(side) || (side === 'left' && attribute(element, 'align') === '')) return blocks;
  return [{ ...only, attrs: { ...only.attrs, align: side } }];
}

function withoutBold(node: ContentNode): ContentNode {
  const { marks, ...rest } = node;
  const kept = (marks ?? []).filter(({ type }) => type !== 'bold');
  return kept.length > 0 ? { ...rest, marks: kept } : rest;
}

function isHidden(element: Element, style: Readonly<Record<string, string>>): boolean {
  if (style.display === 'none' || style.visibility === 'hidden' || style['mso-hide'] === 'all') return true;
  // What a browser draws for the eye stands beside the same for screen readers.
  return attribute(element, 'ariaHidden') === 'true' || element.properties.hidden !== undefined || hasClass(element, 'clipboard-copy');
}
