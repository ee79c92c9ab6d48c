import { setTimeout as sleep } from 'node:timers/promises';

export interface Pace {
  readonly senders: number;
  /** How often each of them sends, a second, on average. */
  readonly perSecond: number;
  readonly seconds: number;
}

/**
 * Calls `send` with the index of each sender in turn, at moments as random as those of people who know
 * nothing of each other (a Poisson process): evenly spaced they would never type in the same moment,
 * as people do. The same moments for every server. Catches up after a pause.
 */
export async function pace({ senders, perSecond, seconds }: Pace, send: (sender: number) => void): Promise<void> {
  const moments = randomMoments(Math.round(senders * perSecond * seconds), seconds * 1_000);
  const begun = performance.now();
  let sent = 0;
  while (sent < moments.length) {
    const elapsed = performance.now() - begun;
    for (; sent < moments.length && moments[sent]! <= elapsed; sent++) send(sent % senders);
    if (sent < moments.length) await sleep(1);
  }
}

/** `count` moments in order, equally likely anywhere between 0 and `most`; always the same. */
export function randomMoments(count: number, most: number): Float64Array {
  let state = 1;
  const random = () => {
    // mulberry32
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return Float64Array.from({ length: count }, () => random() * most).sort();
}
