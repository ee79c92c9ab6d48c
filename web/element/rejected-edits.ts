import * as Y from 'yjs';
import type { ContentNode } from '../../document/content.ts';
import { CONTENT_ROOT, readElement } from '../../document/read.ts';
import { META_ROOT, readTitle } from '../../document/title.ts';
import { loadMarkdown } from './content/markdown-loader.ts';

/** What somebody loses when their edits are dropped, as it reads on their screen. */
export interface RejectedContent {
  /** The title, when the edits set it. */
  readonly title: string | null;
  /** The blocks of the text that the edits touched, whole: a word alone says little. */
  readonly blocks: readonly ContentNode[];
}

/** What `updates`, made here and not taken by the server, wrote into the document or took out of what is left of it. */
export function rejectedContent(document: Y.Doc, updates: readonly Uint8Array[]): RejectedContent {
  const fragment = document.getXmlFragment(CONTENT_ROOT);
  const meta = document.getMap(META_ROOT);
  const touched = new Set<unknown>();
  let title = false;
  for (const item of itemsOf(document, updates)) {
    const path = pathOf(item);
    if (path.at(-1) === meta) title = true;
    else if (path.at(-1) === fragment) touched.add(path.at(-2) ?? contentOf(item));
  }
  const blocks = fragment.toArray().filter((block): block is Y.XmlElement => block instanceof Y.XmlElement && touched.has(block));
  return { title: title ? readTitle(document) : null, blocks: blocks.map((block) => readElement(block, 1, () => {})) };
}

/** The same as Markdown, to be copied; '' when nothing is left of it. */
export async function rejectedMarkdown(document: Y.Doc, updates: readonly Uint8Array[]): Promise<string> {
  const { title, blocks } = rejectedContent(document, updates);
  const text = blocks.length === 0 ? '' : (await loadMarkdown()).writeMarkdown({ type: 'doc', content: [...blocks] });
  return title === null ? text : `Title: ${title}\n\n${text}`.trimEnd();
}

/** The structs the updates inserted, and those they deleted. */
function itemsOf(document: Y.Doc, updates: readonly Uint8Array[]): Set<Y.Item> {
  const found = new Set<Y.Item>();
  const add = (client: number, from: number, length: number) => {
    for (const struct of document.store.clients.get(client) ?? []) {
      if (struct.id.clock >= from + length) break;
      if (struct instanceof Y.Item && struct.id.clock + struct.length > from) found.add(struct);
    }
  };
  for (const update of updates) {
    const { structs, ds } = Y.decodeUpdate(update);
    for (const { id, length } of structs) add(id.client, id.clock, length);
    for (const [client, ranges] of ds.clients) for (const { clock, len } of ranges) add(client, clock, len);
  }
  return found;
}

/** The shared types an item lies in, innermost first. */
function pathOf(item: Y.Item): unknown[] {
  const path: unknown[] = [];
  for (let parent = item.parent; parent instanceof Y.AbstractType; parent = parent._item?.parent ?? null) path.push(parent);
  return path;
}

function contentOf(item: Y.Item): unknown {
  return item.content instanceof Y.ContentType ? item.content.type : null;
}
