import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { median, percentile, quartiles, spread } from './percentile.ts';

describe('figures', () => {
  it('percentile is the nearest rank, whatever the order', () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index);
    assert.equal(percentile(values, 0.5), 50);
    assert.equal(percentile(values, 0.99), 99);
    assert.equal(percentile(values, 1), 100);
    assert.equal(percentile(values, 0), 1);
    assert.equal(percentile([7], 0.99), 7);
    assert.ok(Number.isNaN(percentile([], 0.5)));
  });

  it('median of odd and even counts sorts by number', () => {
    assert.equal(median([10, 9, 100]), 10);
    assert.equal(median([4, 1, 3, 2]), 2.5);
    assert.ok(Number.isNaN(median([])));
  });

  it('quartiles hold the middle half', () => {
    assert.deepEqual(quartiles([1, 2, 3, 4, 100]), { low: 2, median: 3, high: 4 });
    assert.deepEqual(quartiles([3, 1, 2]), { low: 1, median: 2, high: 3 });
    assert.deepEqual(quartiles([7]), { low: 7, median: 7, high: 7 });
    assert.ok(Number.isNaN(quartiles([]).low));
  });

  it('spread compares the middle half with the median', () => {
    assert.equal(spread([90, 100, 110]), 0.2);
    assert.equal(spread([1, 90, 100, 110, 1_000]), 0.2);
    assert.equal(spread([0, 0]), 0);
    assert.equal(spread([-90, -100, -110]), 0.2);
  });
});
