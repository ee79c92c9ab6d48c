import type { Element } from 'hast';
import type { ContentNode } from '../../content.ts';
import { attribute, type Child, classesOf, find, hasClass, isElement } from './elements.ts';
import type { Context, Reader } from './reading.ts';

/** A list as one list, or as several where items with and without a box alternate. */
export function listOf(list: Element, context: Context, reader: Reader): ContentNode[] {
  const ordered = list.tagName === 'ol';
  const lists: ContentNode[] = [];
  let number = Number.parseInt(attribute(list, 'start'), 10);
  if (!Number.isInteger(number) || number < 0) number = 1;
  const add = (type: string, item: ContentNode) => {
    const last = lists.at(-1);
    if (last?.type === type) last.content!.push(item);
    else lists.push({ type, ...(type === 'orderedList' ? { attrs: { start: number } } : {}), content: [item] });
    number++;
  };
  for (const child of list.children) {
    if (child.type === 'text' && child.value.trim() === '') continue;
    if (child.type !== 'text' && child.type !== 'element') continue;
    // A list beside the items is meant to stand within the one before (Google Docs, Apple Notes).
    const item = lists.at(-1)?.content?.at(-1);
    if (isElement(child, 'ul', 'ol') && item !== undefined) {
      item.content = [...(item.content ?? []), ...listOf(child, context, reader)];
      continue;
    }
    if (isElement(child) && child.tagName !== 'li') {
      for (const block of reader.blocks([child], context)) {
        if (/List$/.test(block.type)) for (const inner of block.content ?? []) add(block.type, inner);
        else add(ordered ? 'orderedList' : 'bulletList', { type: 'listItem', content: [block] });
      }
      continue;
    }
    const value = isElement(child) ? Number.parseInt(attribute(child, 'value'), 10) : Number.NaN;
    if (lists.length === 0 && value >= 0) number = value;
    const checked = isElement(child) && !ordered ? checkedOf(child) : null;
    const content = reader.blocks(isElement(child) ? withoutBox(child) : [child], { ...context, marks: context.marks });
    if (checked === null) add(ordered ? 'orderedList' : 'bulletList', { type: 'listItem', content });
    else add('taskList', { type: 'taskItem', attrs: { checked }, content });
  }
  return lists;
}

const isBox = (child: Child | undefined): child is Element =>
  isElement(child) &&
  ((child.tagName === 'input' && attribute(child, 'type') === 'checkbox') ||
    classesOf(child).some((name) => /^checkbox(?:-o[nf]+)?$/.test(name)));

/** Whether the box of a task is ticked; `null` for an item without a box. */
function checkedOf(item: Element): boolean | null {
  const said = attribute(item, 'dataChecked') || (attribute(item, 'role') === 'checkbox' ? attribute(item, 'ariaChecked') : '');
  if (said !== '') return said === 'true' || said === 'checked';
  const inbox = find({ children: item.children.filter((child) => !isElement(child, 'ul', 'ol')) }, isBox);
  if (inbox === null) return null;
  if (inbox.tagName !== 'input') return hasClass(inbox, 'checkbox-on');
  return inbox.properties.checked !== undefined && inbox.properties.checked !== false;
}

/** Google Docs draws its box as a picture. */
function withoutBox(item: Element): Child[] {
  const isDrawn = attribute(item, 'role') === 'checkbox';
  return item.children.filter((child) => !isBox(child) && !(isDrawn && isElement(child, 'img')));
}
