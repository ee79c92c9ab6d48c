/** How long heavy work goes on before others are served, ms. */
const SLICE_MS = 1;

/** The last turn that anybody waits for. */
let last: Promise<void> = Promise.resolve();

/**
 * Heavy work on the event loop, a slice at a time. Whoever does some waits for a turn of the loop between
 * slices; all of them share it, so that four are no heavier for the others than one.
 */
export class Turns {
  #since = performance.now();

  /** Resolves in the turn in which the work may begin, or go on. */
  async next(): Promise<void> {
    last = last.then(() => new Promise((resolve) => setImmediate(resolve)));
    await last;
    this.#since = performance.now();
  }

  /** Resolves at once while there is time left in this turn. */
  async orNext(): Promise<void> {
    if (performance.now() - this.#since > SLICE_MS) await this.next();
  }
}
