import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { byCase } from './by-case.ts';
import type { Round } from './stages.ts';

describe('a workload in several sizes', () => {
  const { metrics, sizes } = byCase(
    [
      { title: 'small', size: 1, quick: true },
      { title: 'large', size: 2 },
    ],
    () => ({ cost: { title: 'cost, ms' } }),
    ({ size }) =>
      async () => ({
        turn: async ({ number }) => ({ figures: { cost: size + 10 * number }, generatorShare: size / 10 }),
        finish: async () => {},
      }),
  );

  it('has the rows of each', () => {
    assert.deepEqual(
      Object.values(metrics).map(({ title }) => title),
      ['small: cost, ms', 'large: cost, ms'],
    );
  });

  it('names the figures of each turn after the size, as its rows are', async () => {
    const [small, large] = sizes;
    assert.deepEqual([small?.quick, large?.quick], [true, false]);
    const stages = await large!.prepare({} as Round);
    const outcome = await stages.turn({ number: 1, count: 2 });
    assert.deepEqual(outcome, { figures: { [Object.keys(metrics)[1]!]: 12 }, generatorShare: 0.2 });
  });
});
