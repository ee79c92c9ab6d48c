import { diff3Merge } from 'node-diff3';

/** What has become of two texts with a common ancestor. */
export interface Merged {
  readonly text: string;
  /** Places that both have changed, and differently: both stand there, the file's first. */
  readonly conflicts: number;
}

/** Words, and what stands between them. */
const WORDS = /\s+|[\p{L}\p{N}_]+|[^\s\p{L}\p{N}_]/gu;

/**
 * The text of a file and of its document in one, by lines, and within lines that both have changed by words. No line of either is lost: where both have
 * written something else in the same place, both stand.
 */
export function mergeTexts(file: string, base: string, document: string): Merged {
  const lines = merged(linesOf(file), linesOf(base), linesOf(document), (a, o, b) => {
    const words = merged(wordsOf(a), wordsOf(o), wordsOf(b), null);
    return words.conflicts === 0 ? { text: words.text, conflicts: 0 } : { text: bothOf(a, b), conflicts: 1 };
  });
  return { text: lines.text, conflicts: lines.conflicts };
}

type Settle = (a: string, o: string, b: string) => Merged;

function merged(a: string[], o: string[], b: string[], settle: Settle | null): Merged {
  let text = '';
  let conflicts = 0;
  for (const { ok, conflict } of diff3Merge(a, o, b, { excludeFalseConflicts: true })) {
    if (ok !== undefined) text += ok.join('');
    if (conflict === undefined) continue;
    const settled = settle?.(conflict.a.join(''), conflict.o.join(''), conflict.b.join('')) ?? { text: '', conflicts: 1 };
    text += settled.text;
    conflicts += settled.conflicts;
  }
  return { text, conflicts };
}

function bothOf(a: string, b: string): string {
  if (a === '' || b === '') return a + b;
  return `${a}${a.endsWith('\n') ? '' : '\n'}${b}`;
}

/** Lines with their ends. */
function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function wordsOf(text: string): string[] {
  return text.match(WORDS) ?? [];
}
