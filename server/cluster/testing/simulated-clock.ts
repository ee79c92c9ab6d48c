/** What happens, and when: in the order of time, and of being asked for. */
export class SimulatedClock {
  /** Milliseconds since the beginning. */
  now = 0;
  /** How often something was asked for. */
  order = 0;
  /** The last of it is the next. */
  readonly #queue: { readonly at: number; readonly order: number; readonly act: () => void }[] = [];

  at(time: number, act: () => void): void {
    const entry = { at: time, order: this.order++, act };
    let low = 0;
    let high = this.#queue.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.#queue[middle]!;
      if (other.at > entry.at || (other.at === entry.at && other.order > entry.order)) low = middle + 1;
      else high = middle;
    }
    this.#queue.splice(low, 0, entry);
  }

  in(ms: number, act: () => void): void {
    this.at(this.now + ms, act);
  }

  runUntil(time: number): void {
    for (let next = this.#queue.at(-1); next !== undefined && next.at <= time; next = this.#queue.at(-1)) {
      this.#queue.pop();
      this.now = next.at;
      next.act();
    }
    this.now = time;
  }
}
