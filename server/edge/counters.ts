/** How often things happened since the start, by name; refusals are counted under their code. */
export class Counters {
  readonly #counts = new Map<string, number>();

  add(name: string): void {
    this.#counts.set(name, this.read(name) + 1);
  }

  read(name: string): number {
    return this.#counts.get(name) ?? 0;
  }

  /** Every name that was counted, in the order of its first time. */
  entries(): IterableIterator<[name: string, count: number]> {
    return this.#counts.entries();
  }
}
