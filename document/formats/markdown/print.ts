import type { Nodes, Root } from 'mdast';
import { gfmToMarkdown } from 'mdast-util-gfm';
import { type InlineMath, mathToMarkdown } from 'mdast-util-math';
import { toMarkdown } from 'mdast-util-to-markdown';

/** Prints a formula with one dollar where it is read back, else with two. */
function printInlineMath(node: InlineMath, _parent: unknown, _state: unknown, info: { after: string }): string {
  const latex = node.value;
  let dollars = /^\s|\s$|^\$|\$$|^$/.test(latex) || /^\d/.test(info.after) ? '$$' : '$';
  while (new RegExp(`(^|[^$])${dollars.replaceAll('$', '\\$')}([^$]|$)`).test(latex)) dollars += '$';
  const padded = /^\$|\$$|^\s.*\S.*\s$/s.test(latex) ? ` ${latex} ` : latex;
  return `${dollars}${padded}${dollars}`;
}
printInlineMath.peek = () => '$';

/**
 * Whether a list does not end a paragraph above it: one that begins with an empty item, or counts
 * from another number than 1, however deep it stands in the first item.
 */
function needsBlankLine(node: Nodes): boolean {
  if (node.type !== 'list' && node.type !== 'listItem') return false;
  if (node.type === 'list' && node.ordered && node.start !== 1) return true;
  const [first] = node.children;
  return first === undefined || needsBlankLine(first);
}

/** Spaces that are trimmed off a cell when it is read, though its text begins or ends with them. */
const TRIMMED = ['\u00a0', '\u1680', '\u2028', '\u2029', '\u202f', '\u205f', '\u3000', '\ufeff', ...spaces(0x2000, 0x200a)];

const unsafe = TRIMMED.map((character) => ({ character, inConstruct: 'tableCell' as const }));

function spaces(from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, at) => String.fromCodePoint(from + at));
}

/** A Markdown tree as text, ending in a line feed unless it is empty. */
export function printMarkdown(tree: Root): string {
  return toMarkdown(tree, {
    bullet: '-',
    // "---" at the start of a file would open its frontmatter, and "* ***" would be a rule as a whole.
    rule: '_',
    join: [(_left, right) => (needsBlankLine(right) ? 1 : undefined)],
    extensions: [gfmToMarkdown({ tablePipeAlign: false }), mathToMarkdown()],
    unsafe,
    handlers: { inlineMath: printInlineMath as never },
  });
}
