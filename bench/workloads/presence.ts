import { Crowd } from '../generator/crowd.ts';
import { pace } from '../generator/pace.ts';
import { byCase, type Case } from './by-case.ts';
import type { Prepare } from './stages.ts';
import { stretch, warmUp } from './stretch.ts';
import type { Metric, Workload } from './workload.ts';

interface Presence extends Case {
  readonly people: number;
}

const CASES: readonly Presence[] = [50, 200, 500].map((people) => ({ title: `${people} people`, people, quick: people === 200 }));
const PER_SECOND = 5;
const WRITERS = 2;
/** V8 goes on compiling for about as long. */
const WARM_UP_SECONDS = 8;
const SECONDS = 2;

export const presence: Workload = {
  id: 'presence',
  title: 'moving carets',
  method: `Everyone in one document moves their caret ${PER_SECOND} times a second for ${SECONDS} s a turn, after ${WARM_UP_SECONDS} s to warm up, and ${WRITERS} of them type as often. A caret is delivered when a receiver hears of that very position, alone or among others; one that is overtaken by the next on the way may be left out.`,
  turns: { full: 9, quick: 3 },
  ...byCase(CASES, metricsOf, prepare),
};

function metricsOf({ quick }: Presence): Record<string, Metric> {
  return {
    cpu: { title: 'server CPU per 1,000 carets to deliver, ms', targets: quick ? [{ times: 'stock', atMost: 0.12 }] : [] },
    arrived: { title: 'carets delivered, %' },
    p50: { title: 'carets delivered after, p50, ms' },
    p95: { title: 'carets delivered after, p95, ms', targets: quick ? [{ atMost: 50 }] : [] },
    textP50: { title: 'text typed meanwhile delivered after, p50, ms' },
    // "Untouched": no worse than without the gathering of carets, and less than 15 % more is a tie.
    textP95: { title: 'text typed meanwhile delivered after, p95, ms', targets: quick ? [{ times: 'stock', atMost: 1.15 }] : [] },
  };
}

function prepare({ people }: Presence): Prepare {
  return async ({ start, dialect }) => {
    const server = await start();
    const crowd = await Crowd.gather(server.url, dialect, [`carets-${people}`], people);
    const { carets, text } = crowd;
    const writers = crowd.people.slice(0, WRITERS);
    await warmUp(server, crowd, writers, { perSecond: PER_SECOND, seconds: 1 });

    const live = async (seconds: number) => {
      for (const person of crowd.people) person.prepareCarets(PER_SECOND * seconds + 1);
      for (const writer of writers) writer.prepareKeystrokes(PER_SECOND * seconds + 1);
      crowd.reset();
      return await stretch(server, async () => {
        const moving = pace({ senders: people, perSecond: PER_SECOND, seconds }, (index) => crowd.people[index]!.move());
        const typing = pace({ senders: WRITERS, perSecond: PER_SECOND, seconds }, (index) => writers[index]!.type());
        await crowd.unlessClosed(Promise.all([moving, typing]));
        await crowd.settled();
      });
    };
    await live(WARM_UP_SECONDS);
    return {
      async turn() {
        const { cpuSeconds, generatorShare } = await live(SECONDS);
        return {
          figures: {
            cpu: (cpuSeconds * 1e6) / carets.expected,
            arrived: (100 * carets.arrived) / carets.expected,
            p50: carets.within(0.5),
            p95: carets.within(0.95),
            textP50: text.within(0.5),
            textP95: text.within(0.95),
          },
          generatorShare,
        };
      },
      finish: () => crowd.close(),
    };
  };
}
