import { Client } from '../generator/client.ts';
import { textOf } from '../generator/edits.ts';
import { updateFrames } from '../generator/frames.ts';
import { startGeneratorMeter, type Workload } from './workload.ts';

/** Only to have it written soon: nothing is measured yet. */
const WINDOW = 2_000;

type Key = 'load' | 'slowest' | 'state';

export const coldLoad: Workload<Key> = {
  id: 'cold-load',
  title: 'the first to open automerge-paper',
  method:
    'The whole history is written, everyone leaves and the server comes to rest. Then, in each turn, the server is started anew and one client opens the document: from its first frame to the last byte of the whole document. The socket is open before.',
  needs: 'storage',
  metrics: {
    load: { title: 'whole document received, ms' },
    slowest: { title: 'whole document received, slowest, ms', over: 'max' },
    state: { title: 'document as sent, bytes' },
  },

  turns: { full: 9, quick: 3 },
  sizes: [
    {
      quick: true,
      async prepare({ postgres, start, paper }) {
        const name = 'cold';
        const first = await start();
        const writer = await Client.join(first.collab, name);
        await writer.write(updateFrames(name, paper), WINDOW);
        await writer.close();
        await postgres.atRest();
        await first.stop();
        return {
          async turn() {
            const meter = startGeneratorMeter();
            const server = await start();
            const client = await Client.connect(server.collab, name);
            const begun = performance.now();
            const state = await client.load();
            const load = performance.now() - begun;
            const generatorShare = meter.share();
            if (textOf(state) !== paper.text) throw new Error('The loaded document does not have the text of the history.');
            await client.close();
            await server.stop();
            return { figures: { load, slowest: load, state: state.length }, generatorShare };
          },
          finish: async () => {},
        };
      },
    },
  ],
};
