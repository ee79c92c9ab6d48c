import * as Y from 'yjs';

/** The names a schema knows. */
export interface KnownNames {
  readonly nodes: ReadonlySet<string>;
  readonly marks: ReadonlySet<string>;
}

/**
 * Node and mark names in `fragment` that the schema lacks. Binding an editor to such a document
 * deletes them for everyone (y-prosemirror#275), so this is asked before.
 */
export function foreignNames(fragment: Y.XmlFragment, known: KnownNames): Set<string> {
  return foreignNamesSince(fragment, known, new Map());
}

/**
 * The same for what a transaction brought, to be called in the document's `beforeObserverCalls`:
 * an editor that is unbound there has not seen the change. Costs the new structs, not the document.
 */
export function foreignNamesIn(transaction: Y.Transaction, fragment: Y.XmlFragment, known: KnownNames): Set<string> {
  return foreignNamesSince(fragment, known, transaction.beforeState);
}

function foreignNamesSince(fragment: Y.XmlFragment, known: KnownNames, since: ReadonlyMap<number, number>): Set<string> {
  const foreign = new Set<string>();
  for (const [client, structs] of fragment.doc?.store.clients ?? []) {
    const from = since.get(client) ?? 0;
    for (let at = structs.length - 1; at >= 0; at -= 1) {
      const struct = structs[at]!;
      if (struct.id.clock + struct.length <= from) break;
      if (!(struct instanceof Y.Item) || struct.deleted) continue;
      const name = foreignNameOf(struct, known);
      if (name !== null && isWithin(struct, fragment)) foreign.add(name);
    }
  }
  return foreign;
}

function foreignNameOf(item: Y.Item, known: KnownNames): string | null {
  const { content } = item;
  if (content instanceof Y.ContentType) {
    if (content.type instanceof Y.XmlElement) return known.nodes.has(content.type.nodeName) ? null : content.type.nodeName;
    return content.type instanceof Y.XmlText ? null : '(shared type)';
  }
  if (content instanceof Y.ContentFormat && content.value !== null) {
    const mark = markName(content.key);
    return known.marks.has(mark) ? null : mark;
  }
  if (content instanceof Y.ContentEmbed) return '(embed)';
  return null;
}

/** y-tiptap stores a mark that may overlap itself as `name--hash`, the hash being 8 characters of base64. */
function markName(key: string): string {
  return /^(.*)--[A-Za-z0-9+/=]{8}$/.exec(key)?.[1] ?? key;
}

function isWithin(item: Y.Item, fragment: Y.XmlFragment): boolean {
  let parent: Y.Item['parent'] = item.parent;
  while (parent instanceof Y.AbstractType) {
    if (parent === fragment) return true;
    parent = parent._item?.parent ?? null;
  }
  return false;
}
