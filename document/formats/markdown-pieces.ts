import type { Root } from 'mdast';
import { parseMarkdown } from './markdown-syntax.ts';

/** A part of a Markdown text that was read on its own. */
export interface MarkdownPiece {
  readonly tree: Root;
  readonly source: string;
  /** Whether anything in the whole text refers to this label. */
  readonly used: (label: string) => boolean;
}

/**
 * A long text is read piece by piece. The parser's time grows with the square of the text (one edit
 * of its list of tokens copies it) and it keeps every token until the end: 5 MB as one took 820 MB.
 */
const PIECE_LENGTH = 4 * 1024;
const READ_AS_ONE = 64 * 1024;

// After a blank line a letter at the margin ends every list, quote and footnote before it, and a heading does without
// one. Only fenced code and formulas, and HTML, go on: `isCut` finds these in what was read.
const BOUNDARY = /\n[ \t]*\n(?=[\p{L}#])|\n(?=#{1,6}[ \t])/gu;
const DEFINITION = /^ {0,3}\[(?!\^)((?:[^[\]\\\n]|\\.)+)\]:[ \t]*\S.*$/gm;
// Its first line tells the parser that the label exists; the whole may be far away.
const FOOTNOTE = /^[ \t>]*\[(\^[^\s[\]\\]+)\]:/gm;
const LABEL = /\[((?:[^[\]\\\n]|\\.|\n(?!\n)){1,999})\]/g;

/** Reads a text as one tree, or a long one as several whose blocks follow each other. */
export function* markdownPieces(text: string): Generator<MarkdownPiece> {
  const labels = new Map<string, number>();
  for (const [, label] of text.matchAll(LABEL)) labels.set(normal(label!), (labels.get(normal(label!)) ?? 0) + 1);
  // A definition names its own label once.
  const used = (label: string) => (labels.get(normal(label)) ?? 0) > 1;
  if (text.length <= READ_AS_ONE) {
    yield { tree: parseMarkdown(text), source: text, used };
    return;
  }
  const definitions = new Map<string, string>();
  for (const [line, label] of text.matchAll(DEFINITION)) if (!definitions.has(normal(label!))) definitions.set(normal(label!), line);
  for (const [, label] of text.matchAll(FOOTNOTE)) definitions.set(normal(label!), `[${label}]: x`);

  for (let start = 0; start < text.length; ) {
    let length = PIECE_LENGTH;
    for (;;) {
      BOUNDARY.lastIndex = start + length;
      const boundary = start + length < text.length ? BOUNDARY.exec(text) : null;
      const end = boundary ? boundary.index + boundary[0].length : text.length;
      // Definitions stand in front: behind an unclosed fence they would be code.
      const definitionLines = `${referred(text.slice(start, end), definitions)}\n\n`;
      const source = definitionLines + text.slice(start, end);
      const tree = parseMarkdown(source);
      tree.children = tree.children.filter(
        (node) => node.type === 'definition' || (node.position?.start.offset ?? 0) >= definitionLines.length,
      );
      if (end < text.length && isCut(tree, source)) {
        length *= 2;
        continue;
      }
      yield { tree, source, used };
      start = end;
      break;
    }
  }
}

/** A label as references find it. */
const normal = (label: string) => label.replace(/\s+/g, ' ').trim().toUpperCase();

/** The definitions a piece refers to, wherever they stand. */
function referred(source: string, definitions: ReadonlyMap<string, string>): string {
  const lines = new Set<string>();
  for (const [, label] of source.matchAll(LABEL)) {
    const line = definitions.get(normal(label!));
    if (line !== undefined) lines.add(line);
  }
  return [...lines].join('\n');
}

/** Whether a piece ends within something that goes on after a blank line. */
function isCut(tree: Root, source: string): boolean {
  const last = tree.children.findLast((node) => node.type !== 'definition');
  const written = source.slice(last?.position?.start.offset ?? 0, last?.position?.end.offset ?? 0);
  if (last?.type === 'code' || last?.type === 'math') {
    const fence = /^ {0,3}(`{3,}|~{3,}|\${2,})/.exec(written)?.[1];
    const [, ...after] = written.trimEnd().split('\n');
    const closing = after.at(-1)?.trim() ?? '';
    return fence !== undefined && !(closing.startsWith(fence) && closing === fence[0]!.repeat(closing.length));
  }
  if (last?.type !== 'html') return false;
  // Comments, declarations, <script>, <pre>, <style> and <textarea> run to their own end, other HTML to a blank line.
  if (/^ {0,3}<(?:!|\?|script|pre|style|textarea)/i.test(written)) return !/(?:-->|\?>|]]>|>)\s*$/.test(written);
  return !/\n[ \t]*\n$/.test(source);
}
