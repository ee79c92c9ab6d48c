import { Crowd, documentNames } from '../generator/crowd.ts';
import { pace } from '../generator/pace.ts';
import type { ServerProcess } from '../servers/server-process.ts';
import { stretch, warmUp } from './stretch.ts';
import type { Workload } from './workload.ts';

const DOCUMENTS = 500;
const SENDERS = 2 * DOCUMENTS;
/** Messages a second in the first step, and what each step is to the one before. */
const FIRST = 15_000;
const GROWTH = 1.2;
const QUICK_GROWTH = 1.5;
const SECONDS = 1;
/** A server that has delivered less of what was sent is past its peak. */
const KEEPS_UP = 0.9;
/** One step may be disturbed by something else on the machine. */
const STEPS_BEHIND = 2;
/** How far below the rate of its last peak a server begins its next turn. */
const STEPS_BELOW = 2;
const MAX_RATE = 250_000;

type Key = 'peak' | 'cpu';

export const roomsOfTwoPeak: Workload<Key> = {
  id: 'rooms-of-two-peak',
  title: `${DOCUMENTS} rooms of two, faster and faster`,
  method: `Both people in each of ${DOCUMENTS} documents type, all together ${FIRST.toLocaleString('en-US')} characters a second for ${SECONDS} s, then ${GROWTH} times as many (${QUICK_GROWTH} with --quick), and so on until in ${STEPS_BEHIND} steps in a row less than ${KEEPS_UP * 100} % of what was sent is delivered by the end of the step. The peak is the most that was delivered in a step. A server begins its later turns ${STEPS_BELOW} steps below its last peak.`,
  metrics: {
    peak: { title: 'peak delivered per second', targets: [{ times: 'stock', atLeast: 1.7 }] },
    cpu: { title: 'at the peak server CPU per delivered, µs' },
  },

  turns: { full: 5, quick: 2 },
  sizes: [
    {
      quick: true,
      async prepare({ start, dialect, quick }) {
        const server = await start();
        const crowd = await Crowd.gather(server.url, dialect, documentNames('peak', DOCUMENTS), 2);
        await warmUp(server, crowd, crowd.people, { perSecond: 5, seconds: 3 });
        const growth = quick ? QUICK_GROWTH : GROWTH;
        let first = FIRST;
        return {
          async turn() {
            const { rate, share, ...figures } = await climb(first, growth, server, crowd);
            first = Math.max(FIRST, rate / growth ** STEPS_BELOW);
            return { figures, generatorShare: share };
          },
          finish: () => crowd.close(),
        };
      },
    },
  ],
};

/** Raises the rate from `first`, messages a second, until the server no longer keeps up; the best step. */
async function climb(first: number, growth: number, server: ServerProcess, crowd: Crowd) {
  let best = { peak: 0, cpu: Number.NaN, rate: first, share: 0 };
  let behind = 0;
  for (let rate = first; rate < MAX_RATE && behind < STEPS_BEHIND; rate *= growth) {
    const { keptUp, ...step } = await stepAt(rate, server, crowd);
    if (step.peak > best.peak) best = { ...step, rate };
    behind = keptUp ? 0 : behind + 1;
  }
  return best;
}

async function stepAt(rate: number, server: ServerProcess, crowd: Crowd) {
  const { people, text } = crowd;
  const perSecond = rate / SENDERS;
  for (const person of people) person.prepareKeystrokes(Math.ceil(perSecond * SECONDS) + 1);
  crowd.reset();
  const { seconds, cpuSeconds, generatorShare } = await stretch(server, () =>
    crowd.unlessClosed(pace({ senders: SENDERS, perSecond, seconds: SECONDS }, (index) => people[index]!.type())),
  );
  const arrived = text.arrived;
  const late = seconds > SECONDS / KEEPS_UP;
  await crowd.settled();
  return {
    peak: arrived / seconds,
    cpu: (cpuSeconds * 1e6) / arrived,
    share: generatorShare,
    keptUp: arrived >= KEEPS_UP * text.expected && !late,
  };
}
