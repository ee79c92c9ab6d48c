import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ContentNode } from './content.ts';
import { columnShares, gridOf } from './table-grid.ts';

const cell = (name: string, colspan = 1, rowspan = 1): ContentNode => ({
  type: 'tableCell',
  attrs: { colspan, rowspan },
  content: [{ type: 'paragraph', content: [{ type: 'text', text: name }] }],
});
const row = (...content: ContentNode[]): ContentNode => ({ type: 'tableRow', content });
const nameOf = (at: ContentNode | null): string => (at === null ? '-' : at.content![0]!.content![0]!.text!);
const reach = (sign: string, count: number): string => (count > 1 ? `${sign}${count}` : '');
const shown = (...rows: ContentNode[]) =>
  gridOf(rows).rows.map((slots) =>
    slots.map(({ cell: at, columns, rows: down }) => nameOf(at) + reach('→', columns) + reach('↓', down)).join(' '),
  );

describe('the grid of a table', () => {
  it('has a place for every cell, and for what one from above takes', () => {
    assert.deepEqual(shown(row(cell('a', 1, 2), cell('b', 2)), row(cell('c'), cell('d'))), ['a↓2 b→2', '- c d']);
  });

  it('is cut where cells would lie on each other or reach out of the table', () => {
    assert.deepEqual(shown(row(cell('a'), cell('b', 1, 9)), row(cell('c', 3))), ['a b↓2', 'c -']);
  });

  it('is filled where a row has fewer cells', () => {
    assert.deepEqual(shown(row(cell('a'), cell('b')), row(cell('c')), row()), ['a b', 'c -', '- -']);
  });

  it('shares the page among columns without a width', () => {
    assert.deepEqual(columnShares([300, 0, 0]), [0.5, 0.25, 0.25]);
    const wide = columnShares([900, 0]);
    assert.ok(Math.abs(wide[0]! + wide[1]! - 1) < 1e-9 && wide[1]! > 0.04);
  });
});
