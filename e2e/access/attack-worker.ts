import { constants, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { seededRandom } from '../seeded-random.ts';
import { Attacker } from './attacker.ts';
import { ATTACKS, BY_WEIGHT } from './attacks.ts';
import type { Ground } from './target.ts';

// Attackers have machines of their own: here they get the time that the server and the honest leave. On Linux this is of the thread.
if (process.platform === 'linux') setPriority(constants.priority.PRIORITY_LOW);

const { ground, seed } = workerData as { ground: Ground; seed: number };
const random = seededRandom(seed);
let attacking = false;
let made = 0;

const light = ATTACKS.filter((attack) => !BY_WEIGHT.includes(attack));
let kinds = light;

/**
 * One attack after another, whichever, until it is over. One at a time: four at once and the honest, a
 * server and Postgres on two cores measure who gets a core. How each ends is tried elsewhere.
 */
async function attack(): Promise<void> {
  while (attacking) {
    const [, , how] = kinds[random.below(kinds.length)]!;
    const eve = new Attacker(ground);
    await how(eve).catch(() => {});
    eve.leave();
    made++;
  }
}

parentPort!.on('message', async (word: 'light' | 'all' | 'end') => {
  attacking = word !== 'end';
  if (!attacking) return;
  kinds = word === 'all' ? [...ATTACKS] : light;
  await attack();
  parentPort!.postMessage(made);
});
