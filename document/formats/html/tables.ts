import type { Element } from 'hast';
import type { ContentNode } from '../../content.ts';
import { attribute, type Child, elementsOf, isElement } from './elements.ts';
import type { Context, Reader } from './reading.ts';

const GROUPS = ['thead', 'tbody', 'tfoot'];

/** A table with its spans and alignment. One that only lays out a page, or has one cell, is what it holds. */
export function tableOf(table: Element, context: Context, reader: Reader): ContentNode[] {
  const rows = rowsOf(table);
  const cells = rows.map(({ row, isHead }) =>
    elementsOf(row)
      .filter(({ tagName }) => tagName === 'td' || tagName === 'th')
      .map((cell) => cellOf(cell, row, isHead, context, reader)),
  );
  const caption = elementsOf(table).find(({ tagName }) => tagName === 'caption');
  const before = caption === undefined ? [] : reader.blocks(caption.children, context);
  const only = cells.length === 1 && cells[0]!.length === 1 ? cells[0]![0]! : null;
  const isLayout = attribute(table, 'role') === 'presentation';
  if (only !== null || isLayout) return [...before, ...cells.flat().flatMap(({ content = [] }) => content)];
  const content = cells.filter((row) => row.length > 0).map((row): ContentNode => ({ type: 'tableRow', content: row }));
  return content.length === 0 ? before : [...before, { type: 'table', content }];
}

function rowsOf(table: Element): { readonly row: Element; readonly isHead: boolean }[] {
  return elementsOf(table).flatMap((child) => {
    if (child.tagName === 'tr') return [{ row: child, isHead: false }];
    if (!GROUPS.includes(child.tagName)) return [];
    const isHead = child.tagName === 'thead';
    return elementsOf(child)
      .filter(({ tagName }) => tagName === 'tr')
      .map((row) => ({ row, isHead }));
  });
}

function cellOf(cell: Element, row: Element, isHead: boolean, context: Context, reader: Reader): ContentNode {
  const style = reader.sheet.styleOf(cell);
  const span = (name: 'colSpan' | 'rowSpan') => {
    const value = Number.parseInt(attribute(cell, name), 10);
    return value > 1 && value <= 1000 ? value : 1;
  };
  const align = [
    style['text-align'],
    attribute(cell, 'align'),
    alignOfOnly(cell, reader),
    reader.sheet.styleOf(row)['text-align'],
    attribute(row, 'align'),
  ]
    .map((value) => value?.toLowerCase())
    .find((value) => value === 'left' || value === 'center' || value === 'right');
  const isHeader = cell.tagName === 'th' || isHead;
  const bold = /^(?:bold|[6-9]00)$/.test(style['font-weight'] ?? '') && !isHeader;
  const marks = bold ? [...context.marks, { type: 'bold' }] : context.marks;
  const colspan = span('colSpan');
  const attrs = { colspan, rowspan: span('rowSpan'), colwidth: widthsOf(cell, colspan), align: align ?? null };
  return { type: isHeader ? 'tableHeader' : 'tableCell', attrs, content: reader.blocks(cell.children, { ...context, marks }) };
}

/** Word and Google Docs align the paragraph in the cell. */
function alignOfOnly(cell: Element, reader: Reader): string | undefined {
  const inner = cell.children.filter((child: Child) => child.type === 'element' || (child.type === 'text' && child.value.trim() !== ''));
  const [only] = inner;
  if (inner.length !== 1 || !isElement(only, 'p', 'div')) return undefined;
  return reader.sheet.styleOf(only)['text-align'] ?? attribute(only, 'align');
}

/** As editors of this kind write it. Those of other programs are the width of their window, and not kept. */
function widthsOf(cell: Element, colspan: number): number[] | null {
  const said = attribute(cell, 'dataColwidth') || attribute(cell, 'colwidth');
  const widths = said.split(',').map(Number);
  const isSound = said !== '' && widths.length === colspan && widths.every((width) => width >= 0 && width <= 10_000);
  return isSound ? widths : null;
}
