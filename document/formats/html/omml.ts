import type { Element, ElementContent } from 'hast';
import { attribute, elementsOf, element as make, textOf } from './elements.ts';

/**
 * A formula of Word as MathML. Word writes its own kind of XML (ECMA-376, part 1, section 22.1) into the comments of what it copies; a parser of HTML
 * reads its names in small letters and leaves spans between them, which say nothing.
 */
export function mathmlOf(omath: Element): Element {
  return make('math', rowOf(omath));
}

type Build = (element: Element) => ElementContent[];

const row = (element: Element | null): Element => make('mrow', element === null ? [] : rowOf(element));

/** The first part of a name, through what stands between for its looks. */
function part(element: Element, name: string): Element | null {
  for (const child of elementsOf(element)) {
    if (child.tagName === name) return child;
    const found = child.tagName.startsWith('m:') ? null : part(child, name);
    if (found !== null) return found;
  }
  return null;
}

function parts(element: Element, name: string): Element[] {
  return elementsOf(element).flatMap((child) =>
    child.tagName === name ? [child] : child.tagName.startsWith('m:') ? [] : parts(child, name),
  );
}

/** What a property such as `m:chr` says. */
function property(element: Element, name: string): string | null {
  const properties = elementsOf(element).find(({ tagName }) => tagName.endsWith('pr'));
  const found = properties === undefined ? null : part(properties, name);
  return found === null ? null : attribute(found, 'm:val');
}

const scripts =
  (tag: string, ...names: readonly string[]): Build =>
  (element) => [
    make(
      tag,
      ['m:e', ...names].map((name) => row(part(element, name))),
    ),
  ];

const operator = (text: string) => make('mo', [{ type: 'text', value: text }]);

/** Word has signs that stand above a letter, MathML those that stand alone. */
const SIGNS: Readonly<Record<string, string>> = {
  '\u0300': '`',
  '\u0301': '´',
  '\u0302': '^',
  '\u0303': '~',
  '\u0306': '˘',
  '\u0307': '˙',
  '\u0308': '¨',
  '\u030c': 'ˇ',
  '\u20d7': '→',
};

const BUILDS: Readonly<Record<string, Build>> = {
  'm:f': (element) => [make('mfrac', [row(part(element, 'm:num')), row(part(element, 'm:den'))])],
  'm:ssup': scripts('msup', 'm:sup'),
  'm:ssub': scripts('msub', 'm:sub'),
  'm:ssubsup': scripts('msubsup', 'm:sub', 'm:sup'),
  'm:limlow': scripts('munder', 'm:lim'),
  'm:limupp': scripts('mover', 'm:lim'),
  'm:rad'(element) {
    const degree = part(element, 'm:deg');
    const base = row(part(element, 'm:e'));
    return [degree === null || textOf(degree).trim() === '' ? make('msqrt', [base]) : make('mroot', [base, row(degree)])];
  },
  'm:nary'(element) {
    const sign = operator(property(element, 'm:chr') ?? '∫');
    const [below, above] = [part(element, 'm:sub'), part(element, 'm:sup')];
    return [make('munderover', [sign, row(below), row(above)]), ...rowOf(part(element, 'm:e') ?? make('mrow', []))];
  },
  'm:d'(element) {
    const inner = parts(element, 'm:e').flatMap((each, at) => [
      ...(at > 0 ? [operator(property(element, 'm:sepchr') ?? '|')] : []),
      row(each),
    ]);
    return [make('mrow', [operator(property(element, 'm:begchr') ?? '('), ...inner, operator(property(element, 'm:endchr') ?? ')')])];
  },
  'm:func': (element) => [row(part(element, 'm:fname')), row(part(element, 'm:e'))],
  'm:acc': (element) => {
    const sign = property(element, 'm:chr') ?? '^';
    return [make('mover', [row(part(element, 'm:e')), operator(SIGNS[sign] ?? sign)])];
  },
  'm:bar': (element) => [make('mover', [row(part(element, 'm:e')), operator('¯')])],
  'm:m': (element) => [
    make(
      'mtable',
      parts(element, 'm:mr').map((line) =>
        make(
          'mtr',
          parts(line, 'm:e').map((cell) => make('mtd', [row(cell)])),
        ),
      ),
    ),
  ],
  'm:eqarr': (element) => [
    make(
      'mtable',
      parts(element, 'm:e').map((line) => make('mtr', [make('mtd', [row(line)])])),
    ),
  ],
  'm:r': (element) => runOf(textOf(element), property(element, 'm:scr')),
};

function rowOf(element: Element): ElementContent[] {
  return elementsOf(element).flatMap((child) => {
    if (child.tagName.endsWith('pr') && child.tagName.startsWith('m:')) return [];
    return (BUILDS[child.tagName] ?? rowOf)(child);
  });
}

/** The letters, numbers and signs of a run. */
function runOf(text: string, script: string | null): ElementContent[] {
  if (script !== null) return [{ ...make('mi', [{ type: 'text', value: text.trim() }]), properties: { mathvariant: script } }];
  return [...text.matchAll(/\d+(?:\.\d+)?|\p{L}{2,}|\S/gu)].map(([piece]) => {
    const tag = /^\d/.test(piece) ? 'mn' : /^\p{L}/u.test(piece) ? 'mi' : 'mo';
    return make(tag, [{ type: 'text', value: piece }]);
  });
}
