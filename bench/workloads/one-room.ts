import { Crowd } from '../generator/crowd.ts';
import { byCase, type Case } from './by-case.ts';
import { type, warmUp } from './stretch.ts';
import type { Metric, Outcome, Round, Workload } from './workload.ts';

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
const WARM_UP_SECONDS = 10;
const SECONDS = 6;

export const oneRoom: Workload = {
  id: 'one-room',
  title: 'one room',
  method: `Everyone in one document; those who write type ${PER_SECOND} characters a second for ${SECONDS} s, after ${WARM_UP_SECONDS} s at ${warmUpPace(200)} a second (1,000 people: ${warmUpPace(1_000)}) to warm up.`,
  ...byCase(CASES, metricsOf, measure),
};

function metricsOf({ quick }: OneRoom): Record<string, Metric> {
  return {
    cpu: { title: 'server CPU per 1,000 delivered, ms', targets: quick ? [{ times: 'stock', atMost: 0.8 }] : [] },
    p50: { title: 'delivered after, p50, ms' },
    // "No worse": less than 15 % more is a tie.
    p99: { title: 'delivered after, p99, ms', targets: quick ? [{ times: 'stock', atMost: 1.15 }] : [] },
  };
}

async function measure({ people, writers }: OneRoom, { start, dialect }: Round): Promise<Outcome> {
  const server = await start();
  const crowd = await Crowd.gather(server.url, dialect, [`room-${people}-${writers}`], people);
  const writing = crowd.people.slice(0, writers);
  await warmUp(server, crowd, writing, { perSecond: warmUpPace(people), seconds: WARM_UP_SECONDS });
  const { cpuSeconds, generatorShare } = await type(server, crowd, writing, { perSecond: PER_SECOND, seconds: SECONDS });
  await crowd.close();
  await server.stop();
  const { text } = crowd;
  return {
    figures: { cpu: (cpuSeconds * 1e6) / text.arrived, p50: text.within(0.5), p99: text.within(0.99) },
    generatorShare,
  };
}
