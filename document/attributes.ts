import { MAX_DEPTH } from './content.ts';
import type { MarkName, NodeName } from './node-names.ts';
import { isCalloutKind } from './nodes/callout.ts';
import { isFootnoteLabel } from './nodes/footnote.ts';
import { isSafeLink } from './safe-url.ts';
import { schema } from './schema.ts';

/** A test that an attribute's value is one the schema's users expect; what fails is replaced by the default. */
type Check = (value: unknown) => boolean;

const string: Check = (value) => typeof value === 'string';
const boolean: Check = (value) => typeof value === 'boolean';
const id: Check = (value) => typeof value === 'string' || Number.isFinite(value);
const integer =
  (min: number, max: number): Check =>
  (value) =>
    Number.isInteger(value) && (value as number) >= min && (value as number) <= max;
const span = integer(1, 1000);
const size: Check = (value) =>
  (Number.isFinite(value) && (value as number) >= 0) || (typeof value === 'string' && /^\d{1,5}%?$/.test(value));
const image = { src: string, alt: string, title: string, width: size, height: size, href: isSafeLink };
const side: Check = (value) => value === 'left' || value === 'right' || value === 'center';
const cell = {
  colspan: span,
  rowspan: span,
  colwidth: (value: unknown) =>
    Array.isArray(value) && value.length <= 1000 && value.every((width) => width === null || Number.isFinite(width)),
  align: side,
};

const none = {};

const CHECKS: Readonly<Record<NodeName | MarkName, Readonly<Record<string, Check>>>> = {
  doc: none,
  text: none,
  hardBreak: none,
  paragraph: none,
  heading: { level: integer(1, 6) },
  blockquote: none,
  horizontalRule: none,
  bulletList: none,
  orderedList: { start: integer(0, 999_999_999), type: string },
  listItem: none,
  taskList: none,
  taskItem: { checked: boolean },
  codeBlock: { language: string, meta: string },
  table: none,
  tableRow: none,
  tableCell: cell,
  tableHeader: cell,
  image: { ...image, caption: string, align: side },
  inlineImage: image,
  inlineMath: { latex: string },
  blockMath: { latex: string },
  callout: { kind: isCalloutKind },
  details: { open: boolean },
  detailsSummary: none,
  footnoteReference: { label: isFootnoteLabel },
  footnoteDefinition: { label: isFootnoteLabel },
  htmlComment: { text: string },
  inlineHtmlComment: { text: string },
  bold: none,
  italic: none,
  strike: none,
  underline: none,
  code: none,
  subscript: none,
  superscript: none,
  link: { href: isSafeLink, target: string, rel: string, class: string, title: string },
  highlight: { color: string },
  comment: { threadId: id },
  insertion: { id },
  deletion: { id },
  modification: { id, type: string, attrName: string, previousValue: () => true, newValue: () => true },
};

/** What the values of an attribute are held to; `undefined` for one that no row knows. */
export function checkOf(type: string, attribute: string): Check | undefined {
  return Object.hasOwn(CHECKS, type) ? CHECKS[type as NodeName | MarkName][attribute] : undefined;
}

/** The attributes a node or mark of the schema has: those given that fit, else their defaults. `null` stands for absence and is left out. */
export function fitAttributes(type: string, given: Readonly<Record<string, unknown>> | undefined): Record<string, unknown> | undefined {
  const declared = schema.nodes[type]?.spec.attrs ?? schema.marks[type]?.spec.attrs ?? {};
  const attributes: Record<string, unknown> = {};
  let any = false;
  for (const name of Object.keys(declared)) {
    const value = given?.[name];
    const fits = value !== undefined && value !== null && checkOf(type, name)?.(value) === true;
    const kept = fits ? value : (declared[name]?.default ?? null);
    if (kept === null) continue;
    attributes[name] = kept;
    any = true;
  }
  return any ? attributes : undefined;
}

/** A copy of a value as JSON can hold it, or `undefined`: shared types, bytes and what is nested too deeply are left out. */
export function plainValue(value: unknown, depth = 0): unknown {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) ? value : undefined;
    case 'object': {
      if (value === null) return null;
      if (depth > MAX_DEPTH) return undefined;
      if (Array.isArray(value)) return value.map((item) => plainValue(item, depth + 1) ?? null);
      // ProseMirror's own attribute objects have no prototype.
      if (Object.getPrototypeOf(value) !== Object.prototype && Object.getPrototypeOf(value) !== null) return undefined;
      const copy: Record<string, unknown> = {};
      for (const [key, item] of Object.entries(value)) {
        const plain = plainValue(item, depth + 1);
        if (plain !== undefined && key !== '__proto__') copy[key] = plain;
      }
      return copy;
    }
    default:
      return undefined;
  }
}
