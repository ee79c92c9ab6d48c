import * as Y from 'yjs';
import type { Typing } from './typing.ts';

/** Marks what is applied after everybody has been sent it, and the log has it. */
export const RELAYED = Symbol('relayed');

/**
 * So many updates are applied together at the latest. One by one, as they come, they cost a seventh
 * more CPU in rooms of two: each time Yjs opens a transaction and encodes what it did, in memory that is in no cache.
 */
const MOST_RELAYED = 32;

/**
 * Typing that everybody has been sent and the document has not: it is applied when somebody looks. What
 * typing does to a document is certain before it is done – no dependency is missing, nothing waits for it –
 * so until then its bytes and the clocks they lead to are all there is to know.
 */
export class RelayedTyping {
  readonly #document: Y.Doc;
  #updates: Uint8Array[] = [];
  readonly #clocks = new Map<number, number>();

  constructor(document: Y.Doc) {
    this.#document = document;
  }

  /** Up to where there is anything written under a client id, applied or not. */
  clockOf(clientId: number): number {
    return this.#clocks.get(clientId) ?? Y.getState(this.#document.store, clientId);
  }

  /** Whether it may be added: it goes on where its client has stopped, beside what is there. */
  fits({ id, origin, rightOrigin }: Typing): boolean {
    const { pendingStructs, pendingDs } = this.#document.store;
    const isQuiet = pendingStructs === null && pendingDs === null;
    return isQuiet && id.clock === this.clockOf(id.client) && this.#holds(origin) && this.#holds(rightOrigin);
  }

  /** Keeps `update`, which must not be changed later. */
  add(update: Uint8Array, { id, length }: Typing): void {
    this.#clocks.set(id.client, id.clock + length);
    this.#updates.push(update);
    if (this.#updates.length >= MOST_RELAYED) this.apply();
  }

  /** Brings the document up to date, in a transaction whose origin is `RELAYED`. */
  apply(): void {
    if (this.#updates.length === 0) return;
    const updates = this.#updates;
    this.#updates = [];
    this.#clocks.clear();
    const applyAll = () => {
      for (const update of updates) Y.applyUpdate(this.#document, update, RELAYED);
    };
    Y.transact(this.#document, applyAll, RELAYED, false);
  }

  #holds(other: Y.ID | null): boolean {
    return other === null || other.clock < this.clockOf(other.client);
  }
}
