import { toXast } from 'hast-util-to-xast';
import type { Element, ElementContent } from 'xast';
import { toXml } from 'xast-util-to-xml';
import { x } from 'xastscript';
import type { ContentMark, Warn } from '../../../../document/content.ts';
import { mathmlTree, withoutSource } from '../../../../document/formats/math/mathml.ts';
import { xmlText } from '../../../../document/formats/xml/text.ts';
import type { MarkName } from '../../../../document/node-names.ts';
import { isSafeColor } from '../../../../document/nodes/highlight.ts';
import { highlightColor } from '../../files/colors.ts';
import { MONO } from '../../files/looks.ts';
import type { Picture } from '../../files/pictures.ts';

/** A style's name as XML has it (OpenDocument 1.3, part 3, section 19.508). */
export const styleName = (name: string): string => name.replace(/[^A-Za-z0-9.-]/gu, (sign) => `_${sign.codePointAt(0)!.toString(16)}_`);

type Properties = Record<string, string>;

const LOOKS: Readonly<Record<MarkName, ((mark: ContentMark) => Properties) | null>> = {
  bold: () => ({ 'fo:font-weight': 'bold', 'style:font-weight-complex': 'bold' }),
  italic: () => ({ 'fo:font-style': 'italic' }),
  strike: () => ({ 'style:text-line-through-style': 'solid', 'style:text-line-through-type': 'single' }),
  underline: () => ({ 'style:text-underline-style': 'solid', 'style:text-underline-width': 'auto' }),
  code: () => ({ 'style:font-name': MONO, 'fo:font-size': '92%' }),
  subscript: () => ({ 'style:text-position': 'sub 66%' }),
  superscript: () => ({ 'style:text-position': 'super 66%' }),
  highlight: ({ attrs }) => ({ 'fo:background-color': `#${highlightColor(isSafeColor(attrs?.color) ? attrs.color : null).toLowerCase()}` }),
  link: null,
  comment: null,
  insertion: null,
  deletion: null,
  modification: null,
};

/** What stands in a file beside its text: styles, pictures, formulas, changes. Each is made when the text first asks for it. */
export class OdtParts {
  readonly files: Record<string, string | Uint8Array> = {};
  /** Media types of the files, for the archive's list. */
  readonly types = new Map<string, string>();
  readonly styles: Element[] = [];
  /** Styles that a word processor lists by name. */
  readonly named: Element[] = [];
  readonly changes: Element[] = [];
  readonly #textStyles = new Map<string, string>();
  readonly #pictures = new Map<Picture, string>();
  readonly #paragraphs = new Map<string, string>();
  readonly #languages = new Set<string>();
  #lists = 0;
  #formulas = 0;

  /** The style of text with these marks; `null` for text without a look of its own. */
  textStyle(marks: readonly ContentMark[], warn: Warn): string | null {
    const properties: Properties = {};
    for (const mark of marks) {
      if (mark.type === 'comment' || mark.type === 'modification')
        warn('Comments and suggested changes of formatting are not part of the file.');
      Object.assign(properties, LOOKS[mark.type as MarkName]?.(mark));
    }
    if (Object.keys(properties).length === 0) return null;
    const key = JSON.stringify(Object.entries(properties).sort());
    let name = this.#textStyles.get(key);
    if (name === undefined) {
      name = `T${this.#textStyles.size + 1}`;
      this.#textStyles.set(key, name);
      this.styles.push(x('style:style', { 'style:name': name, 'style:family': 'text' }, [x('style:text-properties', properties)]));
    }
    return name;
  }

  /** A paragraph's style that is another with something of its own. */
  paragraphStyle(parent: string, properties: Properties): string {
    const key = JSON.stringify([parent, properties]);
    let name = this.#paragraphs.get(key);
    if (name === undefined) {
      name = `P${this.#paragraphs.size + 1}`;
      this.#paragraphs.set(key, name);
      const head = { 'style:name': name, 'style:family': 'paragraph', 'style:parent-style-name': parent };
      this.styles.push(x('style:style', head, [x('style:paragraph-properties', properties)]));
    }
    return name;
  }

  /** The style of code of one language, whose name says it. */
  codeStyle(name: string): string {
    const id = styleName(name);
    if (!this.#languages.has(id)) {
      this.#languages.add(id);
      const head = {
        'style:name': id,
        'style:display-name': xmlText(name),
        'style:family': 'paragraph',
        'style:parent-style-name': 'Code',
      };
      this.named.push(x('style:style', head));
    }
    return id;
  }

  /** A list's style: `level` writes how each of its ten levels is marked. */
  listStyle(level: (level: number) => Element): string {
    const name = `L${++this.#lists}`;
    this.styles.push(
      x(
        'text:list-style',
        { 'style:name': name },
        Array.from({ length: 10 }, (_, at) => level(at + 1)),
      ),
    );
    return name;
  }

  columnStyle(share: number): string {
    const name = `C${this.styles.length + 1}`;
    const properties = { 'style:rel-column-width': `${Math.max(1, Math.round(share * 65_535))}*` };
    this.styles.push(
      x('style:style', { 'style:name': name, 'style:family': 'table-column' }, [x('style:table-column-properties', properties)]),
    );
    return name;
  }

  /** Where a picture lies; the same one lies there once. */
  picture(picture: Picture): string {
    let path = this.#pictures.get(picture);
    if (path === undefined) {
      path = `Pictures/${this.#pictures.size + 1}.${picture.type}`;
      this.#pictures.set(picture, path);
      this.files[path] = picture.bytes;
      this.types.set(path, picture.mediaType);
    }
    return path;
  }

  /** Where a formula lies; `null` for one that cannot be read. */
  formula(latex: string, display: boolean, warn: Warn): string | null {
    const math = mathmlTree(latex, display, warn);
    if (math === null) return null;
    const path = `Object ${++this.#formulas}`;
    this.files[`${path}/content.xml`] = `<?xml version="1.0" encoding="UTF-8"?>\n${toXml(toXast(withoutSource(math)))}`;
    this.types.set(`${path}/`, 'application/vnd.oasis.opendocument.formula');
    this.types.set(`${path}/content.xml`, 'text/xml');
    return path;
  }

  /** An insertion that stands in the text; its id. */
  inserted(): string {
    return this.#change(x('text:insertion', [changeInfo()]));
  }

  /** What is to be deleted stands here and not in the text; its id. */
  deleted(content: readonly ElementContent[]): string {
    return this.#change(x('text:deletion', [changeInfo(), x('text:p', [...content])]));
  }

  #change(change: Element): string {
    const id = `ct${this.changes.length + 1}`;
    this.changes.push(x('text:changed-region', { 'xml:id': id, 'text:id': id }, [change]));
    return id;
  }
}

/** A suggestion says neither who made it nor when; a file must say both. */
const changeInfo = () => x('office:change-info', [x('dc:creator', 'Suggestion'), x('dc:date', '1970-01-01T00:00:00')]);
