import { setTimeout as sleep } from 'node:timers/promises';
import { Crowd } from '../generator/crowd.ts';
import { stateAfter } from '../generator/edits.ts';
import { largeDocument } from '../generator/large-document.ts';
import { pace } from '../generator/pace.ts';
import { byCase, type Case } from './by-case.ts';
import type { Prepare, Round } from './stages.ts';
import { type Stretch, stretch, warmUp } from './stretch.ts';
import type { Metric, Workload } from './workload.ts';

interface Joins extends Case {
  readonly state: (round: Round) => Uint8Array;
  readonly writers: number;
  /** Longer than any server needs, the head start included. */
  readonly typingSeconds: number;
}

const paper = ({ paper: updates }: Round) => stateAfter(updates, updates.count);
const large = () => largeDocument(20_000_000);

const CASES: readonly Joins[] = [
  { title: 'automerge-paper', state: paper, writers: 0, typingSeconds: 0, quick: true },
  { title: 'automerge-paper, ten typing', state: paper, writers: 10, typingSeconds: 2, quick: true },
  { title: '20 MB', state: large, writers: 0, typingSeconds: 0 },
  { title: '20 MB, ten typing', state: large, writers: 10, typingSeconds: 8 },
];
const JOINERS = 100;
const PER_SECOND = 5;
const WARM_UP_JOINERS = 10;
/** The typing begins before the joiners come. */
const HEAD_START_SECONDS = 0.5;

export const joins: Workload = {
  id: 'joins',
  title: `${JOINERS} people join at once`,
  method: `One person holds the document open; ${JOINERS} open their sockets, then all ask for the whole of it in the same moment, until the last has received it. ${WARM_UP_JOINERS} have joined and left before, and what was brought is stored. Ten others type ${PER_SECOND} characters a second meanwhile where it says so.`,
  turns: { full: 5, quick: 3 },
  ...byCase(CASES, metricsOf, prepare),
};

function metricsOf({ quick, writers }: Joins): Record<string, Metric> {
  return {
    wall: { title: 'until all are synced, ms', targets: quick ? [{ times: 'stock', atMost: 0.25 }] : [] },
    cpu: { title: 'server CPU, s' },
    ...(writers > 0 && { textP99: { title: 'text typed meanwhile delivered after, p99, ms' } }),
  };
}

function prepare({ title, state, writers, typingSeconds }: Joins): Prepare {
  return async (round) => {
    const { start, dialect, stores, postgres } = round;
    const server = await start();
    const names = [title];
    const document = state(round);
    const keeper = await Crowd.gather(server.url, dialect, names, 1 + writers);
    await keeper.people[0]!.bring(document);
    await warmUp(server, keeper, keeper.people.slice(1), { perSecond: PER_SECOND, seconds: 1 });
    await (await Crowd.gather(server.url, dialect, names, WARM_UP_JOINERS)).close();
    if (stores) await postgres.atRest();
    return {
      async turn() {
        const joiners = await Crowd.connect(server.url, dialect, names, JOINERS);
        const joining = async (): Promise<Stretch> => {
          const measured = await stretch(server, async () => {
            const lengths = await Promise.all(joiners.people.map((person) => person.join()));
            if (Math.min(...lengths) < document.length / 2) throw new Error('A joiner did not get the whole document.');
          });
          await joiners.close();
          return measured;
        };
        const { seconds, cpuSeconds, generatorShare } = writers === 0 ? await joining() : await whileTyping(keeper, typingSeconds, joining);
        return { figures: { wall: seconds * 1_000, cpu: cpuSeconds, textP99: keeper.text.within(0.99) }, generatorShare };
      },
      finish: () => keeper.close(),
    };
  };
}

async function whileTyping(crowd: Crowd, seconds: number, work: () => Promise<Stretch>): Promise<Stretch> {
  const writing = crowd.people.slice(1);
  for (const writer of writing) writer.prepareKeystrokes(PER_SECOND * seconds + 1);
  crowd.reset();
  const typing = pace({ senders: writing.length, perSecond: PER_SECOND, seconds }, (index) => writing[index]!.type());
  await sleep(HEAD_START_SECONDS * 1_000);
  const measured = await crowd.unlessClosed(work());
  await typing;
  await crowd.settled();
  return measured;
}
