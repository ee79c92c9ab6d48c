import { median, percentile } from '../figures/percentile.ts';
import { Client } from '../generator/client.ts';
import { textOf } from '../generator/edits.ts';
import { updateFrames } from '../generator/frames.ts';
import { startGeneratorMeter, type Workload } from './workload.ts';

const LOADS = 9;
/** Only to have it written soon: nothing is measured yet. */
const WINDOW = 2_000;

type Key = 'load' | 'slowest' | 'state';

export const coldLoad: Workload<Key> = {
  id: 'cold-load',
  title: 'the first to open automerge-paper',
  method: `The whole history is written, everyone leaves and the server comes to rest. Then, ${LOADS} times, the server is started anew and one client opens the document: from its first frame to the last byte of the whole document. The socket is open before.`,
  needs: 'storage',
  metrics: {
    load: { title: 'whole document received, median, ms' },
    slowest: { title: 'whole document received, slowest, ms' },
    state: { title: 'document as sent, bytes' },
  },

  async run({ postgres, start, paper }) {
    const name = 'cold';
    const first = await start();
    const writer = await Client.join(first.collab, name);
    await writer.write(updateFrames(name, paper), WINDOW);
    await writer.close();
    await postgres.atRest();
    await first.stop();

    const times: number[] = [];
    const meter = startGeneratorMeter();
    let stateBytes = 0;
    for (let load = 0; load < LOADS; load++) {
      const server = await start();
      const client = await Client.connect(server.collab, name);
      const begun = performance.now();
      const state = await client.load();
      times.push(performance.now() - begun);
      stateBytes = state.length;
      if (textOf(state) !== paper.text) throw new Error('The loaded document does not have the text of the history.');
      await client.close();
      await server.stop();
    }
    return {
      figures: { load: median(times), slowest: percentile(times, 1), state: stateBytes },
      generatorShare: meter.share(),
    };
  },
};
