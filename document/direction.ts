import type { ContentNode } from './content.ts';

/** A letter of a script that is written from right to left (Unicode Standard Annex 9, classes R and AL). */
const RIGHT_TO_LEFT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}]/u;

/** Whether any of a text is written from right to left. */
export function hasRightToLeft(text: string): boolean {
  return RIGHT_TO_LEFT.test(text);
}

/** The direction of a block of text, as `dir="auto"` finds it: that of its first letter that has one. */
export function isRightToLeft(block: ContentNode): boolean {
  const letter = firstLetter(block);
  return letter !== null && RIGHT_TO_LEFT.test(letter);
}

function firstLetter(node: ContentNode): string | null {
  if (node.text !== undefined) return /\p{L}/u.exec(node.text)?.[0] ?? null;
  for (const child of node.content ?? []) {
    const found = firstLetter(child);
    if (found !== null) return found;
  }
  return null;
}

/** The language of a right-to-left block, as far as its letters tell: BCP 47. */
export function languageOf(block: ContentNode): 'ar' | 'he' {
  return /\p{Script=Hebrew}/u.test(firstLetter(block) ?? '') ? 'he' : 'ar';
}
