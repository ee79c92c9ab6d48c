import type { Element } from 'hast';
import type { ContentNode } from '../../content.ts';
import { isCalloutKind } from '../../nodes/callout.ts';
import { attribute, classesOf, hasClass, isElement } from './elements.ts';
import type { Context, Reader } from './reading.ts';

/** An alert of GitHub's or a callout of Obsidian's; `null` for anything else. */
export function calloutOf(element: Element, context: Context, reader: Reader): ContentNode | null {
  const byClass = classesOf(element)
    .map((name) => /^markdown-alert-(\w+)$/.exec(name)?.[1])
    .find((kind) => kind !== undefined);
  const kind = byClass ?? attribute(element, 'dataCallout').toLowerCase();
  if (!isCalloutKind(kind)) return null;
  // Its name and its sign are drawn from its kind.
  const children = element.children.filter(
    (child) =>
      !isElement(child) ||
      !(hasClass(child, 'markdown-alert-title') || hasClass(child, 'callout-icon') || child.properties.dataAdded !== undefined),
  );
  return { type: 'callout', attrs: { kind }, content: reader.blocks(children, context) };
}
