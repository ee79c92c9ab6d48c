import { after, before, describe, it } from 'node:test';
import { seededRandom } from '../seeded-random.ts';
import { FAULTS } from './all-faults.ts';
import { FaultEnv } from './fault.ts';
import { type Load, rideOut } from './ride-out.ts';

const LOAD: Load = { writers: 4, documents: 2, paceMs: 10, before: 80, during: 30 };
/** Side by side, each with a server and a Postgres of its own: most of a fault's time is waiting. */
const LANES = 2;

describe('faults under typing', { concurrency: LANES }, () => {
  const { seed } = seededRandom();
  for (let lane = 0; lane < LANES; lane++) {
    describe(`lane ${lane + 1} of ${LANES}`, { concurrency: 1 }, () => {
      const random = seededRandom(seed + lane);
      let env: FaultEnv;
      before(async () => {
        env = await FaultEnv.start(random);
      });
      after(() => env.dispose());

      for (const fault of FAULTS.filter((_, at) => at % LANES === lane)) {
        it(`[D1] [D4] [D6] [D7] nothing acknowledged is lost when ${fault.name}`, async (t) => {
          t.diagnostic(`seed ${seed}`);
          const why = (await fault.unavailable?.()) ?? null;
          if (why !== null) t.skip(why);
          else await rideOut(t, env, fault, LOAD, random);
        });
      }
    });
  }
});
