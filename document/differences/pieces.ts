import * as Y from 'yjs';
import type { Deeds } from './deeds.ts';
import type { Moves } from './moves.ts';

/** What became of something from one version to another. `sitting` is the place of who did it; `null` where the log does not say. */
export type Fate =
  | { readonly kind: 'kept' }
  | { readonly kind: 'inserted'; readonly sitting: number | null }
  | { readonly kind: 'deleted'; readonly sitting: number | null }
  /** It is in neither version, or it is shown where it was moved to. */
  | { readonly kind: 'absent' };

/** A part of an item with one fate; `from` and `to` are places in it. */
export interface Part {
  readonly from: number;
  readonly to: number;
  readonly fate: Fate;
}

const KEPT: Fate = { kind: 'kept' };
const ABSENT: Fate = { kind: 'absent' };

/** Tells what became of the items of a document that holds all that was deleted since an earlier version, and nothing that was deleted before. */
export class Fates {
  readonly #deeds: Deeds;
  readonly #moves: Moves;
  readonly #before: ReadonlyMap<number, number>;

  /** `before`: the state vector of the earlier version. */
  constructor(deeds: Deeds, moves: Moves, before: ReadonlyMap<number, number>) {
    this.#deeds = deeds;
    this.#moves = moves;
    this.#before = before;
  }

  /** Whether something was there in the earlier version. What was deleted in it has no content any more. */
  wasThere({ client, clock }: Y.ID): boolean {
    return clock < (this.#before.get(client) ?? 0);
  }

  /** Who wrote it first, wherever it stood then. */
  writer({ client, clock }: Y.ID): number | null {
    return this.#deeds.inserted.get(client, clock) ?? null;
  }

  deleter({ client, clock }: Y.ID): number | null {
    return this.#deeds.deleted.get(client, clock) ?? null;
  }

  /** Of something that is not text. */
  of(item: Y.Item): Fate {
    return this.parts(item)[0]!.fate;
  }

  /** Of an item, in parts. */
  parts(item: Y.Item): Part[] {
    if (item.content instanceof Y.ContentDeleted) return [{ from: 0, to: item.length, fate: ABSENT }];
    const { client, clock: start } = item.id;
    const parts: Part[] = [];
    const add = (clock: number, length: number, fate: Fate) => parts.push({ from: clock - start, to: clock - start + length, fate });
    for (const source of this.#moves.sourcesIn({ client, clock: start, length: item.length })) {
      if (source.isSource) add(source.clock, source.length, ABSENT);
      else
        for (const { clock, length, root } of this.#moves.rootsOf({ client, ...source })) {
          const known = Math.max(0, Math.min(length, (this.#before.get(root.client) ?? 0) - root.clock));
          if (known > 0) this.#addKnown(item, clock, known, add);
          if (known < length) this.#addNew(item, clock + known, length - known, { client: root.client, clock: root.clock + known }, add);
        }
    }
    return parts;
  }

  #addKnown(item: Y.Item, clock: number, length: number, add: (clock: number, length: number, fate: Fate) => void): void {
    if (!item.deleted) return void add(clock, length, KEPT);
    for (const part of this.#deeds.deleted.cut(item.id.client, clock, length))
      add(part.clock, part.length, { kind: 'deleted', sitting: part.value ?? null });
  }

  #addNew(item: Y.Item, clock: number, length: number, root: Y.ID, add: (clock: number, length: number, fate: Fate) => void): void {
    if (item.deleted) return void add(clock, length, ABSENT);
    for (const part of this.#deeds.inserted.cut(root.client, root.clock, length))
      add(clock + part.clock - root.clock, part.length, { kind: 'inserted', sitting: part.value ?? null });
  }
}
