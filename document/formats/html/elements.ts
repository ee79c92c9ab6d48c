import type { Element, ElementContent, Nodes, Properties, RootContent } from 'hast';

/** What stands within an element or the root. */
export type Child = RootContent | ElementContent;

/** Whether a node is an element of one of these names, of any if none are given. */
export function isElement(node: Child | undefined, ...names: readonly string[]): node is Element {
  return node?.type === 'element' && (names.length === 0 || names.includes(node.tagName));
}

export const elementsOf = (parent: { readonly children: readonly Child[] }): Element[] =>
  parent.children.filter((child): child is Element => child.type === 'element');

/** An attribute as text, by its property name in hast; '' when there is none. */
export function attribute({ properties }: Element, name: string): string {
  const value = properties[name];
  if (Array.isArray(value)) return value.join(' ');
  return value === undefined || value === null || value === false ? '' : value === true ? name : String(value);
}

export function classesOf({ properties: { className } }: Element): readonly string[] {
  return Array.isArray(className) ? className.map(String) : [];
}

export const hasClass = (element: Element, name: string): boolean => classesOf(element).includes(name);

/** All text below a node, without recursion. */
export function textOf(node: Nodes | Child): string {
  const parts: string[] = [];
  const stack: (Nodes | Child)[] = [node];
  while (stack.length > 0) {
    const next = stack.pop()!;
    if (next.type === 'text') parts.push(next.value);
    else if ('children' in next) for (let at = next.children.length - 1; at >= 0; at--) stack.push(next.children[at]!);
  }
  return parts.join('');
}

/** The first element below a node that fits, the node's own tree in its order; `null` when none does. */
export function find(parent: { readonly children: readonly Child[] }, fits: (element: Element) => boolean): Element | null {
  const stack = elementsOf(parent).toReversed();
  while (stack.length > 0) {
    const next = stack.pop()!;
    if (fits(next)) return next;
    stack.push(...elementsOf(next).toReversed());
  }
  return null;
}

export function element(tagName: string, children: ElementContent[], properties: Properties = {}): Element {
  return { type: 'element', tagName, properties, children };
}

/** Elements that a page shows within a line; any other ends it. */
export const INLINE_ELEMENTS: ReadonlySet<string> = new Set([
  ...[
    'a',
    'abbr',
    'acronym',
    'b',
    'bdi',
    'bdo',
    'big',
    'button',
    'cite',
    'code',
    'data',
    'del',
    'dfn',
    'em',
    'font',
    'i',
    'ins',
    'kbd',
    'label',
  ],
  ...[
    'mark',
    'nobr',
    'o:p',
    'output',
    'q',
    'rb',
    'rp',
    'rt',
    'ruby',
    's',
    'samp',
    'small',
    'span',
    'st1:place',
    'strike',
    'strong',
    'sub',
    'sup',
  ],
  ...['time', 'tt', 'u', 'var', 'w:sdt', 'wbr', 'picture', 'g-emoji', 'relative-time', 'meter', 'progress'],
]);
