import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Collection, CollectOptions } from '../../persistence/assets/asset-store.ts';
import { collectRegularly } from './collecting.ts';

const HOUR_MS = 3_600_000;
const NOTHING: Collection = { assets: [], uploads: 0 };

describe('[D15] the regular collection', () => {
  it('comes some minutes after the start and then every hour, also after a failure', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const asked: CollectOptions[] = [];
    const errors: unknown[] = [];
    const collected: Collection[] = [];
    const answers = [() => NOTHING, () => assert.fail('the database is away'), () => ({ ...NOTHING, uploads: 2 })];
    const settle = () => new Promise<void>((done) => setImmediate(done));
    const stop = collectRegularly({
      store: {
        collect: async (options) => {
          asked.push(options);
          return answers[asked.length - 1]?.() ?? NOTHING;
        },
      },
      graceHours: 24,
      now: () => 100 * HOUR_MS,
      random: () => 0.5,
      onCollected: (collection) => collected.push(collection),
      onError: (error) => errors.push(error),
    });
    t.mock.timers.tick(14 * 60_000);
    assert.equal(asked.length, 0);
    t.mock.timers.tick(60_000);
    await settle();
    assert.equal(asked.length, 1);
    assert.equal(asked[0]?.olderThan.getTime(), 76 * HOUR_MS);
    for (const times of [2, 3]) {
      t.mock.timers.tick(65 * 60_000);
      await settle();
      assert.equal(asked.length, times);
    }
    assert.equal(errors.length, 1);
    assert.deepEqual(collected, [{ ...NOTHING, uploads: 2 }], 'there is nothing to tell of a collection that removed nothing');
    stop();
    assert.equal(asked[0]?.signal?.aborted, true);
    t.mock.timers.tick(10 * HOUR_MS);
    await settle();
    assert.equal(asked.length, 3);
  });
});
