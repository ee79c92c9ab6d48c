/** A part of a range of ids, and what is known of it. */
export interface Cut<Value> {
  readonly clock: number;
  readonly length: number;
  /** `undefined` where nothing is known. */
  readonly value: Value | undefined;
  /** How far from the beginning of the range that `value` was said of. */
  readonly offset: number;
}

interface Range<Value> {
  readonly start: number;
  end: number;
  readonly value: Value;
}

/** What is known of the ids of Yjs items. What was said first of an id stays. */
export class IdRanges<Value> {
  readonly #clients = new Map<number, Range<Value>[]>();
  readonly #joins: boolean;

  /** `joins`: ranges that follow each other and say the same are one. Their offsets mean nothing then. */
  constructor(joins: boolean) {
    this.#joins = joins;
  }

  /** Says it of the ids of a range of which nothing is known yet, and returns those. */
  add(client: number, clock: number, length: number, value: Value): { clock: number; length: number }[] {
    const ranges = this.#clients.get(client) ?? [];
    if (ranges.length === 0) this.#clients.set(client, ranges);
    const last = ranges.at(-1);
    // Most of what is written follows what was written before.
    if (last === undefined || last.end <= clock) {
      if (this.#joins && last !== undefined && last.end === clock && last.value === value) last.end = clock + length;
      else ranges.push({ start: clock, end: clock + length, value });
      return [{ clock, length }];
    }
    const free = this.cut(client, clock, length).filter((part) => part.value === undefined);
    for (const part of free) {
      const at = firstAfter(ranges, part.clock);
      const before = ranges[at - 1];
      if (this.#joins && before !== undefined && before.end === part.clock && before.value === value) before.end += part.length;
      else ranges.splice(at, 0, { start: part.clock, end: part.clock + part.length, value });
    }
    return free;
  }

  /** The range in parts of which one thing is known each, in their order. */
  cut(client: number, clock: number, length: number): Cut<Value>[] {
    const ranges = this.#clients.get(client) ?? [];
    const end = clock + length;
    const parts: Cut<Value>[] = [];
    let at = clock;
    for (let index = Math.max(0, firstAfter(ranges, clock) - 1); at < end; index++) {
      const range = ranges[index];
      if (range === undefined || range.start >= end) {
        parts.push({ clock: at, length: end - at, value: undefined, offset: 0 });
        break;
      }
      if (range.end <= at) continue;
      if (range.start > at) parts.push({ clock: at, length: range.start - at, value: undefined, offset: 0 });
      at = Math.max(at, range.start);
      const until = Math.min(end, range.end);
      parts.push({ clock: at, length: until - at, value: range.value, offset: at - range.start });
      at = until;
    }
    return parts;
  }

  /** What is known of one id. */
  get(client: number, clock: number): Value | undefined {
    return this.cut(client, clock, 1)[0]?.value;
  }
}

/** The place of the first range that begins after a clock. */
function firstAfter(ranges: readonly { readonly start: number }[], clock: number): number {
  let [low, high] = [0, ranges.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ranges[middle]!.start <= clock) low = middle + 1;
    else high = middle;
  }
  return low;
}
