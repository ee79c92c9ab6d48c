import type { Element, ElementContent, Root } from 'xast';
import { fromXml } from 'xast-util-from-xml';
import { InkwireError } from '../../../protocol/errors.ts';

/** A part of an archive as a tree. Throws `bad-content` for what is not well-formed. */
export function parseXml(text: string, kind: string): Root {
  try {
    return fromXml(text.replace(/<!DOCTYPE[^>[]*>/i, ''));
  } catch (error) {
    if (error instanceof RangeError) throw error;
    throw new InkwireError('bad-content', `The file is not ${kind}, or it is damaged.`, { cause: error });
  }
}

export function elementsOf(node: Root | Element): Element[] {
  return (node.children as ElementContent[]).filter((child): child is Element => child.type === 'element');
}

/** All elements of a name below, in the order of the file. */
export function* elementsNamed(root: Root | Element, name: string): Generator<Element> {
  const stack = elementsOf(root).reverse();
  while (stack.length > 0) {
    const next = stack.pop()!;
    if (next.name === name) yield next;
    for (const child of elementsOf(next).reverse()) stack.push(child);
  }
}

export function textOf(node: Root | Element): string {
  return (node.children as ElementContent[])
    .map((child) => (child.type === 'text' ? child.value : child.type === 'element' ? textOf(child) : ''))
    .join('');
}

export const attributeOf = (element: Element, name: string): string => element.attributes[name] ?? '';
