import type { Element } from 'xast';
import { x } from 'xastscript';
import type { ContentNode } from '../../../../document/content.ts';
import { columnShares, gridOf, isHeadRow } from '../../../../document/table-grid.ts';
import type { OdtParts } from './parts.ts';

type WriteCell = (content: readonly ContentNode[], align: string | undefined, isHeader: boolean) => Element[];

/** A table; where a cell reaches over others, those are written as covered (OpenDocument 1.3, part 3, section 9.1.5). */
export function tableOf(table: readonly ContentNode[], write: WriteCell, parts: OdtParts): Element {
  const { rows, widths } = gridOf(table);
  const columns = columnShares(widths).map((share) => x('table:table-column', { 'table:style-name': parts.columnStyle(share) }));
  const lines = rows.map((slots) =>
    x(
      'table:table-row',
      slots.flatMap(({ cell, columns: across, rows: down, isContinued }) => {
        if (isContinued) return [x('table:covered-table-cell')];
        const isHeader = cell?.type === 'tableHeader';
        const align = cell?.attrs?.align;
        const blocks = write(cell?.content ?? [], typeof align === 'string' ? align : undefined, isHeader);
        const spans: Record<string, string> = { 'table:style-name': isHeader ? 'HeaderCell' : 'Cell', 'office:value-type': 'string' };
        if (across > 1) spans['table:number-columns-spanned'] = String(across);
        if (down > 1) spans['table:number-rows-spanned'] = String(down);
        const own = x('table:table-cell', spans, blocks.length > 0 ? blocks : [x('text:p')]);
        return [own, ...Array.from({ length: across - 1 }, () => x('table:covered-table-cell'))];
      }),
    ),
  );
  const body = isHeadRow(table[0]) ? [x('table:table-header-rows', lines.slice(0, 1)), ...lines.slice(1)] : lines;
  return x('table:table', { 'table:style-name': 'Grid' }, [...columns, ...body]);
}
