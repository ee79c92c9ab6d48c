import { setTimeout as sleep } from 'node:timers/promises';
import { Crowd } from '../generator/crowd.ts';
import { stateAfter } from '../generator/edits.ts';
import { largeDocument } from '../generator/large-document.ts';
import { pace } from '../generator/pace.ts';
import { byCase, type Case } from './by-case.ts';
import { type Stretch, stretch, warmUp } from './stretch.ts';
import type { Metric, Outcome, Round, Workload } from './workload.ts';

interface Joins extends Case {
  readonly state: (round: Round) => Uint8Array;
  readonly writers: number;
}

const paper = ({ paper: updates }: Round) => stateAfter(updates, updates.count);
const large = () => largeDocument(20_000_000);

const CASES: readonly Joins[] = [
  { title: 'automerge-paper', state: paper, writers: 0, quick: true },
  { title: 'automerge-paper, ten typing', state: paper, writers: 10, quick: true },
  { title: '20 MB', state: large, writers: 0 },
  { title: '20 MB, ten typing', state: large, writers: 10 },
];
const JOINERS = 100;
const PER_SECOND = 5;
const WARM_UP_JOINERS = 10;
/** The typing begins before the joiners come and must last longer than any server needs. */
const HEAD_START_SECONDS = 1;
const TYPING_SECONDS = 8;

export const joins: Workload = {
  id: 'joins',
  title: `${JOINERS} people join at once`,
  method: `One person holds the document open; ${JOINERS} open their sockets, then all ask for the whole of it in the same moment, until the last has received it. ${WARM_UP_JOINERS} have joined and left before, and what was brought is stored. Ten others type ${PER_SECOND} characters a second meanwhile where it says so.`,
  ...byCase(CASES, metricsOf, measure),
};

function metricsOf({ quick, writers }: Joins): Record<string, Metric> {
  return {
    wall: { title: 'until all are synced, ms', targets: quick ? [{ times: 'stock', atMost: 0.25 }] : [] },
    cpu: { title: 'server CPU, s' },
    ...(writers > 0 && { textP99: { title: 'text typed meanwhile delivered after, p99, ms' } }),
  };
}

async function measure({ title, state, writers }: Joins, round: Round): Promise<Outcome> {
  const { start, dialect, postgres } = round;
  const server = await start();
  const names = [title];
  const document = state(round);
  const keeper = await Crowd.gather(server.url, dialect, names, 1 + writers);
  await keeper.people[0]!.bring(document);
  const writing = keeper.people.slice(1);
  await warmUp(server, keeper, writing, { perSecond: PER_SECOND, seconds: 1 });
  await (await Crowd.gather(server.url, dialect, names, WARM_UP_JOINERS)).close();
  await postgres.atRest();

  const joiners = await Crowd.connect(server.url, dialect, names, JOINERS);
  const joining = async (): Promise<Stretch> => {
    const measured = await stretch(server, async () => {
      const lengths = await Promise.all(joiners.people.map((person) => person.join()));
      if (Math.min(...lengths) < document.length / 2) throw new Error('A joiner did not get the whole document.');
    });
    await joiners.close();
    return measured;
  };
  const { seconds, cpuSeconds, generatorShare } = writers === 0 ? await joining() : await whileTyping(keeper, joining);
  await keeper.close();
  await server.stop();
  return { figures: { wall: seconds * 1_000, cpu: cpuSeconds, textP99: keeper.text.within(0.99) }, generatorShare };
}

async function whileTyping(crowd: Crowd, work: () => Promise<Stretch>): Promise<Stretch> {
  const writing = crowd.people.slice(1);
  for (const writer of writing) writer.prepareKeystrokes(PER_SECOND * TYPING_SECONDS + 1);
  crowd.reset();
  const typing = pace({ senders: writing.length, perSecond: PER_SECOND, seconds: TYPING_SECONDS }, (index) => writing[index]!.type());
  await sleep(HEAD_START_SECONDS * 1_000);
  const measured = await crowd.unlessClosed(work());
  await typing;
  await crowd.settled();
  return measured;
}
