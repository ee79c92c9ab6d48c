import type { Element } from 'hast';
import type { ContentNode } from '../../content.ts';
import { attribute, type Child, find, isElement } from './elements.ts';
import type { Context, Reader } from './reading.ts';

/** A reference to a footnote, or the note itself, as Word and GitHub write them; `null` for anything else. */
export function footnoteOf(element: Element, context: Context, reader: Reader): ContentNode | null {
  const { tagName } = element;
  if (tagName === 'a') {
    const label = /#(?:_ftn|user-content-fn-)([\p{L}\p{N}_.-]+?)(?:-[0-9a-f]{32})?$/u.exec(decoded(attribute(element, 'href')))?.[1];
    return label === undefined ? null : { type: 'footnoteReference', attrs: { label } };
  }
  // GitHub's reference is a link within a raised piece, and the raise goes with it.
  if (tagName === 'sup') {
    const [only, ...more] = element.children;
    return more.length === 0 && isElement(only, 'a') ? footnoteOf(only, context, reader) : null;
  }
  if (tagName === 'section' && element.properties.dataFootnotes !== undefined) return null;
  const id = attribute(element, 'id');
  const label = (
    tagName === 'div' ? /^ftn([\w-]+)$/ : tagName === 'li' ? /^user-content-fn-([\p{L}\p{N}_.-]+?)(?:-[0-9a-f]{32})?$/u : null
  )?.exec(id)?.[1];
  if (label === undefined) return null;
  return { type: 'footnoteDefinition', attrs: { label }, content: reader.blocks(element.children.map(withoutWayBack), context) };
}

/** The link back is drawn from the note. */
function withoutWayBack(child: Child): Child {
  if (!isElement(child)) return child;
  const isBack = (node: Child) => isElement(node, 'a') && /#(?:_ftnref|user-content-fnref-)/.test(attribute(node, 'href'));
  if (find({ children: [child] }, isBack) === null) return child;
  return {
    ...child,
    children: child.children.filter((inner) => !isBack(inner)).map((inner) => withoutWayBack(inner)) as Element['children'],
  };
}

/** An address as it reads; programs write letters beyond ASCII as their bytes. */
function decoded(address: string): string {
  try {
    return decodeURIComponent(address);
  } catch {
    return address;
  }
}
