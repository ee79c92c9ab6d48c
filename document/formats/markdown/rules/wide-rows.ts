import type { MarkdownIt, StateBlock, Token } from 'markdown-it';

/** Keeps the cells of a table's row that its header has no column for; the parser's own rule drops them, as GFM allows (4.10). */
export function wideRows(md: MarkdownIt): void {
  const [table] = md.block.ruler.getRules('');
  md.block.ruler.at(
    'table',
    (state, line, endLine, silent) => {
      const first = state.tokens.length;
      if (!table!(state, line, endLine, silent)) return false;
      if (!silent) widen(state, first);
      return true;
    },
    { alt: ['paragraph', 'reference'] },
  );
}

function widen(state: StateBlock, first: number): void {
  const tokens = state.tokens.splice(first);
  let [cells, line] = [0, 0];
  for (const token of tokens) {
    if (token.type === 'tr_open') [cells, line] = [0, token.map![0]];
    if (token.type === 'td_open') cells++;
    if (token.type === 'tr_close' && cells > 0) for (const cell of cellsOf(state, line).slice(cells)) addCell(state, cell);
    state.tokens.push(token);
  }
}

/** The cells of a row as they are written, by the rule of the parser: a pipe behind a backslash is none of its ends. */
function cellsOf(state: StateBlock, line: number): string[] {
  const row = state.src.slice(state.bMarks[line]! + state.tShift[line]!, state.eMarks[line]).trim();
  const cells = row.split(/(?<!\\)\|/).map((cell) => cell.replaceAll('\\|', '|').trim());
  if (cells[0] === '') cells.shift();
  if (cells.at(-1) === '') cells.pop();
  return cells;
}

function addCell(state: StateBlock, content: string): void {
  const token = (type: string, nesting: Token['nesting']): Token => new state.Token(type, '', nesting);
  state.tokens.push(token('td_open', 1), Object.assign(token('inline', 0), { content }), token('td_close', -1));
}
