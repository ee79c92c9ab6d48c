import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Deliveries } from './deliveries.ts';

describe('deliveries', () => {
  it('expect nothing of an earlier turn, which has lost some', () => {
    const deliveries = new Deliveries();
    deliveries.expected = 10;
    for (let count = 0; count < 7; count++) deliveries.arrive(1);
    deliveries.reset();
    deliveries.expected += 2;
    deliveries.arrive(5);
    assert.deepEqual([deliveries.expected, deliveries.arrived, deliveries.within(1)], [2, 1, 5]);
  });

  it('still count what is on its way when it is counted from the middle', () => {
    const deliveries = new Deliveries();
    deliveries.expected = 10;
    for (let count = 0; count < 7; count++) deliveries.arrive(1);
    deliveries.resetMidway();
    assert.deepEqual([deliveries.expected, deliveries.arrived], [3, 0]);
  });
});
