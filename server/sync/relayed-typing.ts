import * as Y from 'yjs';
import type { Typing } from '../../document/updates/typing.ts';
import { RELAYED } from './origin.ts';

/**
 * So many updates are applied together at the latest. One by one, as they come, they cost a seventh
 * more CPU in rooms of two: each time Yjs opens a transaction and encodes what it did, in memory that is in no cache.
 */
const MAX_RELAYED = 32;

/**
 * Typing that everybody has been sent and the document has not: it is applied when somebody looks. What
 * typing does to a document is certain before it is done – no dependency is missing, nothing waits for it –
 * so until then its bytes and the clocks they lead to are all there is to know.
 */
export class RelayedTyping {
  readonly #doc: Y.Doc;
  #updates: Uint8Array[] = [];
  readonly #clocks = new Map<number, number>();

  constructor(doc: Y.Doc) {
    this.#doc = doc;
  }

  /** The clock up to which something is written under a client id, applied or not. */
  clockOf(clientId: number): number {
    return this.#clocks.get(clientId) ?? Y.getState(this.#doc.store, clientId);
  }

  /** Whether it may be added: it goes on where its client has stopped, beside what is there. */
  fits({ id, origin, rightOrigin }: Typing): boolean {
    const { pendingStructs, pendingDs } = this.#doc.store;
    const isQuiet = pendingStructs === null && pendingDs === null;
    return isQuiet && id.clock === this.clockOf(id.client) && this.#holds(origin) && this.#holds(rightOrigin);
  }

  /** Keeps `update`, which must not be changed later. */
  add(update: Uint8Array, { id, length }: Typing): void {
    this.#clocks.set(id.client, id.clock + length);
    this.#updates.push(update);
    if (this.#updates.length >= MAX_RELAYED) this.apply();
  }

  /** Brings the document up to date, in a transaction whose origin is `RELAYED`. */
  apply(): void {
    if (this.#updates.length === 0) return;
    const updates = this.#updates;
    this.#updates = [];
    this.#clocks.clear();
    const applyAll = () => {
      for (const update of updates) Y.applyUpdate(this.#doc, update, RELAYED);
    };
    Y.transact(this.#doc, applyAll, RELAYED, false);
  }

  #holds(other: Y.ID | null): boolean {
    return other === null || other.clock < this.clockOf(other.client);
  }
}
