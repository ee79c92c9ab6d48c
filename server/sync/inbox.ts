/** What one connection may have handled in one turn of the event loop before the others are served: ~1 ms of work. */
const MESSAGES_PER_TURN = 64;
const BYTES_PER_TURN = 256 * 1024;

/** Stops and restarts reading from a socket. */
export interface Flow {
  pause(): void;
  resume(): void;
}

/** Inboxes with frames left over from an earlier turn. */
let waiting: Inbox[] = [];
let turn = 0;
let turnEnds = false;

/**
 * A connection's incoming frames, a bounded number a turn. [L2] What a flooder sends beyond that
 * waits, and its socket is not read meanwhile: TCP slows it down, others hardly notice, and what is
 * queued here is at most what one read had brought (64 KiB, or one long message).
 */
export class Inbox {
  readonly #handle: (frame: Uint8Array) => void;
  readonly #flow: Flow;
  #queue: Uint8Array[] = [];
  #turn = -1;
  #messages = 0;
  #bytes = 0;

  constructor(handle: (frame: Uint8Array) => void, flow: Flow) {
    this.#handle = handle;
    this.#flow = flow;
  }

  receive(frame: Uint8Array): void {
    if (this.#queue.length === 0 && this.#mayHandle(frame)) {
      this.#handle(frame);
      return;
    }
    if (this.#queue.length === 0) {
      this.#flow.pause();
      waiting.push(this);
    }
    this.#queue.push(frame);
  }

  /** Forgets what waits: the socket is closed. */
  clear(): void {
    this.#queue = [];
  }

  /** Handles a turn's worth; false when there is more. */
  drain(): boolean {
    let handled = 0;
    for (const frame of this.#queue) {
      if (!this.#mayHandle(frame)) break;
      handled++;
      this.#handle(frame);
    }
    this.#queue.splice(0, handled);
    if (this.#queue.length > 0) return false;
    this.#flow.resume();
    return true;
  }

  /** A frame longer than a whole turn's bytes is handled as the first of a turn. */
  #mayHandle(frame: Uint8Array): boolean {
    if (this.#turn !== thisTurn()) {
      this.#turn = turn;
      this.#messages = 0;
      this.#bytes = 0;
    }
    if (this.#messages >= MESSAGES_PER_TURN || (this.#messages > 0 && this.#bytes + frame.length > BYTES_PER_TURN)) return false;
    this.#messages++;
    this.#bytes += frame.length;
    return true;
  }
}

function thisTurn(): number {
  if (!turnEnds) {
    turnEnds = true;
    setImmediate(endTurn);
  }
  return turn;
}

function endTurn(): void {
  turn++;
  turnEnds = false;
  const inboxes = waiting;
  waiting = [];
  for (const inbox of inboxes) if (!inbox.drain()) waiting.push(inbox);
}
