import { after, before, describe, it } from 'node:test';
import { seededRandom } from '../seeded-random.ts';
import { FAULTS } from './all-faults.ts';
import { type Fault, FaultEnv } from './fault.ts';
import { storm } from './frame-storm.ts';
import { type Load, rideOut } from './ride-out.ts';
import { killBoth } from './scenarios/kill-both.ts';
import { killPostgres } from './scenarios/kill-postgres.ts';
import { killServer } from './scenarios/kill-server.ts';

const KILLING: readonly Fault[] = [killServer, killPostgres, killBoth];
const KILLS = 100;
const OTHER_ROUNDS = 3;
const FRAMES = 200_000;

const KILLED: Load = { writers: 50, documents: 10, paceMs: 50, before: 2_000, during: 10 };
/** At this pace 600 words of a writer take 30 s. */
const LASTING: Load = { writers: 50, documents: 10, paceMs: 50, before: 2_000, during: 600 };

describe('faults under 50 writers', () => {
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
      if (why !== null) {
        t.skip(why);
        return;
      }
      const [load, count] = KILLING.includes(fault) ? [KILLED, KILLS] : [LASTING, OTHER_ROUNDS];
      for (let round = 1; round <= count; round++) {
        await rideOut(t, env, fault, load, random);
        process.stdout.write(`… ${fault.name}: ${round} of ${count}\n`);
      }
    });
  }
});

describe('a storm of damaged frames', () => {
  it(`[D2] [D3] [S1] ${FRAMES} of them go unnoticed by honest people`, async (t) => {
    const random = seededRandom();
    t.diagnostic(`seed ${random.seed}`);
    await storm(t, FRAMES, random);
  });
});
