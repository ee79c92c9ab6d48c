import { setTimeout as sleep } from 'node:timers/promises';
import { percentile } from '../figures/percentile.ts';
import { Crowd, documentNames } from '../generator/crowd.ts';
import type { Person } from '../generator/person.ts';
import { stretch, type, warmUp } from './stretch.ts';
import type { Workload } from './workload.ts';

const DOCUMENTS = 200;
/** 2,000 edits a second over all documents. */
const PER_SECOND = 10;
const WARM_UP_SECONDS = 3;
const SECONDS = 2;
/** Edits on their way at once in each document when it is to saturate. */
const WINDOW = 32;
const SATURATED_WARM_UP_MS = 1_000;
const SATURATED_MS = 2_000;
/** More than any server takes from one writer in that time. */
const MAX_EDITS = 2_000;
const TOP_UP_MS = 1;

type Key = 'p50' | 'p99' | 'commit' | 'commitP99' | 'aboveCommit' | 'postgres' | 'rate' | 'cpu' | 'saturatedP99';

export const durableAcks: Workload<Key> = {
  id: 'durable-acks',
  title: `${DOCUMENTS} documents, one writer each`,
  method: `In each turn first ${(DOCUMENTS * PER_SECOND).toLocaleString('en-US')} edits a second for ${SECONDS} s after ${WARM_UP_SECONDS} s to warm up; after them, how long one small commit takes. Then as many as are acknowledged, ${WINDOW} on their way at once in each document, for ${SATURATED_MS / 1_000} s after ${SATURATED_WARM_UP_MS / 1_000} s. Inkwire acknowledges what is committed, the others what is in memory.`,
  needs: 'acknowledgements',
  metrics: {
    p50: { title: '2,000 edits/s: acknowledged after, p50, ms' },
    p99: { title: '2,000 edits/s: acknowledged after, p99, ms', targets: [{ atMost: 25 }] },
    commit: { title: '2,000 edits/s: one commit by itself, p50, ms' },
    commitP99: { title: '2,000 edits/s: one commit by itself, p99, ms' },
    aboveCommit: { title: '2,000 edits/s: p50 above one commit, ms', targets: [{ atMost: 3 }] },
    postgres: { title: '2,000 edits/s: Postgres CPU per edit, µs' },
    rate: { title: 'saturated: acknowledged edits per second', targets: [{ atLeast: 15_000 }] },
    cpu: { title: 'saturated: server CPU per edit, µs' },
    saturatedP99: { title: 'saturated: acknowledged after, p99, ms' },
  },

  turns: { full: 7, quick: 2 },
  sizes: [
    {
      quick: true,
      async prepare({ start, dialect, stores, postgres }) {
        const server = await start();
        const crowd = await Crowd.gather(server.url, dialect, documentNames('acks', DOCUMENTS), 1);
        const { people, acks } = crowd;
        await warmUp(server, crowd, people, { perSecond: PER_SECOND, seconds: WARM_UP_SECONDS });
        const flood = new Flood(people);

        const paced = async () => {
          const postgresBefore = postgres.cpuSeconds();
          const { generatorShare } = await type(server, crowd, people, { perSecond: PER_SECOND, seconds: SECONDS });
          const postgresSeconds = postgres.cpuSeconds() - postgresBefore;
          const [p50, p99, edits] = [acks.within(0.5), acks.within(0.99), acks.arrived];
          const commits = await postgres.commitMilliseconds();
          const commit = percentile(commits, 0.5);
          const figures = { p50, p99, commit, commitP99: percentile(commits, 0.99), aboveCommit: p50 - commit };
          return { figures: { ...figures, ...(stores && { postgres: (postgresSeconds * 1e6) / edits }) }, generatorShare };
        };
        const saturated = async () => {
          for (const person of people) person.prepareKeystrokes(MAX_EDITS);
          await crowd.unlessClosed(flood.run(SATURATED_WARM_UP_MS));
          crowd.resetMidway();
          const { seconds, cpuSeconds, generatorShare } = await stretch(server, () => crowd.unlessClosed(flood.run(SATURATED_MS)));
          const [edits, saturatedP99] = [acks.arrived, acks.within(0.99)];
          await crowd.settled();
          return { figures: { rate: edits / seconds, cpu: (cpuSeconds * 1e6) / edits, saturatedP99 }, generatorShare };
        };
        return {
          async turn() {
            const [slow, fast] = [await paced(), await saturated()];
            return {
              figures: { ...slow.figures, ...fast.figures },
              generatorShare: Math.max(slow.generatorShare, fast.generatorShare),
            };
          },
          finish: () => crowd.close(),
        };
      },
    },
  ],
};

/** Writers who always have as many edits on their way as they may. */
class Flood {
  readonly #people: readonly Person[];

  constructor(people: readonly Person[]) {
    this.#people = people;
  }

  async run(milliseconds: number): Promise<void> {
    const until = performance.now() + milliseconds;
    while (performance.now() < until) {
      for (const person of this.#people) while (person.unacknowledged < WINDOW && person.prepared > 0) person.type();
      await sleep(TOP_UP_MS);
    }
  }
}
