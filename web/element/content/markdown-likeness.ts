import { hasLatexDelimiters } from './latex-delimiters.ts';

const BLOCKS = [
  /^#{1,6} \S/m,
  /^ {0,3}(?:[-*+]|\d{1,9}[.)]) (?:\[[ xX]\] )?\S/m,
  /^ {0,3}> \S/m,
  /^ {0,3}(?:```|~~~)[\w+-]*[^`\n]*\n[\s\S]*?^ {0,3}(?:```|~~~)\s*$/m,
  /^\s*\|.+\|\s*\n\s*\|?[\s:|-]*-[\s:|-]*$/m,
  /^ {0,3}\$\$\s*$/m,
];
const SPANS = [
  /\[[^\]\n]+\]\([^)\s]+\)/,
  /(?<![\w*])\*\*[^\s*][^*\n]*\*\*(?![\w*])/,
  /(?<![\w`])`[^`\n]+`(?![\w`])/,
  /(?<![\w~])~~[^\s~][^~\n]*~~(?![\w~])/,
];

/**
 * Whether pasted plain text clearly is Markdown. One heading, fence or table says so; list items and
 * quotes need a second sign (a line that opens with "- " or "1. " is often just prose), and so do spans.
 */
export function looksLikeMarkdown(text: string): boolean {
  const [heading, list, quote, fence, table, math] = BLOCKS.map((pattern) => pattern.test(text)) as [
    boolean,
    boolean,
    boolean,
    boolean,
    boolean,
    boolean,
  ];
  if (fence || table || math || hasLatexDelimiters(text)) return true;
  if (heading && text.includes('\n')) return true;
  const listLines = text.match(new RegExp(BLOCKS[1]!.source, 'gm'))?.length ?? 0;
  const quoteLines = text.match(new RegExp(BLOCKS[2]!.source, 'gm'))?.length ?? 0;
  if (listLines >= 2 || quoteLines >= 2) return true;
  const spans = SPANS.filter((pattern) => pattern.test(text)).length;
  return spans >= 2 || (spans >= 1 && (heading || list || quote || text.includes('](')));
}
