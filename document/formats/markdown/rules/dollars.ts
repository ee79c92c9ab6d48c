import type { MarkdownIt, StateBlock, StateInline } from 'markdown-it';

/** Formulas between dollars, as a token `inlineMath` or `math` whose content is the LaTeX. */
export function dollars(md: MarkdownIt): void {
  md.inline.ruler.before('backticks', 'dollars', inlineMath);
  md.block.ruler.before('fence', 'dollars', mathBlock, { alt: ['paragraph', 'reference', 'blockquote', 'list'] });
}

const DOLLAR = 0x24;

/** Where the last run of each length begins in a text, so that one without an end is not looked for again and again. */
const lastRuns = new WeakMap<StateInline, ReadonlyMap<number, number>>();

function inlineMath(state: StateInline, silent: boolean): boolean {
  const { src, pos: start } = state;
  if (src.charCodeAt(start) !== DOLLAR) return false;
  const length = runAt(src, start);
  const inner = start + length;
  const end = closingRun(state, inner, length);
  if (end === null || (length === 1 && isProse(src, inner, end))) {
    if (!silent) state.pending += src.slice(start, inner);
    state.pos = inner;
    return true;
  }
  if (!silent) state.push('inlineMath', 'math', 0).content = withoutPadding(src.slice(inner, end));
  state.pos = end + length;
  return true;
}

function runAt(src: string, start: number): number {
  let end = start;
  while (src.charCodeAt(end) === DOLLAR) end++;
  return end - start;
}

/** Where the next run of exactly so many dollars begins, or `null`. */
function closingRun(state: StateInline, from: number, length: number): number | null {
  const { src, posMax } = state;
  if ((lastRunsOf(state).get(length) ?? -1) < from) return null;
  for (let at = src.indexOf('$', from); at >= 0 && at + length <= posMax; ) {
    const found = runAt(src, at);
    if (found === length) return at;
    at = src.indexOf('$', at + found);
  }
  return null;
}

function lastRunsOf(state: StateInline): ReadonlyMap<number, number> {
  const known = lastRuns.get(state);
  if (known !== undefined) return known;
  const runs = new Map<number, number>();
  for (const { 0: run, index } of state.src.matchAll(/\$+/g)) runs.set(run.length, index);
  lastRuns.set(state, runs);
  return runs;
}

/**
 * Pandoc's rule for single dollars, without which "$5 to $6" is a formula: no space after the first,
 * none before the last, no digit after it.
 */
function isProse(src: string, inner: number, end: number): boolean {
  return /\s/.test(src[inner]!) || /\s/.test(src[end - 1]!) || /\d/.test(src[end + 1] ?? '');
}

/** A formula that begins or ends with a dollar is written with a space on both sides. */
function withoutPadding(latex: string): string {
  return /^\s.*\S.*\s$/s.test(latex) ? latex.slice(1, -1) : latex;
}

/** Lines between two or more dollars on lines of their own, by the rules of fenced code. */
function mathBlock(state: StateBlock, startLine: number, endLine: number, silent: boolean): boolean {
  const start = state.bMarks[startLine]! + state.tShift[startLine]!;
  const lineEnd = state.eMarks[startLine]!;
  if (state.sCount[startLine]! - state.blkIndent >= 4 || state.src.charCodeAt(start) !== DOLLAR) return false;
  const length = runAt(state.src, start);
  const beside = state.src.slice(start + length, lineEnd).trim();
  if (length < 2 || beside.includes('$')) return false;
  if (silent) return true;
  let line = startLine + 1;
  while (line < endLine && !endsMath(state, line, length) && !isOutside(state, line)) line++;
  const isClosed = line < endLine && endsMath(state, line, length);
  const lines = state.getLines(startLine + 1, line, state.sCount[startLine]!, false);
  const token = state.push('math', 'math', 0);
  // What stands beside the first dollars is the formula's first line to whoever wrote it.
  token.content = beside === '' ? lines : lines === '' ? beside : `${beside}\n${lines}`;
  state.line = isClosed ? line + 1 : line;
  token.map = [startLine, state.line];
  return true;
}

/** Whether a line ends the list or quote around the formula. */
function isOutside(state: StateBlock, line: number): boolean {
  return !state.isEmpty(line) && state.sCount[line]! < state.blkIndent;
}

function endsMath(state: StateBlock, line: number, length: number): boolean {
  const start = state.bMarks[line]! + state.tShift[line]!;
  const indent = state.sCount[line]! - state.blkIndent;
  if (indent < 0 || indent >= 4) return false;
  const run = runAt(state.src, start);
  return run >= length && state.src.slice(start + run, state.eMarks[line]).trim() === '';
}
