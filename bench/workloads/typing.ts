import { setTimeout as sleep } from 'node:timers/promises';
import { percentile } from '../figures/percentile.ts';
import { Client } from '../generator/client.ts';
import { stateAfter } from '../generator/edits.ts';
import { oneFrame, updateFrames } from '../generator/frames.ts';
import type { ServerProcess } from '../servers/server-process.ts';
import type { Round } from './stages.ts';
import { startGeneratorMeter, type Workload } from './workload.ts';

/** A fast typist, characters per second, for as long as a stock server puts off a store at most (10 s). */
const PER_SECOND = 5;
const KEYSTROKES = 50;
/** Twice written and at rest before anything is counted: the first touch of a page since a checkpoint writes it whole, and a store moves on to other pages. */
const WARM_UP = 20;

type Key = 'walShort' | 'walLong' | 'growth' | 'p50' | 'p99';

export const typing: Workload<Key> = {
  id: 'typing',
  title: 'one person typing',
  method: `${KEYSTROKES} keystrokes at ${PER_SECOND} a second, each sent by itself, at the beginning of automerge-paper and at its end, where the document is large; the document so far arrives as one update. Postgres' log is read after the server has come to rest.`,
  needs: 'storage',
  long: true,
  metrics: {
    walShort: { title: 'WAL per keystroke, short document, bytes' },
    walLong: { title: 'WAL per keystroke, long document, bytes' },
    growth: { title: 'long ÷ short', targets: [{ atMost: 1.5 }] },
    p50: { title: 'acknowledged after, p50, ms' },
    p99: { title: 'acknowledged after, p99, ms' },
  },

  turns: { full: 1, quick: 1 },
  anew: true,
  sizes: [
    {
      quick: true,
      prepare: async (round) => ({
        async turn() {
          const server = await round.start();
          const meter = startGeneratorMeter();
          const short = await walOfTyping(server, 'short', 1, round);
          const long = await walOfTyping(server, 'long', Math.max(1, round.paper.count - KEYSTROKES - 2 * WARM_UP), round);
          const latencies = [...short.latencies, ...long.latencies];
          return {
            figures: {
              walShort: short.walBytes,
              walLong: long.walBytes,
              growth: long.walBytes / short.walBytes,
              p50: percentile(latencies, 0.5),
              p99: percentile(latencies, 0.99),
            },
            generatorShare: meter.share(),
          };
        },
        finish: async () => {},
      }),
    },
  ],
};

/** Bytes of write-ahead log of a keystroke behind edit `from` of the history, and how long each waited for its acknowledgement, ms. */
async function walOfTyping({ collab }: ServerProcess, name: string, from: number, { postgres, paper }: Round) {
  await postgres.checkpoint();
  const client = await Client.join(collab, name);
  await client.write(oneFrame(name, stateAfter(paper, from)), 1);
  const first = from + 2 * WARM_UP;
  const keys = updateFrames(name, paper, first, Math.min(first + KEYSTROKES, paper.count));
  for (const warm of [from, from + WARM_UP]) {
    await client.write(updateFrames(name, paper, warm, warm + WARM_UP), 1);
    await postgres.atRest();
  }
  const latencies: number[] = [];
  const before = await postgres.walBytes();
  for (let index = 0; index < keys.count; index++) {
    await client.write({ count: 1, at: () => keys.at(index) }, 1, (ms) => latencies.push(ms));
    await sleep(1_000 / PER_SECOND);
  }
  await postgres.atRest();
  const written = (await postgres.walBytes()) - before;
  await client.close();
  return { walBytes: written / keys.count, latencies };
}
