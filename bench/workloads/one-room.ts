import { Crowd } from '../generator/crowd.ts';
import { byCase, type Case } from './by-case.ts';
import type { Prepare } from './stages.ts';
import { type, warmUp } from './stretch.ts';
import type { Metric, Workload } from './workload.ts';

interface OneRoom extends Case {
  readonly people: number;
  readonly writers: number;
}

const CASES: readonly OneRoom[] = [10, 50, 200, 1_000].flatMap((people) =>
  [1, 10].map((writers) => ({
    title: `${people.toLocaleString('en-US')} people, ${writers === 1 ? '1 writes' : `${writers} write`}`,
    people,
    writers,
    quick: people === 200 && writers === 10,
  })),
);
const PER_SECOND = 5;
/**
 * V8 compiles what is called often: at the pace that is measured it would go on for minutes, which costs
 * a server that has just begun a fifth more. A thousand receivers leave no room for a faster pace.
 */
const warmUpPace = (people: number) => (people > 200 ? PER_SECOND : 5 * PER_SECOND);
const WARM_UP_SECONDS = 8;
const SECONDS = 3;

export const oneRoom: Workload = {
  id: 'one-room',
  title: 'one room',
  method: `Everyone in one document; those who write type ${PER_SECOND} characters a second for ${SECONDS} s a turn, after ${WARM_UP_SECONDS} s at ${warmUpPace(200)} a second (1,000 people: ${warmUpPace(1_000)}) to warm up.`,
  turns: { full: 7, quick: 3 },
  ...byCase(CASES, metricsOf, prepare),
};

function metricsOf({ quick }: OneRoom): Record<string, Metric> {
  return {
    cpu: { title: 'server CPU per 1,000 delivered, ms', targets: quick ? [{ times: 'stock', atMost: 0.8 }] : [] },
    p50: { title: 'delivered after, p50, ms' },
    // "No worse": less than 15 % more is a tie.
    p99: { title: 'delivered after, p99, ms', targets: quick ? [{ times: 'stock', atMost: 1.15 }] : [] },
  };
}

function prepare({ people, writers }: OneRoom): Prepare {
  return async ({ start, dialect }) => {
    const server = await start();
    const crowd = await Crowd.gather(server.url, dialect, [`room-${people}-${writers}`], people);
    const { text } = crowd;
    const writing = crowd.people.slice(0, writers);
    await warmUp(server, crowd, writing, { perSecond: warmUpPace(people), seconds: WARM_UP_SECONDS });
    return {
      async turn() {
        const { cpuSeconds, generatorShare } = await type(server, crowd, writing, { perSecond: PER_SECOND, seconds: SECONDS });
        return {
          figures: { cpu: (cpuSeconds * 1e6) / text.arrived, p50: text.within(0.5), p99: text.within(0.99) },
          generatorShare,
        };
      },
      finish: () => crowd.close(),
    };
  };
}
