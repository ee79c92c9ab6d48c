import { setTimeout as sleep } from 'node:timers/promises';

export interface Pace {
  readonly senders: number;
  /** How often each of them sends, a second. */
  readonly perSecond: number;
  readonly seconds: number;
}

/**
 * Calls `send` with the index of each sender in turn, evenly over the time, and catches up after a
 * pause. Returns how many calls it made.
 */
export async function pace({ senders, perSecond, seconds }: Pace, send: (sender: number) => void): Promise<number> {
  const total = Math.round(senders * perSecond * seconds);
  const begun = performance.now();
  let sent = 0;
  while (sent < total) {
    const due = Math.min(total, Math.floor(((performance.now() - begun) / 1_000) * senders * perSecond) + 1);
    while (sent < due) send(sent++ % senders);
    if (sent < total) await sleep(1);
  }
  return sent;
}
