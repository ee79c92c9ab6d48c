import { setTimeout as sleep } from 'node:timers/promises';
import { percentile } from '../figures/percentile.ts';

const POLL_MS = 20;
/** Nothing more has come for this long: what is missing will not come. */
const PATIENCE_MS = 3_000;

/** Messages of one kind: how many are to arrive, how many have, and how long each was on its way. */
export class Deliveries {
  expected = 0;
  arrived = 0;
  #milliseconds: number[] = [];

  /** Begins anew, once all has settled: what has not come by then never will, and is not expected in the next turn. */
  reset(): void {
    this.expected = this.arrived;
    this.resetMidway();
  }

  /** Forgets what was; what is on its way still counts when it arrives. */
  resetMidway(): void {
    this.expected -= this.arrived;
    this.arrived = 0;
    this.#milliseconds = [];
  }

  arrive(milliseconds: number): void {
    this.arrived++;
    this.#milliseconds.push(milliseconds);
  }

  /** Milliseconds within which the share `p` arrived. */
  within(p: number): number {
    return percentile(this.#milliseconds, p);
  }

  /** Waits until all has arrived. Presence may be dropped or merged, so it only waits while more comes. */
  async settled(): Promise<void> {
    let arrived = this.arrived;
    let since = performance.now();
    while (this.arrived < this.expected && performance.now() - since < PATIENCE_MS) {
      await sleep(POLL_MS);
      if (this.arrived !== arrived) since = performance.now();
      arrived = this.arrived;
    }
  }
}
