import { MAX_DEPTH } from './content.ts';
import { isSafeLink } from './safe-url.ts';
import { schema } from './schema.ts';

/** A test that an attribute's value is one the schema's users expect; what fails is replaced by the default. */
type Check = (value: unknown) => boolean;

const string: Check = (value) => typeof value === 'string';
const id: Check = (value) => typeof value === 'string' || Number.isFinite(value);
const integer =
  (least: number, most: number): Check =>
  (value) =>
    Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
const span = integer(1, 1000);
const size: Check = (value) =>
  (Number.isFinite(value) && (value as number) >= 0) || (typeof value === 'string' && /^\d{1,5}%?$/.test(value));
const image = { src: string, alt: string, title: string, width: size, height: size, href: isSafeLink };
const cell = {
  colspan: span,
  rowspan: span,
  colwidth: (value: unknown) =>
    Array.isArray(value) && value.length <= 1000 && value.every((width) => width === null || Number.isFinite(width)),
  align: (value: unknown) => value === 'left' || value === 'right' || value === 'center',
};

const CHECKS: Readonly<Record<string, Readonly<Record<string, Check>>>> = {
  heading: { level: integer(1, 6) },
  orderedList: { start: integer(0, 999_999_999), type: string },
  taskItem: { checked: (value) => typeof value === 'boolean' },
  codeBlock: { language: string, meta: string },
  tableCell: cell,
  tableHeader: cell,
  image,
  inlineImage: image,
  inlineMath: { latex: string },
  blockMath: { latex: string },
  link: { href: isSafeLink, target: string, rel: string, class: string, title: string },
  highlight: { color: string },
  comment: { threadId: id },
  insertion: { id },
  deletion: { id },
  modification: { id, type: string, attrName: string, previousValue: () => true, newValue: () => true },
};

/** The attributes a node or mark of the schema has: those given that fit, else their defaults. `null` stands for absence and is left out. */
export function fitAttributes(type: string, given: Readonly<Record<string, unknown>> | undefined): Record<string, unknown> | undefined {
  const declared = schema.nodes[type]?.spec.attrs ?? schema.marks[type]?.spec.attrs ?? {};
  const attributes: Record<string, unknown> = {};
  let any = false;
  for (const name of Object.keys(declared)) {
    const value = given?.[name];
    const fits = value !== undefined && value !== null && CHECKS[type]?.[name]?.(value) === true;
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
