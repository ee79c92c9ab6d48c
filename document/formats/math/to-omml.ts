import type { Element as HastElement } from 'hast';
import type { Element, ElementContent } from 'xast';
import { x } from 'xastscript';
import { withoutSource } from './mathml.ts';

/**
 * A formula as Word has it (ECMA-376, part 1, section 22.1), from its MathML. What MathML says by the order of its parts, such as the sign
 * of a sum before what is summed, Word has as one element.
 */
export function toOmml(math: HastElement): Element {
  return x('m:oMath', rowOf(childrenOf(withoutSource(math))));
}

/** Large operators, which have their bounds above and below or at their side. */
const LARGE = /^[∑∏∐∫∬∭∮∯∰⋀⋁⋂⋃⨀⨁⨂⨄⨆]$/u;
const AT_THE_SIDE = /^[∫∬∭∮∯∰]$/u;
const OPENING = /^[([{⟨⌈⌊|‖∥∣]$/u;
const CLOSING = /^[)\]}⟩⌉⌋|‖∥∣]$/u;

const childrenOf = (element: HastElement): HastElement[] =>
  element.children.filter((child): child is HastElement => child.type === 'element');

function textOf(element: HastElement): string {
  return element.children.map((child) => (child.type === 'text' ? child.value : child.type === 'element' ? textOf(child) : '')).join('');
}

const part = (name: string, elements: readonly HastElement[]): Element => x(name, rowOf(elements));

function rowOf(elements: readonly HastElement[]): ElementContent[] {
  const row: ElementContent[] = [];
  for (let at = 0; at < elements.length; at++) {
    const large = largeOf(elements[at]!);
    if (large === null) {
      row.push(...partOf(elements[at]!));
      continue;
    }
    // A sum of integrals sums all of the last one.
    let end = at + 2;
    while (end < elements.length && largeOf(elements[end - 1]!) !== null) end++;
    row.push(naryOf(large, elements.slice(at + 1, end)));
    at = end - 1;
  }
  return row;
}

interface Large {
  readonly sign: string;
  readonly below: HastElement | null;
  readonly above: HastElement | null;
  readonly aside: boolean;
}

function largeOf(element: HastElement): Large | null {
  const [base, first = null, second = null] = childrenOf(element);
  if (base === undefined || !LARGE.test(textOf(base))) return null;
  const sign = textOf(base);
  const aside = element.tagName.startsWith('ms') || AT_THE_SIDE.test(sign);
  switch (element.tagName) {
    case 'msub':
    case 'munder':
      return { sign, below: first, above: null, aside };
    case 'msup':
    case 'mover':
      return { sign, below: null, above: first, aside };
    case 'msubsup':
    case 'munderover':
      return { sign, below: first, above: second, aside };
    default:
      return null;
  }
}

function naryOf({ sign, below, above, aside }: Large, of: readonly HastElement[]): Element {
  const hidden = (name: string, element: HastElement | null) => (element === null ? [x(name, { 'm:val': '1' })] : []);
  return x('m:nary', [
    x('m:naryPr', [
      x('m:chr', { 'm:val': sign }),
      x('m:limLoc', { 'm:val': aside ? 'subSup' : 'undOvr' }),
      ...hidden('m:subHide', below),
      ...hidden('m:supHide', above),
    ]),
    part('m:sub', below === null ? [] : [below]),
    part('m:sup', above === null ? [] : [above]),
    part('m:e', of),
  ]);
}

function partOf(element: HastElement): ElementContent[] {
  const children = childrenOf(element);
  const of = (at: number): readonly HastElement[] => (children[at] === undefined ? [] : [children[at]]);
  switch (element.tagName) {
    case 'mi':
    case 'mn':
    case 'mo':
    case 'ms':
    case 'mtext':
      return runOf(element);
    case 'mspace':
      return [run(' ', [x('m:nor')])];
    case 'mfrac': {
      const bar = element.properties.linethickness === '0px' || element.properties.linethickness === '0';
      const properties = bar ? [x('m:fPr', [x('m:type', { 'm:val': 'noBar' })])] : [];
      return [x('m:f', [...properties, part('m:num', of(0)), part('m:den', of(1))])];
    }
    case 'msqrt':
      return [x('m:rad', [x('m:radPr', [x('m:degHide', { 'm:val': '1' })]), x('m:deg'), part('m:e', children)])];
    case 'mroot':
      return [x('m:rad', [part('m:deg', of(1)), part('m:e', of(0))])];
    case 'msub':
      return [x('m:sSub', [part('m:e', of(0)), part('m:sub', of(1))])];
    case 'msup':
      return [x('m:sSup', [part('m:e', of(0)), part('m:sup', of(1))])];
    case 'msubsup':
      return [x('m:sSubSup', [part('m:e', of(0)), part('m:sub', of(1)), part('m:sup', of(2))])];
    case 'munder':
      return [limit('m:limLow', of(0), of(1))];
    case 'mover':
      return [overOf(children)];
    case 'munderover': {
      const lower = limit('m:limLow', of(0), of(1));
      return [x('m:limUpp', [x('m:e', [lower]), part('m:lim', of(2))])];
    }
    case 'mtable':
      return [matrixOf(children)];
    case 'menclose':
      return [x('m:borderBox', [part('m:e', children)])];
    case 'mrow': {
      const fenced = fencedOf(children);
      return fenced === null ? rowOf(children) : [fenced];
    }
    default:
      return rowOf(children);
  }
}

