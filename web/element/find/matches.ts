import type { Node } from '@tiptap/pm/model';

/** What is looked for. */
export interface Query {
  readonly words: string;
  readonly matchCase: boolean;
  readonly wholeWord: boolean;
  /** `words` is a regular expression of JavaScript, with the flag `u`. */
  readonly isPattern: boolean;
}

/** Positions in the document; `groups` is what the match and its groups say, for `$1` in a replacement. */
export interface Match {
  readonly from: number;
  readonly to: number;
  readonly groups: readonly string[];
}

export type Compiled = { readonly pattern: RegExp } | { readonly problem: string };

/** Stands for what is no text: nothing that is typed matches across it. */
const ATOM = '\ufffc';
const MAX_MATCHES = 10_000;
/** Ends a search that takes too long, ms: some patterns take for ever. */
const BUDGET_MS = 300;

/** The query as a regular expression, or why it is none. */
export function compile({ words, matchCase, wholeWord, isPattern }: Query): Compiled {
  if (isPattern && REPEATED_REPEAT.test(words)) return { problem: 'A repeated group that repeats itself could take for ever.' };
  const source = isPattern ? words : words.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
  const whole = wholeWord ? `(?<![\\p{L}\\p{N}_])(?:${source})(?![\\p{L}\\p{N}_])` : source;
  try {
    return { pattern: new RegExp(whole, matchCase ? 'gu' : 'giu') };
  } catch {
    return { problem: 'This is not a regular expression.' };
  }
}

/** `(a+)+` and its like: their time doubles with each letter. */
const REPEATED_REPEAT = /[*+}]\??\)[*+{]/;

/** All matches in their order, block by block; `isCut` when there were too many, or it took too long. */
export function findMatches(doc: Node, pattern: RegExp): { readonly matches: readonly Match[]; readonly isCut: boolean } {
  const matches: Match[] = [];
  const end = performance.now() + BUDGET_MS;
  let isCut = false;
  doc.descendants((block, position) => {
    if (isCut || !block.isTextblock) return !isCut;
    const text = block.textBetween(0, block.content.size, '', ATOM);
    for (const match of text.matchAll(pattern)) {
      if (match[0] === '') continue;
      const from = position + 1 + match.index;
      matches.push({ from, to: from + match[0].length, groups: [...match].map((group) => group ?? '') });
      if (matches.length >= MAX_MATCHES) break;
    }
    isCut = matches.length >= MAX_MATCHES || performance.now() > end;
    return false;
  });
  return { matches, isCut };
}

/** What a match is replaced by; in a pattern `$1` is the first group, `$&` all of it and `$$` a dollar. */
export function replacementOf(match: Match, replacement: string, isPattern: boolean): string {
  if (!isPattern) return replacement;
  return replacement.replace(/\$(\$|&|\d{1,2})/g, (whole, name: string) => {
    if (name === '$') return '$';
    return match.groups[name === '&' ? 0 : Number(name)] ?? whole;
  });
}

/** The place of the match that a reader at `position` comes to next; -1 when there is none. */
export function nextAt(matches: readonly Match[], position: number): number {
  if (matches.length === 0) return -1;
  const at = matches.findIndex(({ from }) => from >= position);
  return at < 0 ? 0 : at;
}
