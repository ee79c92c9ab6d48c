import { Client } from '../generator/client.ts';
import { Crowd } from '../generator/crowd.ts';
import { pace } from '../generator/pace.ts';
import { readTypedRuns } from '../generator/typed-runs.ts';
import { FIRST_CLOCK } from '../generator/typist.ts';
import type { Round } from './stages.ts';
import { startGeneratorMeter, type Workload } from './workload.ts';

const WRITERS = 5;
const PER_SECOND = 5;
const FIRST_SECONDS = 10;

type Key = 'acknowledged' | 'lost' | 'lostPerKill';

export const crashLoss: Workload<Key> = {
  id: 'crash-loss',
  title: 'kill -9 while five type',
  method: `${WRITERS} people begin to type in a document, ${PER_SECOND} characters a second each; the server is killed -9 within the first ${FIRST_SECONDS} s, in each turn a little later; it is started again and a fresh client reads what is there.`,
  needs: 'storage',
  metrics: {
    acknowledged: { title: 'edits acknowledged before the kills', over: 'sum' },
    lost: { title: 'of these lost', targets: [{ atMost: 0 }], over: 'sum' },
    lostPerKill: { title: 'lost per kill' },
  },

  turns: { full: 5, quick: 2 },
  anew: true,
  sizes: [
    {
      quick: true,
      prepare: async (round) => ({
        async turn({ number, count }) {
          const meter = startGeneratorMeter();
          const { acknowledged, lost } = await killAfter(((number + 0.5) / count) * FIRST_SECONDS, round);
          return { figures: { acknowledged, lost, lostPerKill: lost }, generatorShare: meter.share() };
        },
        finish: async () => {},
      }),
    },
  ],
};

async function killAfter(seconds: number, { start, dialect }: Round): Promise<{ acknowledged: number; lost: number }> {
  const name = 'crash';
  const server = await start();
  const crowd = await Crowd.gather(server.url, dialect, [name], WRITERS);
  const { people } = crowd;
  await crowd.each((person) => person.openParagraph());
  for (const person of people) person.prepareKeystrokes(Math.ceil(seconds * PER_SECOND) + 1);
  await crowd.unlessClosed(pace({ senders: WRITERS, perSecond: PER_SECOND, seconds }, (index) => people[index]!.type()));
  await server.kill();
  await crowd.close();

  const restarted = await start();
  const reader = await Client.connect(restarted.collab, name);
  const kept = new Array<number>(WRITERS).fill(0);
  readTypedRuns(await reader.load(), (client, clock, count) => {
    kept[client - 1] = Math.max(kept[client - 1] ?? 0, clock + count - FIRST_CLOCK);
  });
  await reader.close();
  await restarted.stop();
  const counts = people.map(({ acknowledged }, index) => ({ acknowledged, lost: Math.max(0, acknowledged - kept[index]!) }));
  const sum = (key: 'acknowledged' | 'lost') => counts.reduce((total, count) => total + count[key], 0);
  return { acknowledged: sum('acknowledged'), lost: sum('lost') };
}
