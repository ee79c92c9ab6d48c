import type { Element, ElementContent, Root } from 'hast';
import type { StyleSheet } from './css.ts';
import { attribute, type Child, element, elementsOf, find, isElement, textOf } from './elements.ts';

/** An item of a list as Office writes it: a paragraph, or a list of its own (Word on the web). */
interface Item {
  readonly level: number;
  readonly ordered: boolean;
  /** The number in its marker; `null` when it has none. */
  readonly number: number | null;
  readonly content: ElementContent[];
}

type Parent = Root | Element;

/**
 * Makes lists of what Office writes in their stead. Word: paragraphs with `mso-list:l0 level2 lfo1`, whose
 * marker stands in a piece `mso-list:Ignore`. Word on the web: a list for each item, with `data-aria-level`.
 */
export function withOfficeLists(root: Root, sheet: StyleSheet): void {
  const stack: Parent[] = [root];
  while (stack.length > 0) {
    const parent = stack.pop()!;
    gather(parent, sheet);
    stack.push(...elementsOf(parent));
  }
}

function gather(parent: Parent, sheet: StyleSheet): void {
  let items: Item[] = [];
  const children: Child[] = [];
  let changed = false;
  const end = () => {
    for (const list of nested(items)) children.push(list);
    items = [];
  };
  for (const child of parent.children) {
    const item = isElement(child) ? (wordItem(child, sheet) ?? webItem(child)) : null;
    if (item !== null) {
      items.push(item);
      changed = true;
    } else if (items.length === 0 || !isBlank(child)) {
      end();
      children.push(child);
    }
  }
  end();
  if (changed) parent.children = children as Element['children'];
}

const isBlank = (node: Child) => node.type === 'comment' || (node.type === 'text' && node.value.trim() === '');

function wordItem(paragraph: Element, sheet: StyleSheet): Item | null {
  const said = /(?:^|;)\s*mso-list:\s*(l\d+)\s+level(\d+)/i.exec(attribute(paragraph, 'style'));
  if (said === null) return null;
  const [, list = '', levelText = '1'] = said;
  const isMarker = (inner: Element) => /mso-list:\s*Ignore/i.test(attribute(inner, 'style'));
  const found = find(paragraph, isMarker);
  const marker = (found === null ? '' : textOf(found)).replace(/[\s\u00a0]+/g, '');
  const format = sheet.rule(`@list ${list}:level${levelText}`)['mso-level-number-format'] ?? '';
  // A bare "o" is a bullet of Courier's.
  const number = /^\(?(\d{1,9}|[a-z]{1,5})[.)]+$/i.exec(marker)?.[1];
  return {
    level: Number(levelText),
    ordered: format === '' ? number !== undefined : !/bullet|image/i.test(format),
    number: number !== undefined && /^\d/.test(number) ? Number(number) : null,
    content: without(paragraph, isMarker).children,
  };
}

function without(parent: Element, fits: (inner: Element) => boolean): Element {
  const children = parent.children
    .filter((child) => !(isElement(child) && fits(child)))
    .map((child) => (isElement(child) ? without(child, fits) : child));
  return { ...parent, children };
}

function webItem(wrapper: Element): Item | null {
  const list =
    isElement(wrapper, 'div') && /\bListContainerWrapper\b/.test(attribute(wrapper, 'className')) ? elementsOf(wrapper)[0] : wrapper;
  if (!isElement(list, 'ul', 'ol')) return null;
  const [item, ...others] = elementsOf(list);
  if (others.length > 0 || !isElement(item, 'li')) return null;
  const level = Number(attribute(item, 'dataAriaLevel'));
  if (!Number.isInteger(level) || level < 1) return null;
  const start = Number.parseInt(attribute(list, 'start'), 10);
  return { level, ordered: list.tagName === 'ol', number: Number.isInteger(start) ? start : null, content: item.children };
}

/** Items in a row as lists within lists. */
function nested(items: readonly Item[]): Element[] {
  const lists: Element[] = [];
  const open: { readonly level: number; readonly list: Element }[] = [];
  for (const { level, ordered, number, content } of items) {
    while (open.length > 0 && open.at(-1)!.level > level) open.pop();
    const tagName = ordered ? 'ol' : 'ul';
    let here = open.at(-1);
    if (here === undefined || here.level < level || here.list.tagName !== tagName) {
      if (here?.level === level) open.pop();
      const list = element(tagName, [], ordered && number !== null && number !== 1 ? { start: number } : {});
      const above = open.at(-1);
      const item = above === undefined ? undefined : above.list.children.at(-1);
      if (isElement(item)) item.children.push(list);
      else lists.push(list);
      here = { level, list };
      open.push(here);
    }
    here.list.children.push(element('li', [...content]));
  }
  return lists;
}
