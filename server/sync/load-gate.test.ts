import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { LoadGate } from './load-gate.ts';

const always = () => true;

describe('the gate before loads', () => {
  it('lets a few in at once and the others in turn', async () => {
    const gate = new LoadGate(() => 0);
    let running = 0;
    let most = 0;
    const done = await Promise.all(
      Array.from({ length: 100 }, (_, at) =>
        gate.run(async () => {
          most = Math.max(most, ++running);
          await nextTurn();
          running--;
          return at;
        }, always),
      ),
    );
    assert.equal(most, 8);
    assert.deepEqual(done, [...done.keys()]);
  });

  it('[D6] does not ask again right after a failure, and waits longer each time', async () => {
    let now = 0;
    let asked = 0;
    const gate = new LoadGate(() => now);
    const attempt = () =>
      gate.run(async () => {
        asked++;
        throw new Error('away');
      }, always);
    const delays: number[] = [];
    for (let failures = 1; failures <= 8; failures++) {
      const failedAt = now;
      while (asked < failures) {
        await assert.rejects(attempt(), /away/);
        now++;
      }
      delays.push(now - failedAt);
    }
    assert.ok(delays.at(-1)! >= 2_000 && delays.at(-1)! <= 2_002, `${delays}`);
    assert.ok(delays[2]! > delays[1]!);
  });

  it('opens at once after a success', async () => {
    let now = 0;
    const gate = new LoadGate(() => now);
    await assert.rejects(gate.run(() => Promise.reject(new Error('away')), always));
    now = 60;
    assert.equal(await gate.run(async () => 'loaded', always), 'loaded');
    await assert.rejects(
      gate.run(() => Promise.reject(new Error('again')), always),
      /again/,
    );
    now = 120;
    assert.equal(await gate.run(async () => 'loaded', always), 'loaded');
  });

  it('stays open after a refusal, such as of a deleted document', async () => {
    const gate = new LoadGate(() => 0);
    await assert.rejects(
      gate.run(
        () => Promise.reject(new Error('deleted')),
        () => false,
      ),
      /deleted/,
    );
    assert.equal(await gate.run(async () => 'loaded', always), 'loaded');
  });
});
