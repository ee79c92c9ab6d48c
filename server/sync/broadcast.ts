import * as Y from 'yjs';
import type { RoomMember } from './room-member.ts';

/**
 * From this many people on, what several of them send in one turn of the event loop is merged, and
 * presence is gathered for a while: over 30 ms it costs an eighth of the CPU in a room of 200.
 */
const LARGE_ROOM = 8;
const PRESENCE_WINDOW_MS = 30;

/** Nobody's screen shows more than sixty carets a second; if somebody sends thousands, the others pay for no more than that. */
const SMALL_ROOM_PRESENCE_INTERVAL_MS = 16;

/** In a crowd a third fewer writes are worth fifteen milliseconds more: nobody follows two hundred carets. */
const CROWD = 100;
const CROWD_PRESENCE_WINDOW_MS = 45;

/**
 * What leaves a room to whom, and when. Text leaves as soon as the callback that brought it is done, in
 * a large room at the end of the event loop's turn, merged; presence has a clock of its own there, so
 * that it never delays text. A frame is built once and goes to everyone but its author.
 */
export class Broadcast {
  readonly #members: ReadonlySet<RoomMember>;
  readonly #encodePresence: (clientIds: Iterable<number>) => Uint8Array | null;
  readonly #updates: Uint8Array[] = [];
  /** The one member all buffered updates came from and need not go back to; `null` when there is none. */
  #author: RoomMember | null = null;
  #flushing = false;
  /** Client ids whose presence is to be told; there is none in most rooms. */
  #presence: Set<number> | null = null;
  #presenceTimer: NodeJS.Timeout | NodeJS.Immediate | null = null;
  #presenceSentAt = Number.NEGATIVE_INFINITY;

  constructor(members: ReadonlySet<RoomMember>, encodePresence: (clientIds: Iterable<number>) => Uint8Array | null) {
    this.#members = members;
    this.#encodePresence = encodePresence;
  }

  /** Sends an update to everyone but `author`, if one member wrote all that leaves with it. `update` must not be changed later. */
  update(update: Uint8Array, author: RoomMember | null): void {
    // What threads share leaves alone: Yjs does not merge it, and it would take as long as it is.
    const isAlone = update.buffer instanceof SharedArrayBuffer;
    if (isAlone) this.#flushUpdates();
    this.#author = this.#updates.length === 0 || this.#author === author ? author : null;
    this.#updates.push(update);
    if (isAlone) this.#flushUpdates();
    if (this.#flushing || isAlone) return;
    this.#flushing = true;
    const send = () => this.#flushUpdates();
    if (this.#members.size < LARGE_ROOM) queueMicrotask(send);
    else setImmediate(send);
  }

  /** What is to be told of these client ids has changed. */
  presence(clientIds: readonly number[]): void {
    this.#presence ??= new Set();
    for (const id of clientIds) this.#presence.add(id);
    if (this.#presenceTimer !== null) return;
    const send = () => this.#flushPresence();
    const delay = this.#presenceDelay();
    this.#presenceTimer = delay <= 0 ? setImmediate(send) : setTimeout(send, delay);
  }

  /** Sends what waits at once. */
  flush(): void {
    this.#flushUpdates();
    this.#flushPresence();
  }

  /** How long presence is gathered, ms; a caret that moves for the first time in a while is shown at once in a small room. */
  #presenceDelay(): number {
    const { size } = this.#members;
    if (size < LARGE_ROOM) return this.#presenceSentAt + SMALL_ROOM_PRESENCE_INTERVAL_MS - performance.now();
    return size < CROWD ? PRESENCE_WINDOW_MS : CROWD_PRESENCE_WINDOW_MS;
  }

  #flushUpdates(): void {
    this.#flushing = false;
    if (this.#updates.length === 0) return;
    const update = this.#updates.length === 1 ? this.#updates[0]! : Y.mergeUpdates(this.#updates);
    const author = this.#author;
    this.#updates.length = 0;
    this.#author = null;
    let frame: Uint8Array | undefined;
    let like: RoomMember | undefined;
    for (const member of this.#members) {
      if (member === author) continue;
      if (frame === undefined || !sharesFrames(member, like!)) {
        frame = member.codec.update(member.address, update);
        like = member;
      }
      member.forwardUpdate(frame);
    }
    // Presence that waits goes in the same write: a write saved for everyone but the author.
    if (this.#members.size >= LARGE_ROOM) this.#flushPresence();
  }

  #flushPresence(): void {
    if (this.#presenceTimer !== null) {
      clearImmediate(this.#presenceTimer as NodeJS.Immediate);
      clearTimeout(this.#presenceTimer as NodeJS.Timeout);
      this.#presenceTimer = null;
    }
    if (this.#presence === null || this.#presence.size === 0) return;
    const update = this.#encodePresence(this.#presence);
    this.#presence.clear();
    this.#presenceSentAt = performance.now();
    if (update === null) return;
    let frame: Uint8Array | undefined;
    let like: RoomMember | undefined;
    for (const member of this.#members) {
      if (frame === undefined || !sharesFrames(member, like!)) {
        frame = member.codec.presence(member.address, update);
        like = member;
      }
      member.forwardPresence(frame);
    }
  }
}

/** Whether one frame serves both: stock providers all call a document by its name. */
function sharesFrames(one: RoomMember, other: RoomMember): boolean {
  return one.address === other.address && one.codec === other.codec;
}
