import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pairedRatio, ratioText } from './paired-ratio.ts';

describe('a paired ratio', () => {
  it('is that of the turns, which the ratio of the medians is not', () => {
    // The machine is slow in two turns of five, and both servers with it.
    const ratio = pairedRatio([10, 100, 10, 10, 100], [20, 200, 100, 20, 200]);
    assert.deepEqual(ratio, { median: 0.5, low: 0.5, high: 0.5, turns: 5 });
  });

  it('has the middle half of the turns around it', () => {
    const { median, low, high } = pairedRatio([5, 1, 3, 2, 4], [1, 1, 1, 1, 1]);
    assert.deepEqual([low, median, high], [2, 3, 4]);
    assert.equal(pairedRatio([1, 3], [1, 1]).median, 2);
  });

  it('leaves out turns in which either figure is missing', () => {
    assert.deepEqual(pairedRatio([1, undefined, Number.NaN, 8, 6], [1, 1, 1, undefined, 2]).turns, 2);
    assert.equal(pairedRatio([1, 2], [0, 1]).median, 2);
    const none = pairedRatio([], [1]);
    assert.ok(Number.isNaN(none.median) && none.turns === 0);
  });

  it('is told with its range', () => {
    assert.equal(ratioText(pairedRatio([0.472, 0.515, 0.696], [1, 1, 1])), '0.515 (0.472–0.696)');
    assert.equal(ratioText(pairedRatio([1], [2])), '0.500');
    assert.equal(ratioText(pairedRatio([], [])), '–');
  });
});
