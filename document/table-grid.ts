import type { ContentNode } from './content.ts';

/** A place in a row. */
export interface Slot {
  /** The cell that begins here; `null` where one of a row above goes on, or there is none. */
  readonly cell: ContentNode | null;
  readonly column: number;
  /** How far it reaches. */
  readonly columns: number;
  readonly rows: number;
  /** A cell from above goes on here. */
  readonly isContinued: boolean;
}

export interface TableGrid {
  /** All rows, each filled from its first column to the last. */
  readonly rows: readonly (readonly Slot[])[];
  /** Of each column, px; 0 for one that has no width of its own. */
  readonly widths: readonly number[];
}

/** A table as a grid. Cells that would lie on each other, or reach out of the table, which two writers at once can make, are cut. */
export function gridOf(table: readonly ContentNode[]): TableGrid {
  const widths: number[] = [];
  /** For each column, the last row that is taken by a cell from above. */
  const takenTo: number[] = [];
  const isTaken = (column: number, row: number) => (takenTo[column] ?? -1) >= row;
  const rows = table.map((line, row) => {
    const slots: Slot[] = [];
    let column = 0;
    const passTaken = () => {
      for (; isTaken(column, row); column++) slots.push({ cell: null, column, columns: 1, rows: 1, isContinued: true });
    };
    for (const cell of line.content ?? []) {
      passTaken();
      const { colspan = 1, rowspan = 1, colwidth } = (cell.attrs ?? {}) as CellAttributes;
      let columns = 1;
      while (columns < colspan && !isTaken(column + columns, row)) columns++;
      const down = Math.min(rowspan, table.length - row);
      for (let at = 0; at < columns; at++) {
        takenTo[column + at] = row + down - 1;
        widths[column + at] = Math.max(widths[column + at] ?? 0, Number(colwidth?.[at] ?? 0));
      }
      slots.push({ cell, column, columns, rows: down, isContinued: false });
      column += columns;
    }
    passTaken();
    return slots;
  });
  const count = Math.max(1, widths.length);
  return { rows: rows.map((slots) => filled(slots, count)), widths: Array.from({ length: count }, (_, at) => widths[at] ?? 0) };
}

interface CellAttributes {
  readonly colspan?: number;
  readonly rowspan?: number;
  readonly colwidth?: readonly (number | null)[];
}

function filled(slots: readonly Slot[], columns: number): Slot[] {
  const last = slots.at(-1);
  const from = last === undefined ? 0 : last.column + last.columns;
  return [
    ...slots,
    ...Array.from({ length: columns - from }, (_, at) => ({
      ...{ cell: null, column: from + at, columns: 1, rows: 1 },
      isContinued: false,
    })),
  ];
}

/** Whether a row heads its table. */
export function isHeadRow(row: ContentNode | undefined): boolean {
  const cells = row?.content ?? [];
  return cells.length > 0 && cells.every(({ type }) => type === 'tableHeader');
}

/** Parts of the page's width for all columns, which together are 1: those without a width of their own share what is left. */
export function columnShares(widths: readonly number[]): number[] {
  const said = widths.reduce((sum, width) => sum + width, 0);
  const unsaid = widths.filter((width) => width === 0).length;
  const share = unsaid === 0 ? 0 : Math.max(MIN_WIDTH_PX, (TEXT_WIDTH_PX - said) / unsaid);
  const total = said + share * unsaid;
  return widths.map((width) => (width === 0 ? share : width) / total);
}

const TEXT_WIDTH_PX = 600;
const MIN_WIDTH_PX = 40;
