import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RawSocket } from '../raw-socket.ts';
import { seededRandom } from '../seeded-random.ts';
import { until } from '../wait.ts';
import { FaultEnv } from './fault.ts';
import { Ledger } from './ledger.ts';
import { stopped } from './ride-out.ts';

describe('a shutdown', () => {
  it('[D7] keeps its limit when the clock is set back meanwhile and the database is away', async (t) => {
    const env = await FaultEnv.start(seededRandom());
    t.after(() => env.dispose());
    const ledger = new Ledger(t);
    const typist = await ledger.hire(env.server, 'plan', 'a');
    env.proxy.set({ kind: 'stall' });
    typist.type();
    const { pid } = env.server;
    const outcome = await stopped(env, async () => {
      const isClosed = () =>
        RawSocket.open(env.server.collab).then(
          (socket) => socket.close(),
          () => true,
        );
      await until('it takes nobody in any more', isClosed);
      process.kill(pid, 'SIGUSR2');
    });
    env.proxy.set({ kind: 'none' });
    assert.equal(outcome, 0);
    await env.server.start();
    await ledger.check(env);
  });
});
