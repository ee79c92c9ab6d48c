import type { ContentNode } from '../../../document/content.ts';

/** Lines of a page are about as long as each other: those of a PDF or a mail, characters. */
const MIN_WRAPPED = 45;
const MAX_WRAPPED = 120;

/** Plain text as paragraphs: an empty line parts them, lines that a page has wrapped are one, others stay lines. */
export function paragraphsOf(text: string): ContentNode[] {
  return text
    .replace(/\r\n?/g, '\n')
    .trim()
    .split(/\n[ \t]*\n\s*/)
    .flatMap((block) => {
      const lines = block.split('\n').map((line) => line.trim());
      const whole = isWrapped(lines) ? [joined(lines)] : lines;
      return whole.filter((line) => line !== '').map((line) => ({ type: 'paragraph', content: [{ type: 'text', text: line }] }));
    });
}

/** Whether a page broke the lines: all but the last are long, none much longer, and few end where a sentence does. */
function isWrapped(lines: readonly string[]): boolean {
  const [last = '', ...others] = lines.toReversed();
  if (others.length < 2 || last.length > MAX_WRAPPED) return false;
  const longest = Math.max(...others.map(({ length }) => length));
  if (longest < MIN_WRAPPED || longest > MAX_WRAPPED) return false;
  const sentences = others.filter((line) => /[.!?:;]$/.test(line)).length;
  return others.every((line) => line.length > longest * 0.7) && sentences <= others.length / 2;
}

/** A word that was parted at the end of a line is whole again. */
function joined(lines: readonly string[]): string {
  return lines.reduce((text, line) =>
    /\p{Ll}-$/u.test(text) && /^\p{Ll}/u.test(line) ? `${text.slice(0, -1)}${line}` : `${text} ${line}`,
  );
}
