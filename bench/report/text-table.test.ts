import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { figure, textTable } from './text-table.ts';

describe('a table of the bench', () => {
  it('is Markdown whose columns line up', () => {
    assert.equal(
      textTable(
        ['what', 'Inkwire'],
        [
          ['wall', '1.50'],
          ['longer', '12,300'],
        ],
      ),
      ['| what   | Inkwire |', '|--------|--------:|', '| wall   |    1.50 |', '| longer |  12,300 |'].join('\n'),
    );
  });

  it('shows three significant digits', () => {
    assert.deepEqual([0, 0.012345, 1, 4.567, 78.91, 999.4, 12_345, -4.5, Number.NaN].map(figure), [
      '0',
      '0.0123',
      '1.00',
      '4.57',
      '78.9',
      '999',
      '12,300',
      '-4.50',
      '–',
    ]);
  });
});
