import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pace, randomMoments } from './pace.ts';

describe('the pace of the generator', () => {
  it('has every sender send as often as the others', async () => {
    const counts = [0, 0, 0, 0];
    await pace({ senders: 4, perSecond: 500, seconds: 0.05 }, (sender) => counts[sender]!++);
    assert.deepEqual(counts, [25, 25, 25, 25]);
  });

  it('is random, even over the time and the same each time', () => {
    const moments = randomMoments(10_000, 1_000);
    assert.deepEqual(moments, randomMoments(10_000, 1_000));
    assert.ok(moments.every((moment, index) => moment < 1_000 && moment >= (moments[index - 1] ?? 0)));
    const half = moments.filter((moment) => moment < 500).length;
    assert.ok(half > 4_800 && half < 5_200, `${half} of 10,000 in the first half`);
    const close = moments.filter((moment, index) => moment - (moments[index - 1] ?? -1) < 0.02).length;
    assert.ok(close > 1_500, `people type in the same moment: ${close} of 10,000 within a fifth of the mean gap`);
  });
});
