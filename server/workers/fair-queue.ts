/** What waits, in the order in which it came, but for its owners, who take turns. What has no owner waits for nobody's turn. */
export class FairQueue<Item> {
  readonly #waiting: { readonly item: Item; readonly owner: string | undefined }[] = [];
  /** When each owner had a turn, while anything waits. */
  readonly #turns = new Map<string, number>();
  #turn = 0;

  get length(): number {
    return this.#waiting.length;
  }

  /** How many of this owner wait. */
  of(owner: string | undefined): number {
    return this.#waiting.reduce((count, waiting) => (waiting.owner === owner ? count + 1 : count), 0);
  }

  push(item: Item, owner: string | undefined): void {
    this.#waiting.push({ item, owner });
  }

  /** Takes what is next among the owners that `may` have a turn; `null` when none of them waits. */
  next(may: (owner: string) => boolean): Item | null {
    let best = -1;
    let since = Number.POSITIVE_INFINITY;
    this.#waiting.forEach(({ owner }, at) => {
      const turn = owner === undefined ? -1 : (this.#turns.get(owner) ?? 0);
      if (turn >= since || (owner !== undefined && !may(owner))) return;
      [best, since] = [at, turn];
    });
    const [taken] = best < 0 ? [] : this.#waiting.splice(best, 1);
    if (taken === undefined) return null;
    if (taken.owner !== undefined) this.#turns.set(taken.owner, ++this.#turn);
    if (this.#waiting.length === 0) this.#turns.clear();
    return taken.item;
  }

  /** Takes an item out of its turn; whether it was there. */
  remove(item: Item): boolean {
    const at = this.#waiting.findIndex((waiting) => waiting.item === item);
    if (at >= 0) this.#waiting.splice(at, 1);
    return at >= 0;
  }

  /** Takes all. */
  clear(): Item[] {
    this.#turns.clear();
    return this.#waiting.splice(0).map(({ item }) => item);
  }
}
