import * as Y from 'yjs';
import type { RoomMember } from './room-member.ts';

/** A kept state serves while the updates since are fewer bytes than this part of it. */
const STALE_STATE_PART = 4;

/**
 * The state of a room as newcomers are sent it. A state of 300 kB takes 3 ms to encode, so a hundred
 * people who join at once share one, followed by what was written since.
 */
export class SharedState {
  #state: Uint8Array | null = null;
  /** The state as a frame, for the member it was last built for and those who share its frames. */
  #frame: { readonly codec: RoomMember['codec']; readonly address: string; readonly bytes: Uint8Array } | null = null;
  /** What was written since, merged; `null` when there is more than that. */
  #since: Uint8Array | null = null;
  #updates: Uint8Array[] = [];
  #bytes = 0;

  /** The document has taken `update`, or will when it is looked at; it must not be changed later. */
  wrote(update: Uint8Array): void {
    if (this.#state === null) return;
    if (update.buffer instanceof SharedArrayBuffer) {
      // Yjs does not merge what threads share.
      this.#keep(null);
      return;
    }
    this.#updates.push(update);
    this.#since = null;
    this.#bytes += update.length;
    if (this.#isStale(this.#state)) this.#keep(null);
  }

  /** The frames that bring an empty client up to date. `encode` gives the state as it is, when the kept one does not serve. */
  frames({ codec, address }: Pick<RoomMember, 'codec' | 'address'>, encode: () => Uint8Array): Uint8Array[] {
    if (this.#state === null) this.#keep(encode());
    if (this.#frame?.address !== address || this.#frame.codec !== codec) {
      this.#frame = { codec, address, bytes: codec.step2(address, this.#state!) };
    }
    if (this.#updates.length === 0) return [this.#frame.bytes];
    this.#since ??= Y.mergeUpdates(this.#updates);
    return [this.#frame.bytes, codec.update(address, this.#since)];
  }

  #isStale(state: Uint8Array): boolean {
    return this.#bytes * STALE_STATE_PART > state.length;
  }

  #keep(state: Uint8Array | null): void {
    this.#state = state;
    this.#frame = null;
    this.#since = null;
    this.#updates = [];
    this.#bytes = 0;
  }
}
