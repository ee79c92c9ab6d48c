import type { ContentNode } from '../../content.ts';
import { columnShares, gridOf, isHeadRow } from '../../table-grid.ts';

/**
 * A table as `longtable`, whose columns share the width of the text; cells merged across are
 * `\multicolumn`. One that reaches down has empty cells below it: without rules between the rows that is how it looks.
 */
export function latexTable(rows: readonly ContentNode[], write: (cell: readonly ContentNode[]) => string): string {
  const { rows: grid, widths } = gridOf(rows);
  const shares = columnShares(widths).map((share) => share * 0.97);
  const column = (from: number, count: number) => {
    const share = shares.slice(from, from + count).reduce((sum, width) => sum + width, 0);
    return `p{\\dimexpr ${share.toFixed(4)}\\linewidth-2\\tabcolsep}`;
  };
  const lines = grid.map((slots, at) => {
    const cells = slots.map(({ cell, column: from, columns }) => {
      const text = cell === null ? '' : cellText(cell, write);
      return columns > 1 ? `\\multicolumn{${columns}}{${column(from, columns)}}{${text}}` : text;
    });
    return `${cells.join(' & ')} \\\\${at === 0 && isHeadRow(rows[0]) ? ' \\hline\n\\endhead' : ''}`;
  });
  return `\\begin{longtable}{${shares.map((_, at) => column(at, 1)).join('')}}\n\\hline\n${lines.join('\n')}\n\\hline\n\\end{longtable}`;
}

function cellText(cell: ContentNode, write: (cell: readonly ContentNode[]) => string): string {
  const { align } = cell.attrs ?? {};
  const side = align === 'right' ? '\\raggedleft ' : align === 'center' ? '\\centering ' : '';
  const text = write(cell.content ?? []).replaceAll('\n\n', '\n\n\\medskip ');
  const whole = cell.type === 'tableHeader' && text !== '' ? `\\bfseries ${text}` : text;
  return side === '' ? whole : `${side}${whole}\\arraybackslash{}`;
}
