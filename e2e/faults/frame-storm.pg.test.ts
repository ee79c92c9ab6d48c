import { describe, it } from 'node:test';
import { seededRandom } from '../seeded-random.ts';
import { storm } from './frame-storm.ts';

const FRAMES = 3_000;

describe('a storm of damaged frames', () => {
  it(`[D2] [D3] [S1] ${FRAMES} of them go unnoticed by honest people`, async (t) => {
    const random = seededRandom();
    t.diagnostic(`seed ${random.seed}`);
    await storm(t, FRAMES, random);
  });
});
