import { setTimeout as sleep } from 'node:timers/promises';
import { Crowd, documentNames } from '../generator/crowd.ts';
import type { Usage } from '../servers/probe.ts';
import type { ServerProcess } from '../servers/server-process.ts';
import { byCase, type Case } from './by-case.ts';
import type { Prepare } from './stages.ts';
import { startGeneratorMeter, type Workload } from './workload.ts';

interface Idle extends Case {
  /** Documents that so many connections are in. */
  readonly documents: (connections: number) => number;
  readonly mostKilobytes: number;
}

const CASES: readonly Idle[] = [
  { title: 'one document', documents: () => 1, mostKilobytes: 12, quick: true },
  { title: 'a document each', documents: (connections) => connections, mostKilobytes: 24, quick: true },
];
const CONNECTIONS = 5_000;
const QUICK_CONNECTIONS = 2_000;
/** Come and gone before: what a server grows to once is not what a connection costs. */
const WARM_UP_CONNECTIONS = 500;
const REST_MS = 2_500;

/** V8's young generation grows to 50 MB or more when much is made at once, and is empty afterwards: no cost of a connection. */
const YOUNG_GENERATION = ['--min-semi-space-size=16', '--max-semi-space-size=16'];

export const idleConnections: Workload = {
  id: 'idle-connections',
  title: 'idle connections',
  method: `${CONNECTIONS.toLocaleString('en-US')} sockets (${QUICK_CONNECTIONS.toLocaleString('en-US')} with --quick) that have joined and are left alone, after ${WARM_UP_CONNECTIONS} others have come and gone: resident memory of the server and what JavaScript holds of it, after full garbage collections, against the memory before. V8's young generation, which grows once and not with connections, has its full size of 16 MB from the start.`,
  turns: { full: 3, quick: 1 },
  anew: true,
  ...byCase(
    CASES,
    ({ mostKilobytes }) => ({
      resident: { title: 'resident per connection, KB', targets: [{ atMost: mostKilobytes }] },
      held: { title: 'held per connection, KB', targets: [{ atMost: mostKilobytes }] },
      cpu: { title: 'server CPU to connect and join, ms' },
    }),
    prepare,
  ),
};

function prepare({ title, documents }: Idle): Prepare {
  return async ({ start, dialect, quick }) => {
    const connections = quick ? QUICK_CONNECTIONS : CONNECTIONS;
    const server = await start(YOUNG_GENERATION);
    const gather = async (prefix: string, count: number) => {
      const names = documentNames(`${title}-${prefix}`, documents(count));
      return await Crowd.gather(server.url, dialect, names, count / names.length);
    };
    await (await gather('warm', WARM_UP_CONNECTIONS)).close();
    return {
      async turn() {
        const before = await atRest(server);
        const meter = startGeneratorMeter();
        const crowd = await gather('idle', connections);
        const generatorShare = meter.share();
        const { cpuSeconds } = await server.usage();
        const after = await atRest(server);
        await crowd.close();
        const each = (total: number) => total / connections / 1_000;
        return {
          figures: {
            resident: each(after.residentBytes - before.residentBytes),
            held: each(after.heldBytes - before.heldBytes),
            cpu: ((cpuSeconds - before.cpuSeconds) * 1e3) / connections,
          },
          generatorShare,
        };
      },
      finish: async () => {},
    };
  };
}

/** Once timers that follow a join or a leave have run out. */
async function atRest(server: ServerProcess): Promise<Usage> {
  await sleep(REST_MS);
  return await server.usage(true);
}