const limit = (name: string, base: readonly HastElement[], bound: readonly HastElement[]): Element =>
  x(name, [part('m:e', base), part('m:lim', bound)]);

/** Signs above a base that Word knows as such, by what MathML has for them. */
const ACCENTS: Readonly<Record<string, string>> = {
  '^': '\u0302',
  ˆ: '\u0302',
  '~': '\u0303',
  '˜': '\u0303',
  '˙': '\u0307',
  '¨': '\u0308',
  '⃗': '\u20d7',
  '→': '\u20d7',
  ˇ: '\u030c',
  '˘': '\u0306',
  '´': '\u0301',
  ˊ: '\u0301',
  '`': '\u0300',
  ˋ: '\u0300',
  '˚': '\u030a',
};

function overOf([base, over]: readonly HastElement[]): Element {
  const [inner, sign] = [base === undefined ? [] : [base], over === undefined ? '' : textOf(over)];
  if (['‾', '¯', 'ˉ', '\u0304', '\u0305'].includes(sign))
    return x('m:bar', [x('m:barPr', [x('m:pos', { 'm:val': 'top' })]), part('m:e', inner)]);
  const accent = over?.tagName === 'mo' ? ACCENTS[sign] : undefined;
  if (accent !== undefined) return x('m:acc', [x('m:accPr', [x('m:chr', { 'm:val': accent })]), part('m:e', inner)]);
  return limit('m:limUpp', inner, over === undefined ? [] : [over]);
}

function matrixOf(rows: readonly HastElement[]): Element {
  const columns = Math.max(1, ...rows.map((row) => childrenOf(row).length));
  const count = [x('m:mc', [x('m:mcPr', [x('m:count', { 'm:val': String(columns) }), x('m:mcJc', { 'm:val': 'center' })])])];
  return x('m:m', [
    x('m:mPr', [x('m:mcs', count)]),
    ...rows.map((row) => {
      const cells = childrenOf(row).map(cellOf);
      while (cells.length < columns) cells.push(x('m:e'));
      return x('m:mr', cells);
    }),
  ]);
}

/** A sign that begins a cell, as in aligned equations, stands after nothing: without that it would be taken for one that lacks its left side. */
function cellOf(cell: HastElement): Element {
  const row = rowOf(childrenOf(cell));
  return x('m:e', [...(firstTag(cell) === 'mo' ? [run('\u200b', [])] : []), ...row]);
}

function firstTag(element: HastElement): string {
  const [first] = childrenOf(element).filter((child) => textOf(child) !== '');
  return first === undefined ? element.tagName : firstTag(first);
}

/** A row between brackets that grow with it, one of which may be missing; `null` for any other. */
function fencedOf(children: readonly HastElement[]): Element | null {
  const [first, last] = [children[0], children.at(-1)];
  if (first === undefined || last === undefined || first === last || first.tagName !== 'mo' || last.tagName !== 'mo') return null;
  if (first.properties.fence !== 'true' || last.properties.fence !== 'true') return null;
  const [begin, end] = [textOf(first), textOf(last)];
  if ((begin !== '' && !OPENING.test(begin)) || (end !== '' && !CLOSING.test(end))) return null;
  const properties = [x('m:begChr', { 'm:val': begin }), x('m:endChr', { 'm:val': end })];
  return x('m:d', [x('m:dPr', properties), part('m:e', children.slice(1, -1))]);
}

/** How letters look, by MathML's names (MathML Core, section 2.1.4). */
const VARIANTS: Readonly<Record<string, readonly [property: string, value: string][]>> = {
  normal: [['m:sty', 'p']],
  bold: [['m:sty', 'b']],
  'bold-italic': [['m:sty', 'bi']],
  'double-struck': [
    ['m:scr', 'double-struck'],
    ['m:sty', 'p'],
  ],
  fraktur: [
    ['m:scr', 'fraktur'],
    ['m:sty', 'p'],
  ],
  script: [
    ['m:scr', 'script'],
    ['m:sty', 'p'],
  ],
  'sans-serif': [
    ['m:scr', 'sans-serif'],
    ['m:sty', 'p'],
  ],
  monospace: [
    ['m:scr', 'monospace'],
    ['m:sty', 'p'],
  ],
};

function runOf(element: HastElement): ElementContent[] {
  const text = textOf(element);
  // U+2061 to U+2064 say that a function is applied, that two are multiplied …, and are not seen.
  if (text === '' || /^[\u2061-\u2064]$/.test(text)) return [];
  if (element.tagName === 'mtext') return [run(text, [x('m:nor')])];
  const { mathvariant } = element.properties;
  const isWord = element.tagName === 'mi' && [...text].length > 1;
  const variant = VARIANTS[typeof mathvariant === 'string' ? mathvariant : isWord ? 'normal' : ''] ?? [];
  return [
    run(
      text,
      variant.map(([name, value]) => x(name, { 'm:val': value })),
    ),
  ];
}

function run(text: string, properties: readonly Element[]): Element {
  return x('m:r', [...(properties.length > 0 ? [x('m:rPr', [...properties])] : []), x('m:t', { 'xml:space': 'preserve' }, text)]);
}
