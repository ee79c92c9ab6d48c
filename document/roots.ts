import * as Y from 'yjs';
import { CONTENT_ROOT } from './read.ts';
import { META_ROOT } from './title.ts';

/** A root of a shared document: what an application calls `getText`, `getXmlFragment`, `getArray` or `getMap` of. */
export interface Root {
  readonly name: string;
  readonly kind: 'text' | 'fragment' | 'array' | 'map';
}

/**
 * The roots that hold something. Yjs keeps no word of what a root is before somebody asks for it as that, so it is told by what is in it; the
 * document stays as it is.
 */
export function rootsOf(document: Y.Doc): Root[] {
  return [...document.share].flatMap(([name, type]) => {
    const kind = kindOf(type);
    return kind === null ? [] : [{ name, kind }];
  });
}

/** Those that belong to applications: neither our text nor what is shared about it. */
export function foreignRoots(document: Y.Doc): Root[] {
  return rootsOf(document).filter(({ name }) => name !== CONTENT_ROOT && name !== META_ROOT);
}

/** A root as plain JSON: a text is a string. */
export function plainRoot(document: Y.Doc, { name, kind }: Root): unknown {
  switch (kind) {
    case 'text':
      return document.getText(name).toString();
    case 'fragment':
      return document.getXmlFragment(name).toJSON();
    case 'array':
      return document.getArray(name).toJSON();
    case 'map':
      return document.getMap(name).toJSON();
  }
}

// biome-ignore lint/suspicious/noExplicitAny: Yjs' own parameter, of events that nobody hears here.
function kindOf(type: Y.AbstractType<any>): Root['kind'] | null {
  for (const item of type._map.values()) if (!item.deleted) return 'map';
  for (let item = type._start; item !== null; item = item.right) {
    if (item.deleted) continue;
    const { content } = item;
    if (content instanceof Y.ContentString || content instanceof Y.ContentFormat || content instanceof Y.ContentEmbed) return 'text';
    if (!(content instanceof Y.ContentType)) return 'array';
    return content.type instanceof Y.XmlElement || content.type instanceof Y.XmlText || content.type instanceof Y.XmlHook
      ? 'fragment'
      : 'array';
  }
  return null;
}
