import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Crowd } from '../generator/crowd.ts';
import { DISTURBANCES, type Place } from '../generator/disturbances.ts';
import type { Said, Told } from '../generator/disturber.ts';
import type { Cores } from '../servers/cores.ts';
import { byCase, type Case } from './by-case.ts';
import type { Prepare } from './stages.ts';
import { stretch, warmUp } from './stretch.ts';
import type { Metric, Workload } from './workload.ts';

const DISTURBER = fileURLToPath(new URL('../generator/disturber.ts', import.meta.url));
/** Between two letters of one of the pair, ms at the most. */
const PAUSE_MS = 20;
/** They go on as long when the disturber is done: what it leaves behind may be collected then. */
const AFTER_MS = 300;
/** More letters than are typed while the longest of them lasts. */
const MAX_LETTERS = 8_000;

const CASES: readonly Case[] = Object.keys(DISTURBANCES).map((title) => ({ title, quick: true }));

export const neighbours: Workload = {
  id: 'neighbours',
  title: 'neighbours',
  method: `Two people type in one document, a letter each every ${PAUSE_MS / 2} ms on average, while somebody else, from a process of their own, does something heavy in another document: how long the two wait for their acknowledgements, and how long the other waits until it is done. The server has all cores.`,
  needs: 'acknowledgements',
  long: true,
  turns: { full: 5, quick: 3 },
  ...byCase(CASES, metricsOf, prepare),
};

function metricsOf({ title }: Case): Record<string, Metric> {
  const isAttack = title === 'four at once';
  return {
    p99: { title: 'the pair waits, p99, ms', targets: [{ atMost: isAttack ? 100 : 20 }] },
    longest: { title: 'the pair waits, longest, ms', targets: isAttack ? [] : [{ atMost: 50 }], over: 'max' },
    own: { title: 'it takes, ms' },
    held: { title: 'memory of the server afterwards, MB' },
  };
}

function prepare({ title }: Case): Prepare {
  return async ({ start, dialect, cores }) => {
    const server = await start([], { pinned: false });
    const pair = await Crowd.gather(server.url, dialect, ['the pair'], 2);
    await warmUp(server, pair, pair.people, { perSecond: 50, seconds: 2 });
    const path = server.collab.slice(server.url.length);
    return {
      async turn({ number }) {
        const disturber = await Disturber.prepare(cores, title, { server: server.url, path, documentName: `${title} ${number}` });
        if (disturber === null) return { figures: {}, generatorShare: 0 };
        for (const person of pair.people) person.prepareKeystrokes(MAX_LETTERS);
        pair.reset();
        let own = 0;
        const { generatorShare } = await stretch(server, async () => {
          const done = disturber.go().then(async (took) => {
            own = took;
            await sleep(AFTER_MS);
          });
          await typeUntil(pair, done);
          await pair.settled();
        });
        await disturber.end();
        const { residentBytes } = await server.usage(true);
        const figures = { p99: pair.acks.within(0.99), longest: pair.acks.within(1), own, held: residentBytes / 1e6 };
        return { figures, generatorShare };
      },
      finish: () => pair.close(),
    };
  };
}

async function typeUntil(pair: Crowd, done: Promise<void>): Promise<void> {
  let goesOn = true;
  const end = done.finally(() => {
    goesOn = false;
  });
  for (let letter = 0; goesOn && letter < 2 * MAX_LETTERS; letter++) {
    pair.people[letter % 2]!.type();
    // The golden ratio spreads pauses evenly, the same ones for every server.
    await sleep(((letter * 0.618_034) % 1) * PAUSE_MS);
  }
  await pair.unlessClosed(end);
}

/** A process that disturbs. */
class Disturber {
  readonly #child: ChildProcess;

  private constructor(cores: Cores) {
    const [command = '', ...args] = cores.forAny([process.execPath]);
    this.#child = fork(DISTURBER, { execPath: command, execArgv: args });
  }

  /** `null` when the server has no such way in. */
  static async prepare(cores: Cores, what: string, place: Place): Promise<Disturber | null> {
    const disturber = new Disturber(cores);
    const said = await disturber.#tell({ what, place });
    if ('ready' in said && said.ready) return disturber;
    await disturber.end();
    return null;
  }

  async go(): Promise<number> {
    const said = await this.#tell('go');
    return 'took' in said ? said.took : Number.NaN;
  }

  async end(): Promise<void> {
    if (this.#child.kill()) await once(this.#child, 'exit');
  }

  async #tell(told: Told): Promise<Said> {
    const said = once(this.#child, 'message');
    const ended = once(this.#child, 'exit').then(() => Promise.reject(new Error('The disturber ended.')));
    ended.catch(() => {});
    this.#child.send(told);
    return (await Promise.race([said, ended]))[0] as Said;
  }
}
