import * as Y from 'yjs';
import type { ClientUpdate } from '../../document/updates/client-ids.ts';
import type { CutEdit, CutJob } from '../../document/updates/cut-edit.ts';
import { retryParked } from '../../document/updates/sound-update.ts';
import { InkwireError } from '../../protocol/errors.ts';
import { COMPLETED } from './origin.ts';
import type { RoomMember } from './room-member.ts';
import { Turns } from './turns.ts';

/** Longer updates are checked in a thread and taken in slices, bytes: ~5 ms of the smallest structs there are. */
export const HEAVY_BYTES = 16 * 1024;

/** What heavy edits ask of their room. */
export interface HeavyRoom {
  /** Checks an update and cuts it, away from the event loop. */
  readonly cut: (job: CutJob) => Promise<CutEdit>;
  /** Listens to the document's updates; a slice is none of its own. */
  readonly onUpdate: (update: Uint8Array, origin: unknown, document: Y.Doc, transaction: Y.Transaction) => void;
  /** Brings the document up to date. */
  readonly catchUp: () => void;
  readonly isDeleted: () => boolean;
  /** Whose the client ids are, as `ClientIdClaims.check`. */
  readonly check: (update: ClientUpdate, member: RoomMember) => ReadonlyMap<number, number> | null;
  /** Claims what the update is the first under, as `Room.claimFirst`. */
  readonly claimFirst: (update: ClientUpdate, member: RoomMember) => Promise<void> | null;
  /** All of an update is there: it is to be logged, and sent to everyone but `member`. */
  readonly taken: (update: Uint8Array, author: string | null, member: RoomMember | null) => void;
  /** All of an update is there that the log has: it is to be sent to everyone. */
  readonly replayed: (update: Uint8Array) => void;
}

/**
 * Edits of one document that are too heavy for a turn of the event loop. [L4] They are taken one after
 * another, in slices between which everybody else is served, and sent and logged as they came once all of one is there.
 */
export class HeavyEdits {
  readonly #doc: Y.Doc;
  readonly #room: HeavyRoom;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #settled: Promise<void> | null = null;
  /** Where the client ids stood that are being written under. */
  #before = new Map<number, number>();

  constructor(doc: Y.Doc, room: HeavyRoom) {
    this.#doc = doc;
    this.#room = room;
  }

  /** Some wait or are being taken. */
  get busy(): boolean {
    return this.#waiting > 0;
  }

  /** Resolves when the document holds no half of an edit, in the turn in which it may be read; `null` when it holds none. */
  get settled(): Promise<void> | null {
    return this.#settled;
  }

  /** The document's state vector, without what of an edit is there already. */
  stateVector(): Uint8Array {
    if (this.#settled === null) return Y.encodeStateVector(this.#doc);
    const clocks = this.#clocks();
    for (const [client, clock] of this.#before) {
      if (clock === 0) clocks.delete(client);
      else clocks.set(client, clock);
    }
    return Y.encodeStateVector(clocks);
  }

  /**
   * Takes a member's update, which must not be used later. `admit` is asked once it is known whether it grows the document, and throws why
   * it is not to be taken. Rejects as `Room.receive` throws, with `overloaded`, and with what `admit` throws.
   */
  receive(update: Uint8Array, isReply: boolean, member: RoomMember, admit: (grows: boolean) => void): Promise<void> {
    const { sub } = member.identity;
    return this.#inTurn(async () => {
      let cut = await this.#cut(update);
      admit(cut.grows);
      const decoded = { update: cut.update, structs: cut.structs, isReply };
      await this.#room.claimFirst(decoded, member);
      const awaited = this.#room.check(decoded, member);
      if (awaited !== null) cut = await this.#cut(new Uint8Array(cut.update), awaited);
      await this.#take(cut, (whole) => this.#room.taken(whole, sub, member));
      if (awaited !== null) throw new InkwireError('author-awaited');
    });
  }

  /** Takes an update that the server itself has made. */
  write(update: Uint8Array, author: string | null): Promise<void> {
    return this.#inTurn(async () => this.#take(await this.#cut(update), (whole) => this.#room.taken(whole, author, null)));
  }

  /** Takes an update that somebody else has committed to the log, and that must not be used later. */
  replay(update: Uint8Array): Promise<void> {
    return this.#inTurn(async () => this.#take(await this.#cut(update), (whole) => this.#room.replayed(whole)));
  }

  /** Resolves when what has come so far is taken, or was refused. */
  get idle(): Promise<unknown> {
    return this.#last;
  }

  async #inTurn(act: () => Promise<void>): Promise<void> {
    this.#waiting++;
    const done = this.#last.then(act);
    this.#last = done.catch(() => {});
    try {
      await done;
    } finally {
      this.#waiting--;
    }
  }

  #cut(update: Uint8Array, leftOut?: ReadonlyMap<number, number>): Promise<CutEdit> {
    this.#room.catchUp();
    return this.#room.cut({ update, known: this.#clocks(), leftOut });
  }

  async #take({ update, slices, isPartial, structs }: CutEdit, taken: (update: Uint8Array) => void): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const turns = new Turns();
    await turns.next();
    const vector = Y.encodeStateVector(this.#doc);
    this.#before = new Map(structs.map(({ id }) => [id.client, Y.getState(this.#doc.store, id.client)]));
    this.#settled = promise;
    try {
      for (const slice of slices) {
        this.#requireDocument();
        this.#apply(slice);
        await turns.orNext();
      }
      this.#requireDocument();
      // A copy: it stands in memory that threads share, which Yjs does not read.
      if (isPartial) this.#apply(new Uint8Array(update));
      if (this.#waits) retryParked(this.#doc, COMPLETED);
    } catch (error) {
      if (error instanceof InkwireError) throw error;
      // What was done of it before Yjs threw.
      taken(Y.encodeStateAsUpdate(this.#doc, vector));
      throw new InkwireError('malformed-update', undefined, { cause: error });
    } finally {
      this.#settled = null;
      this.#before.clear();
      resolve();
    }
    taken(update);
  }

  #requireDocument(): void {
    if (this.#room.isDeleted()) throw new InkwireError('document-deleted');
    this.#room.catchUp();
  }

  #clocks(): Map<number, number> {
    return Y.decodeStateVector(Y.encodeStateVector(this.#doc));
  }

  get #waits(): boolean {
    const { pendingStructs, pendingDs } = this.#doc.store;
    return pendingStructs !== null || pendingDs !== null;
  }

  /**
   * What a slice completes that was parked, the log has, and nobody was sent. For the others Yjs is not even asked to encode what
   * they did: of a text in many slices that would take the square of its length.
   */
  #apply(slice: Uint8Array): void {
    if (this.#waits) {
      Y.applyUpdate(this.#doc, slice, COMPLETED);
      return;
    }
    this.#doc.off('update', this.#room.onUpdate);
    try {
      Y.applyUpdate(this.#doc, slice);
    } finally {
      this.#doc.on('update', this.#room.onUpdate);
    }
  }
}
