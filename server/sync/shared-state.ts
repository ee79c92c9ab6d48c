import * as Y from 'yjs';
import type { LoadedDocument } from '../../persistence/document-store.ts';
import type { RoomMember } from './room-member.ts';

/** A kept state serves while the updates since are fewer bytes than this part of it. */
const STALE_STATE_PART = 4;

/** And fewer than this: to merge them takes 0.1 ms a kilobyte. */
const MAX_SINCE_BYTES = 64 * 1024;

/** What is smaller is not worth the memory before anybody asks. */
const MIN_STORED_BYTES = 64 * 1024;

/** To encode more than this takes longer than others should wait, bytes as stored. */
const LARGE_BYTES = 512 * 1024;

/** What the state asks of its room. */
export interface StatedRoom {
  /** Size of the document as stored, bytes. */
  readonly size: () => number;
  /** The state as it is in memory, or what a client with this state vector lacks of it. */
  readonly encode: (since?: Uint8Array) => Uint8Array;
  /** The same with all that was written by now, from what is committed, away from the event loop. */
  readonly load: (since?: Uint8Array) => Promise<Uint8Array>;
}

/**
 * The state of a room as newcomers are sent it. A state of 300 kB takes 3 ms to encode, so a hundred
 * people who join at once share one, followed by what was written since.
 */
export class SharedState {
  readonly #room: StatedRoom;
  #state: Uint8Array | null = null;
  /** The state as a frame, for the member it was last built for and those who share its frames. */
  #frame: { readonly codec: RoomMember['codec']; readonly address: string; readonly bytes: Uint8Array } | null = null;
  /** What was written since, merged; `null` when there is more than that. */
  #since: Uint8Array | null = null;
  #updates: Uint8Array[] = [];
  #bytes = 0;
  /** A state is being made elsewhere, of which what is written meanwhile may not be part. */
  #awaited: Promise<void> | null = null;
  /** Something was written meanwhile that cannot be kept beside it. */
  #spoiled = false;

  /** A stored snapshot serves as it is, where it is large and nothing was written since: "synced" is to mean all that is stored. */
  constructor({ snapshot, updates }: Pick<LoadedDocument, 'snapshot' | 'updates'>, room: StatedRoom) {
    this.#room = room;
    if (snapshot !== null && snapshot.length >= MIN_STORED_BYTES && updates.length === 0) this.#keep(snapshot);
  }

  /** The document has taken `update`, or will when it is looked at; it must not be changed later. */
  wrote(update: Uint8Array): void {
    if (this.#state === null && this.#awaited === null) return;
    // Yjs does not merge what threads share.
    if (update.buffer instanceof SharedArrayBuffer) {
      this.#keep(null);
      this.#spoiled = true;
      return;
    }
    this.#updates.push(update);
    this.#since = null;
    this.#bytes += update.length;
    if (this.#state !== null && this.#isStale(this.#state)) this.#keep(null);
  }

  /** `frames` would encode a large document. */
  get isMissing(): boolean {
    return this.#state === null && this.isLarge;
  }

  /** To encode much of it takes longer than others should wait. */
  get isLarge(): boolean {
    return this.#room.size() > LARGE_BYTES;
  }

  /** What a client with this state vector lacks of a large document, made elsewhere; in place when the database is away. */
  async difference(since: Uint8Array): Promise<Uint8Array> {
    return this.#room.load(since).catch(() => this.#room.encode(since));
  }

  /** Has the state of a large document made elsewhere; several who ask share one. When the database is away it is encoded when it is needed. */
  prepare(): Promise<void> {
    this.#awaited ??= this.#load().finally(() => {
      this.#awaited = null;
    });
    return this.#awaited;
  }

  /** Updates (format V1) that make up the document as it is. They may stand in memory that threads share. */
  async all(): Promise<readonly Uint8Array[]> {
    if (this.isMissing) await this.prepare();
    if (this.#state === null) this.#keep(this.#room.encode());
    return [this.#state!, ...this.#updates];
  }

  /** The frames that bring an empty client up to date. */
  frames({ codec, address }: Pick<RoomMember, 'codec' | 'address'>): Uint8Array[] {
    if (this.#state === null) this.#keep(this.#room.encode());
    if (this.#frame?.address !== address || this.#frame.codec !== codec) {
      this.#frame = { codec, address, bytes: this.#step2(codec, address, this.#state!) };
    }
    if (this.#updates.length === 0) return [this.#frame.bytes];
    this.#since ??= Y.mergeUpdates(this.#updates);
    return [this.#frame.bytes, codec.update(address, this.#since)];
  }

  /** The first frame is built where the state stands, if there is room; others would write over it, and are copies. */
  #step2(codec: RoomMember['codec'], address: string, state: Uint8Array): Uint8Array {
    const around = this.#frame === null && state.buffer instanceof SharedArrayBuffer ? codec.step2Around(address, state) : null;
    return around ?? codec.step2(address, state);
  }

  async #load(): Promise<void> {
    this.#keep(null);
    this.#spoiled = false;
    try {
      const state = await this.#room.load();
      if (this.#spoiled) return;
      const [updates, bytes] = [this.#updates, this.#bytes];
      this.#keep(state);
      this.#updates = updates;
      this.#bytes = bytes;
    } catch {
      this.#keep(null);
    }
  }

  #isStale(state: Uint8Array): boolean {
    return this.#bytes > Math.min(state.length / STALE_STATE_PART, MAX_SINCE_BYTES);
  }

  #keep(state: Uint8Array | null): void {
    this.#state = state;
    this.#frame = null;
    this.#since = null;
    this.#updates = [];
    this.#bytes = 0;
  }
}
