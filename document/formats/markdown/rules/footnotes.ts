import type { MarkdownIt, StateBlock, StateInline } from 'markdown-it';
import { footnoteKey } from '../../../nodes/footnote.ts';

/**
 * Footnotes as GitHub reads them: `[^label]: ` with blocks indented by four under it, and calls `[^label]` of those there
 * are. Their tokens are `footnote_open`, `footnote_close` and `footnote_call`, with the label in `meta`.
 */
export function footnotes(md: MarkdownIt): void {
  md.block.ruler.before('reference', 'footnote', definition, { alt: ['paragraph', 'reference', 'blockquote'] });
  md.inline.ruler.before('link', 'footnote', call);
}

const LABEL = /\[\^((?:[^\s[\]\\]|\\.){1,999})\]/y;

function labelAt(src: string, pos: number): string | null {
  LABEL.lastIndex = pos;
  return LABEL.exec(src)?.[1] ?? null;
}

/** The labels that are defined, by the keys calls find them by. */
function definedIn({ env }: { readonly env: object }): Set<string> {
  const known = env as { footnotes?: Set<string> };
  known.footnotes ??= new Set();
  return known.footnotes;
}

const INDENT = 4;

function definition(state: StateBlock, line: number, endLine: number, silent: boolean): boolean {
  const [begin, shift, indent] = [state.bMarks[line]!, state.tShift[line]!, state.sCount[line]!];
  const start = begin + shift;
  const label = indent - state.blkIndent >= 4 ? null : labelAt(state.src, start);
  const afterLabel = start + (label?.length ?? 0) + '[^]'.length;
  if (label === null || afterLabel >= state.eMarks[line]! || state.src[afterLabel] !== ':') return false;
  if (silent) return true;
  definedIn(state).add(footnoteKey(label));
  const open = state.push('footnote_open', '', 1);
  open.meta = { label };

  // What follows the colon is the first line of blocks that stand four to the right.
  const content = state.skipSpaces(afterLabel + 1);
  const around = state.parentType;
  state.bMarks[line] = content;
  state.tShift[line] = 0;
  state.blkIndent += INDENT;
  state.sCount[line] = state.blkIndent;
  state.parentType = 'footnote';
  state.line = line;
  if (content < state.eMarks[line]!) state.md.block.tokenize(state, line, endLine);
  else state.line = blocksAfter(state, line, endLine);
  state.parentType = around;
  state.blkIndent -= INDENT;
  [state.bMarks[line], state.tShift[line], state.sCount[line]] = [begin, shift, indent];

  state.push('footnote_close', '', -1);
  open.map = [line, state.line];
  return true;
}

/** The blocks of a footnote that begins with an empty line. Returns the line after them. */
function blocksAfter(state: StateBlock, line: number, endLine: number): number {
  const next = state.skipEmptyLines(line + 1);
  if (next >= endLine || state.sCount[next]! < state.blkIndent) return line + 1;
  state.line = next;
  state.md.block.tokenize(state, next, endLine);
  return state.line;
}

function call(state: StateInline, silent: boolean): boolean {
  const label = labelAt(state.src, state.pos);
  if (label === null || state.pos + label.length + 3 > state.posMax || !definedIn(state).has(footnoteKey(label))) return false;
  if (!silent) state.push('footnote_call', '', 0).meta = { label };
  state.pos += label.length + '[^]'.length;
  return true;
}
