/** How much a text is. */
export interface Count {
  readonly words: number;
  /** As a reader counts them: a letter with its accent is one. Line ends are not counted. */
  readonly characters: number;
}

/** Counts a text; scripts without spaces are parted as the browser's dictionaries part them. */
export function countOf(text: string): Count {
  let words = 0;
  for (const { isWordLike } of new Intl.Segmenter(undefined, { granularity: 'word' }).segment(text)) if (isWordLike) words++;
  let characters = 0;
  for (const { segment } of new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text))
    if (!/^[\r\n]+$/.test(segment)) characters++;
  return { words, characters };
}

/** A count as one line. */
export function countLine({ words, characters }: Count): string {
  const number = (count: number, one: string) => `${count.toLocaleString('en')} ${one}${count === 1 ? '' : 's'}`;
  return `${number(words, 'word')}, ${number(characters, 'character')}`;
}
