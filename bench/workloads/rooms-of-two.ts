import { Crowd, documentNames } from '../generator/crowd.ts';
import { byCase, type Case } from './by-case.ts';
import type { Prepare } from './stages.ts';
import { type, warmUp } from './stretch.ts';
import type { Workload } from './workload.ts';

interface Rooms extends Case {
  readonly documents: number;
}

const CASES: readonly Rooms[] = [
  { title: '200 documents', documents: 200 },
  { title: '1,000 documents', documents: 1_000, quick: true },
];
const PER_SECOND = 2;
/** V8 goes on compiling for about as long, which costs a server that has just begun a sixth more. */
const WARM_UP = { perSecond: 6, seconds: 7 };
const SECONDS = 2;

export const roomsOfTwo: Workload = {
  id: 'rooms-of-two',
  title: 'rooms of two',
  method: `Two people in each document, both typing ${PER_SECOND} characters a second for ${SECONDS} s a turn, after ${WARM_UP.seconds} s at ${WARM_UP.perSecond} a second to warm up.`,
  turns: { full: 9, quick: 3 },
  ...byCase(
    CASES,
    () => ({
      cpu: {
        title: 'server CPU per delivered, µs',
        targets: [
          { times: 'stock', atMost: 0.65 },
          { times: 'y-websocket', atMost: 1 },
        ],
      },
      postgres: { title: 'Postgres CPU per delivered, µs' },
      p50: { title: 'delivered after, p50, ms' },
      p99: { title: 'delivered after, p99, ms' },
    }),
    prepare,
  ),
};

function prepare({ documents }: Rooms): Prepare {
  return async ({ start, dialect, stores, postgres }) => {
    const server = await start();
    const crowd = await Crowd.gather(server.url, dialect, documentNames(`two-of-${documents}`, documents), 2);
    const { people, text } = crowd;
    await warmUp(server, crowd, people, WARM_UP);
    return {
      async turn() {
        const postgresBefore = postgres.cpuSeconds();
        const { cpuSeconds, generatorShare } = await type(server, crowd, people, { perSecond: PER_SECOND, seconds: SECONDS });
        const postgresSeconds = postgres.cpuSeconds() - postgresBefore;
        const micros = (seconds: number) => (seconds * 1e6) / text.arrived;
        return {
          figures: {
            cpu: micros(cpuSeconds),
            ...(stores && { postgres: micros(postgresSeconds) }),
            p50: text.within(0.5),
            p99: text.within(0.99),
          },
          generatorShare,
        };
      },
      finish: () => crowd.close(),
    };
  };
}
