import type { Element, Root } from 'hast';
import { attribute, classesOf, elementsOf, textOf } from './elements.ts';

/** Declarations by property, in lower case. */
export type Style = Readonly<Record<string, string>>;

const NONE: Style = {};
/** No program writes more rules for what is read here. */
const MAX_RULES = 5_000;
const MAX_SHEET = 1_000_000;

/** The declarations of a `style` attribute, or of a rule's body. */
export function declarationsOf(text: string): Style {
  if (text === '') return NONE;
  const style: Record<string, string> = {};
  for (const declaration of text.replace(/\/\*[\s\S]*?\*\//g, '').split(/;(?![^(]*\))/)) {
    const colon = declaration.indexOf(':');
    if (colon < 1) continue;
    const value = declaration.slice(colon + 1).replace(/!\s*important\s*$/i, '');
    style[declaration.slice(0, colon).trim().toLowerCase()] = value.trim();
  }
  return style;
}

/** The rules of a page's `<style>` elements by their selector: `p`, `.class`, `p.class`, and Office's `@list l0:level1`. Others are not read. */
export class StyleSheet {
  readonly #rules = new Map<string, Style>();

  constructor(root: Root) {
    const stack: (Root | Element)[] = [root];
    while (stack.length > 0) {
      for (const child of elementsOf(stack.pop()!)) {
        if (child.tagName === 'style') this.#read(textOf(child).slice(0, MAX_SHEET));
        else stack.push(child);
      }
    }
  }

  /** What a rule of exactly this selector says. */
  rule(selector: string): Style {
    return this.#rules.get(selector) ?? NONE;
  }

  /** What the rules of an element's tag and classes say, and its own style, which wins. */
  styleOf(element: Element): Style {
    const own = declarationsOf(attribute(element, 'style'));
    if (this.#rules.size === 0) return own;
    const { tagName } = element;
    const classes = classesOf(element).flatMap((name) => [this.rule(`.${name}`), this.rule(`${tagName}.${name}`)]);
    return Object.assign({}, this.rule(tagName), ...classes, own);
  }

  #read(css: string): void {
    const plain = css.replace(/\/\*[\s\S]*?\*\/|<!--|-->/g, '');
    for (const [, selectors, body] of plain.matchAll(/([^{}]{1,2000})\{([^{}]*)\}/g)) {
      for (const selector of selectors!.split(',')) {
        if (this.#rules.size >= MAX_RULES) return;
        const name = selector.trim().replace(/\s+/g, ' ');
        if (/^(?:[a-z][a-z0-9]*)?(?:\.[\w-]+)?$|^@list \w+:level\d+$/i.test(name)) {
          this.#rules.set(name, { ...this.rule(name), ...declarationsOf(body!) });
        }
      }
    }
  }
}
