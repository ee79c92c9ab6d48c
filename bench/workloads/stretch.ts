import type { Crowd } from '../generator/crowd.ts';
import { type Pace, pace } from '../generator/pace.ts';
import type { Person } from '../generator/person.ts';
import type { ServerProcess } from '../servers/server-process.ts';
import { startGeneratorMeter } from './workload.ts';

/** What a stretch of work came to. */
export interface Stretch {
  readonly seconds: number;
  /** CPU of the server, seconds. */
  readonly cpuSeconds: number;
  readonly generatorShare: number;
}

/** Measures while `work` lasts. */
export async function stretch(server: ServerProcess, work: () => Promise<unknown>): Promise<Stretch> {
  const { cpuSeconds } = await server.usage();
  const meter = startGeneratorMeter();
  const begun = performance.now();
  await work();
  const seconds = (performance.now() - begun) / 1_000;
  const generatorShare = meter.share();
  return { seconds, cpuSeconds: (await server.usage()).cpuSeconds - cpuSeconds, generatorShare };
}

/** A server that delivers less loses text, or the generator sends what is not new. */
const ENOUGH_ARRIVED = 0.99;

/** How fast each of them types, a second, and for how long. */
export type Typing = Omit<Pace, 'senders'>;

/** Has the writers type, and waits until all of it has arrived. What arrived before is forgotten. */
export async function type(server: ServerProcess, crowd: Crowd, writers: readonly Person[], typing: Typing): Promise<Stretch> {
  for (const writer of writers) writer.prepareKeystrokes(Math.ceil(typing.perSecond * typing.seconds) + 1);
  crowd.reset();
  const measured = await stretch(server, async () => {
    await crowd.unlessClosed(pace({ ...typing, senders: writers.length }, (index) => writers[index]!.type()));
    await crowd.settled();
  });
  if (crowd.text.arrived < ENOUGH_ARRIVED * crowd.text.expected) {
    throw new Error(`Of ${crowd.text.expected} letters to deliver ${crowd.text.arrived} arrived.`);
  }
  return measured;
}

/** Has the writers open a paragraph each and type until the code is warm. */
export async function warmUp(server: ServerProcess, crowd: Crowd, writers: readonly Person[], typing: Typing): Promise<void> {
  await crowd.each((writer) => writer.openParagraph(), writers);
  await type(server, crowd, writers, typing);
}
