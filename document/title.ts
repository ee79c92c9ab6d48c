import type * as Y from 'yjs';

/** The root map that holds what is shared about a document, and the title's key in it. */
export const META_ROOT = 'meta';
const TITLE_KEY = 'title';

/** The longest title, in characters (Unicode code points). */
export const MAX_TITLE_LENGTH = 500;

/** A string as a title can be: one line, no control characters, bounded, valid Unicode. */
export function fitTitle(text: string): string {
  // Cut before the rest is looked at: a client may have written megabytes.
  const bounded = text.slice(0, MAX_TITLE_LENGTH * 4).toWellFormed();
  const line = bounded.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');
  return Array.from(line).slice(0, MAX_TITLE_LENGTH).join('').trim();
}

/** The shared title; '' when there is none, or what stands there is no string. Never changes the document, never throws. */
export function readTitle(document: Y.Doc): string {
  try {
    const title: unknown = document.getMap(META_ROOT).get(TITLE_KEY);
    return typeof title === 'string' ? fitTitle(title) : '';
  } catch {
    // This process holds the root as another type.
    return '';
  }
}

/** Sets the shared title, fitted; writes nothing when it is that already. */
export function writeTitle(document: Y.Doc, title: string): void {
  const fitted = fitTitle(title);
  const meta = document.getMap(META_ROOT);
  if (meta.get(TITLE_KEY) !== fitted) meta.set(TITLE_KEY, fitted);
}
