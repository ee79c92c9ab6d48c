import { setTimeout as sleep } from 'node:timers/promises';
import { percentile } from '../figures/percentile.ts';
import { Client } from '../generator/client.ts';
import { stateAfter } from '../generator/edits.ts';
import { oneFrame, updateFrames } from '../generator/frames.ts';
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

  async run({ postgres, start, paper }) {
    const server = await start();
    const latencies: number[] = [];
    const meter = startGeneratorMeter();

    const walOfTyping = async (name: string, from: number): Promise<number> => {
      await postgres.checkpoint();
      const client = await Client.join(server.collab, name);
      await client.write(oneFrame(name, stateAfter(paper, from)), 1);
      const first = from + 2 * WARM_UP;
      const keys = updateFrames(name, paper, first, Math.min(first + KEYSTROKES, paper.count));
      for (const warm of [from, from + WARM_UP]) {
        await client.write(updateFrames(name, paper, warm, warm + WARM_UP), 1);
        await postgres.atRest();
      }
      const before = await postgres.walBytes();
      for (let index = 0; index < keys.count; index++) {
        await client.write({ count: 1, at: () => keys.at(index) }, 1, (ms) => latencies.push(ms));
        await sleep(1_000 / PER_SECOND);
      }
      await postgres.atRest();
      const written = (await postgres.walBytes()) - before;
      await client.close();
      return written / keys.count;
    };
    const walShort = await walOfTyping('short', 1);
    const walLong = await walOfTyping('long', Math.max(1, paper.count - KEYSTROKES - 2 * WARM_UP));
    await server.stop();
    return {
      figures: { walShort, walLong, growth: walLong / walShort, p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99) },
      generatorShare: meter.share(),
    };
  },
};
