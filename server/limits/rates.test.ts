import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Rates } from './rates.ts';

const times = (rates: Rates, key: string, count: number, now: number) =>
  Array.from({ length: count }, () => rates.take(key, now)).filter((taken) => taken).length;

describe('rates', () => {
  it('lets each key do something so many times a minute', () => {
    const rates = new Rates(3);
    assert.equal(times(rates, 'a', 5, 0), 3);
    assert.equal(times(rates, 'b', 5, 0), 3);
    assert.equal(times(rates, 'a', 5, 20_000), 1);
    assert.equal(times(rates, 'a', 5, 1_000_000), 3);
  });

  it('does not count what it refuses: whoever waits gets on', () => {
    const rates = new Rates(1);
    assert.equal(times(rates, 'a', 1_000, 0), 1);
    assert.equal(times(rates, 'a', 1, 60_000), 1);
  });

  it('remembers a bounded number of keys', () => {
    const rates = new Rates(1);
    for (let key = 0; key < 60_000; key++) rates.take(`made up ${key}`, 0);
    assert.equal(rates.size, 50_000);
    assert.equal(rates.take('made up 59999', 0), false, 'the youngest are remembered');
    assert.equal(rates.take('made up 0', 60_000), true);
    assert.equal(rates.size, 1, 'full buckets are forgotten when room is needed');
  });
});
