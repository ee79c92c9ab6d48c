import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { describe, it } from 'node:test';
import { Simulation } from './testing/simulation.ts';
import type { Mutant } from './testing/simulation-options.ts';

const FIRST_SEED = Number(process.env.SEED ?? randomInt(2 ** 30));
const SCHEDULES = Number(process.env.SCHEDULES ?? 400);

describe('the protocol of the nodes, simulated', () => {
  it('[C1] converges after any loss of messages, deaths, and outages of the broker and the database', (t) => {
    t.diagnostic(`SEED=${FIRST_SEED} SCHEDULES=${SCHEDULES}`);
    let latest = 0;
    for (let seed = FIRST_SEED; seed < FIRST_SEED + SCHEDULES; seed++) {
      const { problems, settledMs } = new Simulation({ seed }).run();
      assert.deepEqual(problems, [], `seed ${seed}`);
      latest = Math.max(latest, settledMs);
    }
    t.diagnostic(`the nodes held the same ${latest} ms after the last fault at the latest`);
    assert.ok(latest <= 1_000, `one schedule took ${latest} ms to settle`);
  });

  it('converges with more nodes, documents and faults than there ever are', (t) => {
    t.diagnostic(`SEED=${FIRST_SEED}`);
    for (let seed = FIRST_SEED; seed < FIRST_SEED + 10; seed++) {
      const { problems } = new Simulation({ seed, nodes: 6, documents: 5, edits: 120, faults: 25 }).run();
      assert.deepEqual(problems, [], `seed ${seed}`);
    }
  });

  it('is repeated by its seed', () => assert.deepEqual(new Simulation({ seed: 4711 }).run(), new Simulation({ seed: 4711 }).run()));

  const mutants: readonly Mutant[] = [
    'takes gaps for none',
    'reads nothing',
    'hears no pulses and compares nothing',
    'asks for no presence',
  ];
  for (const mutant of mutants) {
    it(`finds a protocol that ${mutant}`, () => {
      const found = Array.from({ length: 40 }, (_, seed) => new Simulation({ seed, mutant }).run().problems.length > 0);
      assert.ok(found.includes(true));
    });
  }
});
