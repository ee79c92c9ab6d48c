import * as Y from 'yjs';
import { applyUpdates } from './document-of.ts';
import { forgetKnown } from './sound-update.ts';

/** States are kept so many updates apart: each takes milliseconds to write, and so many updates 30 to apply. */
const UPDATES_PER_STATE = 10_000;

/** Nearer to what is asked for they are closer: its neighbours are asked for next. */
const UPDATES_PER_NEAR_STATE = 2_500;

/** More states than this are not kept beside those that are apart, the oldest go: what was asked for, and its neighbours. */
const MAX_NEAR_STATES = 24;

/** Consecutive updates of a document, and the states between them: any is made from the last one that is known before it. */
export class Replay {
  readonly #base: Uint8Array | null;
  readonly #updates: readonly Uint8Array[];
  /** By how many updates they hold (format V1). */
  readonly #states = new Map<number, Uint8Array>();
  readonly #near = new Map<number, Uint8Array>();
  readonly #ownBytes: number;

  /** `base`: the state before the first of them (format V2), `null` for an empty document. */
  constructor(base: Uint8Array | null, updates: readonly Uint8Array[]) {
    this.#base = base;
    this.#updates = updates;
    this.#ownBytes = updates.reduce((sum, { length }) => sum + length, base?.length ?? 0);
  }

  /** What is held, bytes. */
  get bytes(): number {
    return [...this.#states.values(), ...this.#near.values()].reduce((sum, { length }) => sum + length, this.#ownBytes);
  }

  /** The state (format V1) after the first `count` updates. */
  state(count: number): Uint8Array {
    const known = this.#states.get(count) ?? this.#near.get(count);
    if (known !== undefined) return known;
    const document = new Y.Doc();
    let at = Math.max(0, ...[...this.#states.keys(), ...this.#near.keys()].filter((one) => one <= count));
    const state = this.#states.get(at) ?? this.#near.get(at) ?? null;
    if (state !== null) Y.applyUpdate(document, state);
    else if (this.#base !== null) Y.applyUpdateV2(document, this.#base);
    while (at < count) {
      const step = count - at > UPDATES_PER_STATE ? UPDATES_PER_STATE : UPDATES_PER_NEAR_STATE;
      const next = Math.min(count, (Math.floor(at / step) + 1) * step);
      applyUpdates(document, this.#updates.slice(at, next));
      forgetKnown(document);
      at = next;
      if (at % UPDATES_PER_STATE === 0) this.#states.set(at, Y.encodeStateAsUpdate(document));
      else this.#keepNear(at, Y.encodeStateAsUpdate(document));
    }
    return this.#states.get(count) ?? this.#near.get(count) ?? Y.encodeStateAsUpdate(document);
  }

  #keepNear(count: number, state: Uint8Array): void {
    this.#near.set(count, state);
    for (const [oldest] of this.#near) {
      if (this.#near.size <= MAX_NEAR_STATES) break;
      this.#near.delete(oldest);
    }
  }
}
