import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { byCase } from './by-case.ts';
import type { Round } from './workload.ts';

describe('a workload in several sizes', () => {
  const { metrics, run } = byCase(
    [
      { title: 'small', size: 1, quick: true },
      { title: 'large', size: 2 },
    ],
    () => ({ cost: { title: 'cost, ms' } }),
    async ({ size }) => ({ figures: { cost: size }, generatorShare: size / 10 }),
  );

  it('has the rows of each', () => {
    assert.deepEqual(
      Object.values(metrics).map(({ title }) => title),
      ['small: cost, ms', 'large: cost, ms'],
    );
  });

  it('measures each of them, and only some when it should be quick', async () => {
    const all = await run({ quick: false } as Round);
    assert.deepEqual([Object.keys(all.figures), Object.values(all.figures)], [Object.keys(metrics), [1, 2]]);
    assert.equal(all.generatorShare, 0.2);
    assert.deepEqual(Object.values((await run({ quick: true } as Round)).figures), [1]);
  });
});
