import type { Element, Root } from 'xast';
import { attributeOf, elementsNamed, elementsOf } from '../../files/xml.ts';

/** What a style makes of a text. */
export interface Look {
  /** The name a word processor shows, of the style itself or of the one it is made from. */
  readonly name: string;
  readonly bold?: boolean;
  readonly italic?: boolean;
  readonly underline?: boolean;
  readonly strike?: boolean;
  readonly code?: boolean;
  readonly position?: 'sub' | 'super';
  readonly background?: string;
  readonly align?: 'center' | 'right';
}

/** The styles of a file, each with what it takes from those it is made from. */
export class OdtStyles {
  readonly #styles = new Map<string, Element>();
  readonly #looks = new Map<string, Look>();
  /** For each list's style, and level from 1: whether its items are numbered, and by which letters. */
  readonly #lists = new Map<string, readonly (string | null)[]>();

  constructor(parts: readonly Root[]) {
    for (const part of parts) {
      for (const style of elementsNamed(part, 'style:style')) {
        const name = attributeOf(style, 'style:name');
        // A paragraph's and a text's style may have one name.
        this.#styles.set(`${attributeOf(style, 'style:family')} ${name}`, style);
      }
      for (const list of elementsNamed(part, 'text:list-style')) {
        const levels = elementsOf(list).map((level) =>
          level.name === 'text:list-level-style-number' ? attributeOf(level, 'style:num-format') || null : null,
        );
        this.#lists.set(attributeOf(list, 'style:name'), levels);
      }
    }
  }

  look(family: 'paragraph' | 'text', name: string): Look {
    const key = `${family} ${name}`;
    const known = this.#looks.get(key);
    if (known !== undefined) return known;
    // A style that is made from itself ends here.
    this.#looks.set(key, { name });
    const style = this.#styles.get(key);
    if (style === undefined) return { name: decoded(name) };
    const parent = attributeOf(style, 'style:parent-style-name');
    const inherited = parent === '' ? null : this.look(family, parent);
    const isNamed = attributeOf(style, 'style:display-name') !== '' || !/^[TP]\d+$/.test(name);
    const own = isNamed || inherited === null ? attributeOf(style, 'style:display-name') || decoded(name) : inherited.name;
    // What a heading or quote looks like is said by what it is.
    const base = isNamed && family === 'paragraph' ? {} : (inherited ?? {});
    const look: Look = { ...base, ...(isNamed && family === 'paragraph' ? {} : propertiesOf(style)), name: own };
    this.#looks.set(key, look);
    return look;
  }

  /** How a list's items are numbered: `1`, `a`, `A`, `i` or `I`; `null` for bullets. */
  numbering(list: string, level: number): string | null {
    return this.#lists.get(list)?.[level - 1] ?? null;
  }
}

/** Names as XML has them: `_20_` for a space. */
const decoded = (name: string): string =>
  name.replace(/_([0-9a-f]{1,6})_/gi, (_whole, code: string) => String.fromCodePoint(Math.min(0x10ffff, Number.parseInt(code, 16))));

function propertiesOf(style: Element): Partial<Look> {
  const look: Record<string, unknown> = {};
  for (const properties of elementsOf(style)) {
    const said = (name: string) => attributeOf(properties, name);
    if (/^(?:bold|[6-9]00)$/.test(said('fo:font-weight'))) look.bold = true;
    if (/^(?:italic|oblique)$/.test(said('fo:font-style'))) look.italic = true;
    if (said('style:text-underline-style') !== '') look.underline = said('style:text-underline-style') !== 'none';
    if (said('style:text-line-through-style') !== '') look.strike = said('style:text-line-through-style') !== 'none';
    if (/mono|courier|consolas|menlo/i.test(said('style:font-name') + said('fo:font-family'))) look.code = true;
    const position = said('style:text-position');
    if (/^(?:super|[1-9])/.test(position)) look.position = 'super';
    if (/^(?:sub|-)/.test(position)) look.position = 'sub';
    const background = said('fo:background-color');
    if (properties.name === 'style:text-properties' && /^#[0-9a-f]{6}$/i.test(background)) look.background = background;
    const align = said('fo:text-align');
    if (align === 'center') look.align = 'center';
    if (align === 'end' || align === 'right') look.align = 'right';
  }
  return look as Partial<Look>;
}
