const NONE: readonly Uint8Array[] = [];

/** Rows that came before their time are kept up to so many bytes; the log has those that are not. */
const MAX_AHEAD_BYTES = 1024 * 1024;

/**
 * What of a document's log is in this node's memory. The rows of a document are numbered without a gap and in
 * the order of their commits, whoever commits them, so a number that is missing is a row that was missed.
 */
export class LogPosition {
  #head: number;
  #heard: number;
  /** Rows past a gap: the updates of others, and `null` for this node's own, which are in memory since they were made. */
  readonly #ahead = new Map<number, Uint8Array | null>();
  #aheadBytes = 0;

  /** `head`: the document was loaded up to this row. */
  constructor(head: number) {
    this.#head = head;
    this.#heard = head;
  }

  /** All rows up to this one are in memory. */
  get head(): number {
    return this.#head;
  }

  /** The last row that is known to exist. */
  get heard(): number {
    return this.#heard;
  }

  /** A row is known to exist that is not in memory. */
  get lacks(): boolean {
    return this.#heard > this.#head;
  }

  /** This node has committed rows. Returns what of others is to be applied by that, in the order of the log. */
  committed(first: number, count: number): readonly Uint8Array[] {
    return this.#add(first, count, null);
  }

  /** Rows of others, told by them or read from the log. Returns what is to be applied, in the order of the log. */
  received(first: number, updates: readonly Uint8Array[]): readonly Uint8Array[] {
    return this.#add(first, updates.length, updates);
  }

  /** A row exists. */
  exists(seq: number): void {
    if (seq > this.#heard) this.#heard = seq;
  }

  /** The log has fallen back to here, and all of it is in memory. */
  restart(head: number): void {
    this.#head = head;
    this.#heard = head;
    this.#ahead.clear();
    this.#aheadBytes = 0;
  }

  #add(first: number, count: number, updates: readonly Uint8Array[] | null): readonly Uint8Array[] {
    const last = first + count - 1;
    this.exists(last);
    if (last <= this.#head) return NONE;
    if (first <= this.#head + 1 && this.#ahead.size === 0) {
      const due = updates?.slice(this.#head + 1 - first) ?? NONE;
      this.#head = last;
      return due;
    }
    for (let seq = Math.max(first, this.#head + 1); seq <= last; seq++) this.#keep(seq, updates?.[seq - first] ?? null);
    return this.#take();
  }

  #keep(seq: number, update: Uint8Array | null): void {
    const isNext = seq === this.#head + 1;
    if (this.#ahead.has(seq) || (!isNext && update !== null && this.#aheadBytes + update.length > MAX_AHEAD_BYTES)) return;
    this.#ahead.set(seq, update);
    this.#aheadBytes += update?.length ?? 0;
  }

  /** What stands behind the head without a gap. */
  #take(): readonly Uint8Array[] {
    const due: Uint8Array[] = [];
    for (let update = this.#ahead.get(this.#head + 1); update !== undefined; update = this.#ahead.get(this.#head + 1)) {
      this.#head += 1;
      this.#ahead.delete(this.#head);
      if (update === null) continue;
      this.#aheadBytes -= update.length;
      due.push(update);
    }
    return due;
  }
}
