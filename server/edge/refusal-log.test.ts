import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type RefusalLine, RefusalLog } from './refusal-log.ts';

function written() {
  const lines: RefusalLine[] = [];
  return { lines, log: new RefusalLog((line) => lines.push(line)) };
}

describe('the log of refusals', () => {
  it('has a line a minute for each code and address, which says how many were left out', () => {
    const { lines, log } = written();
    for (let time = 0; time < 100; time++) log.refused('token-invalid', '203.0.113.9', time);
    log.refused('token-invalid', '203.0.113.10', 100);
    log.refused('origin-refused', '203.0.113.9', 100);
    log.refused('token-invalid', '203.0.113.9', 60_000);
    assert.deepEqual(lines, [
      { code: 'token-invalid', address: '203.0.113.9', unwritten: 0 },
      { code: 'token-invalid', address: '203.0.113.10', unwritten: 0 },
      { code: 'origin-refused', address: '203.0.113.9', unwritten: 0 },
      { code: 'token-invalid', address: '203.0.113.9', unwritten: 99 },
    ]);
  });

  it('is bounded when addresses are made up, and goes on afterwards', () => {
    const { lines, log } = written();
    for (let address = 0; address < 5_000; address++) log.refused('token-invalid', `made up ${address}`, 0);
    assert.equal(lines.length, 1_000);
    log.refused('token-invalid', '203.0.113.9', 60_000);
    assert.equal(lines.length, 1_001);
  });
});
