import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { MovingOut } from './moving-out.ts';

const settle = async () => {
  for (let turn = 0; turn < 5; turn++) await new Promise<void>((done) => setImmediate(done));
};

describe('moving pictures and files out', () => {
  function scene(t: TestContext) {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const told: string[] = [];
    const calls: PromiseWithResolvers<number>[] = [];
    const moving = new MovingOut({
      store: {
        moveOut: () => {
          const call = Promise.withResolvers<number>();
          calls.push(call);
          return call.promise;
        },
      },
      onAway: () => told.push('away'),
      onBack: () => told.push('back'),
    });
    t.after(() => moving.stop());
    return { moving, calls, told };
  }

  it('begins at once, and once more for what came meanwhile', async (t) => {
    const { moving, calls } = scene(t);
    moving.kick();
    moving.kick();
    moving.kick();
    assert.equal(calls.length, 1);
    calls[0]!.resolve(1);
    await settle();
    assert.equal(calls.length, 2);
    calls[1]!.resolve(0);
    await settle();
    assert.equal(calls.length, 2);
  });

  it('waits longer each time while the storage is away, and tells of it once', async (t) => {
    const { moving, calls, told } = scene(t);
    moving.kick();
    for (const pause of [5_000, 10_000, 20_000]) {
      calls.at(-1)!.reject(new Error('away'));
      await settle();
      moving.kick();
      const before = calls.length;
      t.mock.timers.tick(pause - 1);
      assert.equal(calls.length, before);
      t.mock.timers.tick(1);
      assert.equal(calls.length, before + 1);
    }
    calls.at(-1)!.resolve(3);
    await settle();
    assert.deepEqual(told, ['away', 'back']);
    const before = calls.length;
    moving.kick();
    assert.equal(calls.length, before + 1);
    calls.at(-1)!.resolve(0);
  });

  it('stops when what it is at has ended, and begins nothing after', async (t) => {
    const { moving, calls } = scene(t);
    moving.kick();
    let stopped = false;
    const stop = moving.stop().then(() => {
      stopped = true;
    });
    await settle();
    assert.equal(stopped, false);
    calls[0]!.reject(new Error('the end'));
    await stop;
    moving.kick();
    await settle();
    assert.equal(calls.length, 1);
  });
});
