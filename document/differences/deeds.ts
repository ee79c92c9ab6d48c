import * as Y from 'yjs';
import { readable } from '../updates/readable.ts';
import { readTyping } from '../updates/typing.ts';
import { IdRanges } from './id-ranges.ts';

/** An update (format V1) of a log, and whose it is. */
export interface Deed {
  /** `null` when unknown. */
  readonly author: string | null;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly data: Uint8Array;
}

/** What one author did without a longer pause. */
export interface Sitting {
  readonly author: string | null;
  /** Milliseconds since 1970. */
  readonly firstAt: number;
  lastAt: number;
}

/** A pause that ends a sitting, ms. */
const PAUSE_MS = 15 * 60_000;

/** A range of ids of one client. */
export interface IdRange {
  readonly client: number;
  readonly clock: number;
  readonly length: number;
}

/** What deletes as well as it writes: it may have moved something. */
export interface Replacement {
  readonly inserted: readonly IdRange[];
  readonly deleted: readonly IdRange[];
}

/** Who did what, out of a log: by the ids that its updates write and delete. Nothing in it comes from what a client says of itself. */
export class Deeds {
  readonly sittings: Sitting[] = [];
  readonly replacements: Replacement[] = [];
  /** Place in `sittings` of who wrote it first. */
  readonly inserted = new IdRanges<number>(true);
  /** Place in `sittings` of who deleted it first. Yjs does not keep this. */
  readonly deleted = new IdRanges<number>(true);
  readonly #last = new Map<string | null, number>();

  constructor(deeds: Iterable<Deed>) {
    for (const deed of deeds) this.#read(deed);
  }

  #read(deed: Deed): void {
    const sitting = this.#sittingOf(deed);
    const update = readable(deed.data);
    const typing = readTyping(update);
    if (typing !== null) {
      this.inserted.add(typing.id.client, typing.id.clock, typing.length, sitting);
      return;
    }
    const { structs, ds } = Y.decodeUpdate(update);
    const [inserted, deleted]: IdRange[][] = [[], []];
    for (const struct of structs) {
      if (struct instanceof Y.Skip) continue;
      const { client, clock } = struct.id;
      for (const part of this.inserted.add(client, clock, struct.length, sitting)) inserted!.push({ client, ...part });
    }
    for (const [client, ranges] of ds.clients) {
      for (const { clock, len } of ranges) {
        for (const part of this.deleted.add(client, clock, len, sitting)) deleted!.push({ client, ...part });
      }
    }
    if (inserted!.length > 0 && deleted!.length > 0) this.replacements.push({ inserted: inserted!, deleted: deleted! });
  }

  #sittingOf({ author, at }: Deed): number {
    const last = this.#last.get(author);
    const open = last === undefined ? undefined : this.sittings[last]!;
    if (open !== undefined && at - open.lastAt <= PAUSE_MS) {
      open.lastAt = Math.max(open.lastAt, at);
      return last!;
    }
    this.#last.set(author, this.sittings.length);
    return this.sittings.push({ author, firstAt: at, lastAt: at }) - 1;
  }
}
