import type { MarkdownIt } from 'markdown-it';

/**
 * A line separator (U+2028, U+2029) or a byte order mark beside emphasis counts as a space, as those who print Markdown take it; for
 * the parser it is a letter, which makes "*a*" before one no emphasis.
 */
export function oddSpaces(md: MarkdownIt): void {
  const { State } = md.inline;
  md.inline.State = class extends State {
    override scanDelims(start: number, canSplitWord: boolean) {
      const scanned = super.scanDelims(start, canSplitWord);
      const [last, next] = [this.src.slice(0, start).slice(-2), this.src.slice(start + scanned.length, start + scanned.length + 2)];
      if (!ODD.test(last.slice(-1)) && !ODD.test(next.slice(0, 1))) return scanned;
      const [before, after] = [kindOf([...last].at(-1)), kindOf([...next][0])];
      const opens = after !== 'space' && (after !== 'sign' || before !== 'letter');
      const closes = before !== 'space' && (before !== 'sign' || after !== 'letter');
      return {
        ...scanned,
        can_open: opens && (canSplitWord || !closes || before === 'sign'),
        can_close: closes && (canSplitWord || !opens || after === 'sign'),
      };
    }
  };
}

const ODD = /[\u2028\u2029\uFEFF]/;

/** What a character is to emphasis (CommonMark, 6.2); the edge of a line is a space. */
function kindOf(character: string | undefined): 'space' | 'sign' | 'letter' {
  if (character === undefined || /\s/.test(character)) return 'space';
  return /[\p{P}\p{S}]/u.test(character) ? 'sign' : 'letter';
}
