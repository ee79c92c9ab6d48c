import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { comparison, type Measured, noise, tenths } from './comparison.ts';

const COLUMNS = [
  { id: 'a', title: 'A' },
  { id: 'stock', title: 'B' },
];

function measured(a: number[], b: number[], generatorShare = 0.5): Measured {
  const rounds = (values: number[]) =>
    values.map((rate) => ({
      figures: { rate },
      tenths: { bytes: Array.from({ length: 10 }, (_, tenth) => rate + tenth) },
      generatorShare,
    }));
  return {
    id: 'w',
    title: 'work',
    metrics: { rate: { title: 'rate', targets: [{ atLeast: 50 }] } },
    outcomes: new Map([
      ['a', rounds(a)],
      ['stock', rounds(b)],
    ]),
  };
}

const cells = (line: string | undefined) =>
  (line ?? '')
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());

describe('the comparison', () => {
  it('shows medians, the ratio and whether the target is reached', () => {
    const lines = comparison([measured([10, 90, 60], [20, 30, 40])], COLUMNS).split('\n');
    assert.deepEqual(cells(lines[0]), ['', 'A', 'B', 'A ÷ stock', 'target']);
    assert.deepEqual(cells(lines[3]), ['rate', '60.0', '30.0', '2.00', '≥ 50.0 reached']);
    assert.deepEqual(cells(comparison([measured([49], [1])], COLUMNS).split('\n')[3]).at(-1), '≥ 50.0 MISSED');
  });

  it('misses a target whose figure is not known', () => {
    assert.match(comparison([measured([Number.NaN], [1])], COLUMNS), /MISSED/);
  });

  it('holds a ratio against its target', () => {
    const workload = { ...measured([60], [100]), metrics: { rate: { title: 'rate', targets: [{ times: 'stock', atMost: 0.65 }] } } };
    assert.match(comparison([workload], COLUMNS), /≤ 0\.650 × stock reached/);
  });

  it('says when the generator was the bottleneck', () => {
    assert.doesNotMatch(comparison([measured([1], [1], 0.8)], COLUMNS), /bottleneck/);
    assert.match(comparison([measured([1], [1], 0.85)], COLUMNS), /85 % \(the bottleneck\)/);
  });

  it('shows each tenth', () => {
    assert.deepEqual(cells(tenths([measured([1, 2, 3], [5])], COLUMNS).split('\n')[2]).slice(0, 3), ['A: bytes', '2.00', '3.00']);
    assert.equal(tenths([], COLUMNS), '');
  });

  it('tells the noise of several rounds and does not pretend to know that of one', () => {
    assert.match(noise([measured([1], [1])]), /^One round/);
    assert.match(noise([measured([90, 100, 110], [100, 100, 100])]), /varied by 10 % .*rate of a 20 %/);
  });
});
