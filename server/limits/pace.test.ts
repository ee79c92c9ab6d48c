import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PATIENCE_MS, Pace } from './pace.ts';

const LIMITS = { maxMessagesPerMinute: 600, maxBytesPerMinute: 60_000 };

describe('[L2] the pace of a connection', () => {
  it("lets a minute's worth pass at once, then makes it wait", () => {
    const pace = new Pace(LIMITS, 0);
    assert.equal(pace.charge(599, 0, 0), 'go');
    assert.equal(pace.charge(1, 0, 0), 'wait');
    assert.equal(pace.charge(0, 0, 50), 'go');
  });

  it('counts bytes as well, also those of one message that is larger than what is left', () => {
    const pace = new Pace(LIMITS, 0);
    assert.equal(pace.charge(1, 59_999, 0), 'go');
    assert.equal(pace.charge(1, 30_001, 0), 'wait');
    assert.equal(pace.charge(0, 0, 30_000 - 1), 'wait');
    assert.equal(pace.charge(0, 0, 30_000 + 1), 'go');
  });

  it('closes who keeps at it, and not before', () => {
    const pace = new Pace(LIMITS, 0);
    pace.charge(600, 0, 0);
    let now = 0;
    let last = 'wait';
    // It sends more than it should whenever it may.
    for (; last !== 'stop'; now += 50) last = pace.charge(last === 'go' ? 5 : 0, 0, now);
    assert.ok(now > PATIENCE_MS && now < PATIENCE_MS + 1_000, `after ${now} ms`);
  });

  it('forgives who calms down', () => {
    const pace = new Pace(LIMITS, 0);
    pace.charge(600, 0, 0);
    assert.equal(pace.charge(0, 0, 10_000), 'go');
    assert.equal(pace.charge(100, 0, 10_000), 'wait');
    assert.equal(pace.charge(0, 0, 20_000), 'go');
    assert.equal(pace.charge(100, 0, PATIENCE_MS + 9_999), 'go');
  });

  it('does not notice a steady sender just below the limit', () => {
    const pace = new Pace(LIMITS, 0);
    for (let now = 0; now < 600_000; now += 101) assert.equal(pace.charge(1, 100, now), 'go');
  });
});
