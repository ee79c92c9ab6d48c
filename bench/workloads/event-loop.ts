import { Crowd, documentNames } from '../generator/crowd.ts';
import { type, warmUp } from './stretch.ts';
import type { Workload } from './workload.ts';

const DOCUMENTS = 1_000;
const PER_SECOND = 2;
const WARM_UP_SECONDS = 4;
const SECONDS = 3;

export const eventLoop: Workload<'p50' | 'p99' | 'longest'> = {
  id: 'event-loop',
  title: 'the event loop',
  method: `Two people in each of ${DOCUMENTS.toLocaleString('en-US')} documents type ${PER_SECOND} characters a second for ${SECONDS} s a turn, after ${WARM_UP_SECONDS} s to warm up; meanwhile, how long whatever is due in the server has to wait for its turn, garbage collections and other processes on its core included.`,
  metrics: {
    p50: { title: `${DOCUMENTS.toLocaleString('en-US')} active documents: held up, p50, ms` },
    p99: { title: `${DOCUMENTS.toLocaleString('en-US')} active documents: held up, p99, ms`, targets: [{ atMost: 10 }] },
    longest: { title: `${DOCUMENTS.toLocaleString('en-US')} active documents: held up, longest, ms` },
  },
  turns: { full: 7, quick: 2 },
  sizes: [
    {
      quick: true,
      async prepare({ start, dialect }) {
        const server = await start();
        const crowd = await Crowd.gather(server.url, dialect, documentNames('active', DOCUMENTS), 2);
        await warmUp(server, crowd, crowd.people, { perSecond: PER_SECOND, seconds: WARM_UP_SECONDS });
        return {
          async turn() {
            server.watchEventLoop(true);
            const { generatorShare } = await type(server, crowd, crowd.people, { perSecond: PER_SECOND, seconds: SECONDS });
            const { loopDelay } = await server.usage();
            server.watchEventLoop(false);
            const { p50 = Number.NaN, p99 = Number.NaN, max = Number.NaN } = loopDelay ?? {};
            return { figures: { p50, p99, longest: max }, generatorShare };
          },
          finish: () => crowd.close(),
        };
      },
    },
  ],
};
