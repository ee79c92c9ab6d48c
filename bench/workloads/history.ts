import { Client } from '../generator/client.ts';
import { updateFrames } from '../generator/frames.ts';
import { startGeneratorMeter, type Workload } from './workload.ts';

const WINDOW = 2_000;
const NAME = 'paper';

/** Versions in the middle of the history that a turn reads, and how far apart. */
const NEIGHBOURS = 5;

type Key = 'cold' | 'warm' | 'list' | 'apart' | 'whole' | 'history' | 'checkpoints';

export const history: Workload<Key> = {
  id: 'history',
  title: 'versions of automerge-paper',
  method:
    'The whole history is written, everyone leaves and the server comes to rest. In each turn the server is started anew, and is asked over HTTP: for the last version, so that the threads run; for a version at a random place as text, and for five neighbours of it; for the list of what was written; for the difference of two versions half the history apart; and for who wrote what of the last.',
  needs: 'history',
  metrics: {
    cold: { title: 'a version, first of its stretch, ms', targets: [{ atMost: 300 }] },
    warm: { title: 'a neighbour of it, ms', targets: [{ atMost: 80 }] },
    list: { title: 'what was written when and by whom, ms', targets: [{ atMost: 100 }] },
    apart: { title: 'difference of two versions half the history apart, ms' },
    whole: { title: 'who wrote what of the last version, ms' },
    history: { title: 'history, bytes per edit' },
    checkpoints: { title: 'checkpoints, bytes per edit' },
  },
  turns: { full: 9, quick: 3 },
  sizes: [
    {
      quick: true,
      async prepare({ postgres, database, start, paper }) {
        const first = await start();
        const writer = await Client.join(first.collab, NAME);
        await writer.write(updateFrames(NAME, paper), WINDOW);
        await writer.close();
        await postgres.atRest();
        await first.stop();
        const stored = await postgres.historyBytes(database);
        return {
          async turn({ number, count }) {
            const meter = startGeneratorMeter();
            const server = await start();
            const base = `${server.url.replace('ws', 'http')}/api/documents/${NAME}`;
            const ask = async (path: string) => {
              const begun = performance.now();
              const response = await fetch(`${base}/${path}`);
              if (!response.ok) throw new Error(`${path} was answered ${response.status}`);
              await response.arrayBuffer();
              return performance.now() - begun;
            };
            await ask(`versions/${paper.count}?format=text`);
            // Spread over the history, and never in the stretch that was read.
            const place = Math.floor(((number + 0.5) / (count + 1)) * paper.count) + 1;
            const cold = await ask(`versions/${place}?format=text`);
            let warm = 0;
            for (let step = 1; step <= NEIGHBOURS; step++)
              warm += (await ask(`versions/${Math.max(1, place - step * 50)}?format=text`)) / NEIGHBOURS;
            await ask('versions');
            const list = await ask('versions');
            const apart = await ask(`versions/${Math.floor(paper.count / 2)}...${paper.count}?blocks=0`);
            const whole = await ask(`versions/0...${paper.count}?blocks=0`);
            await server.stop();
            const figures = {
              cold,
              warm,
              list,
              apart,
              whole,
              history: stored.history / paper.count,
              checkpoints: stored.checkpoints / paper.count,
            };
            return { figures, generatorShare: meter.share() };
          },
          finish: async () => {},
        };
      },
    },
  ],
};
