import { after, before, describe, it } from 'node:test';
import { seededRandom } from '../seeded-random.ts';
import { FAULTS } from './all-faults.ts';
import { FaultEnv } from './fault.ts';
import { type Load, rideOut } from './ride-out.ts';

const LOAD: Load = { writers: 4, documents: 2, paceMs: 5, before: 200, during: 30 };

describe('faults under typing', () => {
  const random = seededRandom();
  let env: FaultEnv;
  before(async () => {
    env = await FaultEnv.start(random);
  });
  after(() => env.dispose());

  for (const fault of FAULTS) {
    it(`[D1] [D4] [D6] [D7] nothing acknowledged is lost when ${fault.name}`, async (t) => {
      t.diagnostic(`seed ${random.seed}`);
      const why = (await fault.unavailable?.()) ?? null;
      if (why !== null) t.skip(why);
      else await rideOut(t, env, fault, LOAD, random);
    });
  }
});
