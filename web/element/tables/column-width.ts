import type { Editor } from '@tiptap/core';
import { Plugin } from '@tiptap/pm/state';
import { columnResizing, columnResizingPluginKey, isInTable, selectedRect } from '@tiptap/pm/tables';
import { OWN_STEP } from '../../own-step.ts';
import { MIN_COLUMN_PX } from './table-view.ts';

/** What a key makes a column wider or narrower by, px. */
const STEP_PX = 24;

/** Columns are made wider and narrower by dragging their edge; one undo takes it back. */
export function columnWidths(): Plugin[] {
  return [
    new Plugin({
      // The library writes a width in a transaction that only its own state tells from others.
      filterTransaction(tr, state) {
        const resizing = columnResizingPluginKey.getState(state);
        if (tr.docChanged && resizing?.dragging) tr.setMeta(OWN_STEP, true);
        return true;
      },
    }),
    // The schema's table view shows the widths.
    columnResizing({ View: null, cellMinWidth: MIN_COLUMN_PX, defaultCellMinWidth: MIN_COLUMN_PX }),
  ];
}

/** Makes the columns at the selection wider or narrower by a step; false outside of a table. */
export function resizeColumn(editor: Editor, to: 'wider' | 'narrower'): boolean {
  const by = to === 'wider' ? STEP_PX : -STEP_PX;
  return setWidths(editor, (width) => Math.max(MIN_COLUMN_PX, Math.round(width + by)));
}

/** Leaves the widths of all of the table's columns to what they hold. */
export function fitColumns(editor: Editor): boolean {
  return setWidths(editor, () => 0, true);
}

/** Whether a column of the table at the selection has a width of its own. */
export function hasWidths({ state }: Editor): boolean {
  if (!isInTable(state)) return false;
  const { map, table } = selectedRect(state);
  return map.map.some((position) => widthsOf(table.nodeAt(position)!.attrs).some((width) => width > 0));
}

/** `next` makes a width of another, in px; 0 is none of its own. */
function setWidths(editor: Editor, next: (width: number) => number, isWhole = false): boolean {
  const { state, view } = editor;
  if (!editor.isEditable || !isInTable(state)) return false;
  const { left, right, map, table, tableStart } = selectedRect(state);
  const [from, to] = isWhole ? [0, map.width] : [left, right];
  const tr = state.tr.setMeta(OWN_STEP, true);
  const shown = shownWidths(editor);
  for (const position of map.cellsInRect({ left: from, right: to, top: 0, bottom: map.height })) {
    const first = map.colCount(position);
    const widths = widthsOf(table.nodeAt(position)!.attrs).map((width, index) => {
      const column = first + index;
      return column < from || column >= to ? width : next(shown[column]!);
    });
    tr.setNodeAttribute(tableStart + position, 'colwidth', widths.some((width) => width > 0) ? widths : null);
  }
  if (tr.docChanged) view.dispatch(tr.scrollIntoView());
  return true;
}

function widthsOf({ colspan, colwidth }: { readonly colspan?: number; readonly colwidth?: readonly (number | null)[] | null }): number[] {
  return Array.from({ length: colspan ?? 1 }, (_, index) => colwidth?.[index] ?? 0);
}

/** How wide each column is on the screen, px. */
function shownWidths({ state, view }: Editor): number[] {
  const { map, table, tableStart } = selectedRect(state);
  const shown = new Array<number>(map.width).fill(MIN_COLUMN_PX);
  // Those that are one column wide come last: they say it exactly.
  const cells = [...new Set(map.map)].sort((a, b) => table.nodeAt(b)!.attrs.colspan - table.nodeAt(a)!.attrs.colspan);
  for (const position of cells) {
    const cell = view.nodeDOM(tableStart + position);
    const { colspan } = table.nodeAt(position)!.attrs as { colspan: number };
    const first = map.colCount(position);
    if (cell instanceof HTMLElement) shown.fill(cell.offsetWidth / colspan, first, first + colspan);
  }
  return shown;
}
