import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Compared, comparison, type Measured, noise, turnByTurn } from './comparison.ts';

const COLUMNS = [
  { id: 'a', title: 'A' },
  { id: 'stock', title: 'B' },
];
const RATIOS: readonly Compared[] = [
  { id: 'a', by: ['stock', 'stock-database'], title: 'A ÷ stock' },
  { id: 'a', by: ['beside'], title: 'A ÷ beside' },
];

function measured(a: number[], b: number[], generatorShare = 0.5): Measured {
  const turns = (values: number[]) => values.map((rate) => ({ figures: { rate }, generatorShare }));
  return {
    id: 'w',
    title: 'work',
    metrics: { rate: { title: 'rate', targets: [{ atLeast: 50 }] } },
    turnsPerStart: a.length,
    outcomes: new Map([
      ['a', turns(a)],
      ['stock', turns(b)],
    ]),
  };
}

const compare = (workload: Measured, columns = COLUMNS) => comparison([workload], columns, RATIOS);

const cells = (line: string | undefined) =>
  (line ?? '')
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());

describe('the comparison', () => {
  it('shows medians, the paired ratio and whether the target is reached', () => {
    const lines = compare(measured([10, 90, 60], [20, 30, 40])).split('\n');
    assert.deepEqual(cells(lines[0]), ['', 'A', 'B', 'A ÷ stock', 'target']);
    assert.deepEqual(cells(lines[3]), ['rate', '60.0', '30.0', '1.50 (0.500–3.00)', '≥ 50.0 reached']);
    assert.deepEqual(cells(compare(measured([49], [1])).split('\n')[3]).at(-1), '≥ 50.0 MISSED');
  });

  it('misses a target whose figure is not known', () => {
    assert.match(compare(measured([Number.NaN], [1])), /MISSED/);
  });

  it('holds the ratio of the turns against its target, not that of the medians', () => {
    const target = { times: 'stock', atMost: 0.65 };
    const workload = { ...measured([60, 600, 61], [100, 1_000, 10]), metrics: { rate: { title: 'rate', targets: [target] } } };
    assert.match(compare(workload), /0\.600 .*≤ 0\.650 × stock reached/);
  });

  it('adds up what a median would hide, and has one ratio of it', () => {
    const workload = {
      ...measured([0, 0, 1], [2, 2, 2]),
      metrics: { rate: { title: 'lost', over: 'sum' as const, targets: [{ atMost: 0 }] } },
    };
    assert.deepEqual(cells(compare(workload).split('\n')[3]), ['lost', '1.00', '6.00', '0.167', '≤ 0 MISSED']);
    const most = { ...workload, metrics: { rate: { title: 'slowest', over: 'max' as const } } };
    assert.deepEqual(cells(compare(most).split('\n')[3]).slice(1, 3), ['1.00', '2.00']);
  });

  it('has a column for another checkout when one takes part', () => {
    const workload = measured([6], [2]);
    const outcomes = new Map([...workload.outcomes, ['beside', [{ figures: { rate: 3 }, generatorShare: 0 }]]]);
    const lines = compare({ ...workload, outcomes }, [...COLUMNS, { id: 'beside', title: 'beside' }]).split('\n');
    assert.deepEqual(cells(lines[0]).slice(4, 6), ['A ÷ stock', 'A ÷ beside']);
    assert.deepEqual(cells(lines[3]).slice(4, 6), ['3.00', '2.00']);
  });

  it('leaves out what nobody was measured by', () => {
    const workload = { ...measured([1], [1]), metrics: { rate: { title: 'rate' }, other: { title: 'other' } } };
    assert.doesNotMatch(compare(workload), /other/);
  });

  it('says when the generator was the bottleneck', () => {
    assert.doesNotMatch(compare(measured([1], [1], 0.8)), /bottleneck/);
    assert.match(compare(measured([1], [1], 0.85)), /85 % \(the bottleneck\)/);
  });

  it('tells turns of a history one by one, medians over the starts', () => {
    const workload = { ...measured([1, 10, 3, 20], [5, 6]), metrics: { rate: { title: 'bytes', eachTurn: true } }, turnsPerStart: 2 };
    const lines = turnByTurn([workload], COLUMNS).split('\n');
    assert.deepEqual(cells(lines[0]), ['part of the history', '1', '2']);
    assert.deepEqual(cells(lines[2]), ['A: bytes', '2.00', '15.0']);
    assert.equal(turnByTurn([measured([1], [1])], COLUMNS), '');
  });

  it('tells the noise of several turns and does not pretend to know that of one', () => {
    assert.match(noise([measured([1], [1])], RATIOS), /^One turn/);
    assert.match(
      noise([measured([90, 100, 110], [90, 100, 110])], RATIOS),
      /spans 20 % of a figure .* 0 % of a ratio; the most: rate 20 %/,
    );
    const workload = measured([90, 100, 110], []);
    const beside = [9, 10, 22].map((rate) => ({ figures: { rate }, generatorShare: 0 }));
    const outcomes = new Map([
      ['a', workload.outcomes.get('a')!],
      ['beside', beside],
    ]);
    assert.match(noise([{ ...workload, outcomes }], RATIOS), /, and 50 % of a ratio/);
  });
});
