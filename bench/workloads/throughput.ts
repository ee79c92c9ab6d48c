import { setTimeout as sleep } from 'node:timers/promises';
import { percentile } from '../figures/percentile.ts';
import { Client } from '../generator/client.ts';
import { updateFrames } from '../generator/frames.ts';
import { startGeneratorMeter, type Workload } from './workload.ts';

const DOCUMENTS = 100;
/** Edits on their way at once, per document. */
const WINDOW = 8;
const MOST_EDITS = 10_000;
const WARM_UP_MS = 1_000;
const MEASURED_MS = 5_000;

type Key = 'rate' | 'p50' | 'p99' | 'cpuPerEdit';

export const throughput: Workload<Key> = {
  id: 'throughput',
  title: `${DOCUMENTS} documents written as fast as they are acknowledged`,
  method: `One writer per document, ${WINDOW} edits on their way at once in each, for ${MEASURED_MS / 1_000} s after a second to warm up. The latencies are those of a saturated server: ${DOCUMENTS * WINDOW} edits wait at any time. Inkwire acknowledges what is committed, stock what is in memory.`,
  needs: 'acknowledgements',
  metrics: {
    rate: { title: 'acknowledged edits per second', targets: [{ atLeast: 5_000 }] },
    p50: { title: 'acknowledged after, p50, ms' },
    p99: { title: 'acknowledged after, p99, ms' },
    cpuPerEdit: { title: 'server CPU per edit, µs' },
  },

  async run({ start, paper }) {
    const server = await start();
    const names = Array.from({ length: DOCUMENTS }, (_, index) => `busy-${index}`);
    const writers: { client: Client; frames: ReturnType<typeof updateFrames> }[] = [];
    for (const name of names) {
      const frames = updateFrames(name, paper, 0, Math.min(MOST_EDITS, paper.count));
      writers.push({ client: await Client.join(server.collab, name), frames });
    }

    let latencies: number[] = [];
    const writing = Promise.all(writers.map(({ client, frames }) => client.write(frames, WINDOW, (ms) => latencies.push(ms))));
    await Promise.race([writing, sleep(WARM_UP_MS)]);
    latencies = [];
    const cpuBefore = (await server.usage()).cpuSeconds;
    const meter = startGeneratorMeter();
    const begun = performance.now();
    await Promise.race([writing, sleep(MEASURED_MS)]);
    const seconds = (performance.now() - begun) / 1_000;
    const measured = latencies;
    latencies = [];
    const generatorShare = meter.share();
    const cpu = (await server.usage()).cpuSeconds - cpuBefore;
    for (const { client } of writers) client.stopWriting();
    await writing;
    await Promise.all(writers.map(({ client }) => client.close()));
    await server.stop();
    return {
      figures: {
        rate: measured.length / seconds,
        p50: percentile(measured, 0.5),
        p99: percentile(measured, 0.99),
        cpuPerEdit: (cpu * 1e6) / measured.length,
      },
      generatorShare,
    };
  },
};
