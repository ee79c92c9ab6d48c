/** What one connection may have handled at a time before the others are served: ~1 ms of work. */
const MESSAGES_PER_SLICE = 64;
const BYTES_PER_SLICE = 256 * 1024;

/**
 * A connection that has been silent for this long, ms, begins a slice anew. By the clock, because to
 * tell turns of the event loop apart would cost one more callback in each.
 */
const SILENCE_MS = 1;

/** Stops and restarts reading from a socket. */
export interface Flow {
  pause(): void;
  resume(): void;
}

/** Inboxes with frames left over, to be served in the next turn of the event loop. */
let waiting: Inbox[] = [];

/**
 * A connection's incoming frames, a bounded number at a time. [L2] What a flooder sends beyond that
 * waits, and its socket is not read meanwhile: TCP slows it down, others hardly notice, and what is
 * queued here is at most what one read had brought (64 KiB, or one long message).
 */
export class Inbox {
  readonly #handle: (frame: Uint8Array) => void;
  readonly #flow: Flow;
  readonly #now: () => number;
  #queue: Uint8Array[] = [];
  #handledAt = Number.NEGATIVE_INFINITY;
  #messages = 0;
  #bytes = 0;

  /** `now` is a clock, ms. */
  constructor(handle: (frame: Uint8Array) => void, flow: Flow, now: () => number) {
    this.#handle = handle;
    this.#flow = flow;
    this.#now = now;
  }

  receive(frame: Uint8Array): void {
    if (this.#queue.length === 0 && this.#now() - this.#handledAt > SILENCE_MS) this.#beginSlice();
    if (this.#queue.length === 0 && this.#mayHandle(frame)) {
      this.#handle(frame);
      this.#handledAt = this.#now();
      return;
    }
    if (this.#queue.length === 0) {
      this.#flow.pause();
      wait(this);
    }
    this.#queue.push(frame);
  }

  /** Forgets what waits: the socket is closed. */
  clear(): void {
    this.#queue = [];
  }

  /** Handles a slice; what is left waits for the next turn. */
  drain(): void {
    this.#beginSlice();
    let handled = 0;
    for (const frame of this.#queue) {
      if (!this.#mayHandle(frame)) break;
      handled++;
      this.#handle(frame);
    }
    this.#handledAt = this.#now();
    this.#queue.splice(0, handled);
    if (this.#queue.length > 0) wait(this);
    else this.#flow.resume();
  }

  #beginSlice(): void {
    this.#messages = 0;
    this.#bytes = 0;
  }

  /** A frame longer than a whole slice is handled as the first of one. */
  #mayHandle(frame: Uint8Array): boolean {
    if (this.#messages >= MESSAGES_PER_SLICE || (this.#messages > 0 && this.#bytes + frame.length > BYTES_PER_SLICE)) return false;
    this.#messages++;
    this.#bytes += frame.length;
    return true;
  }
}

function wait(inbox: Inbox): void {
  if (waiting.length === 0) setImmediate(serve);
  waiting.push(inbox);
}

function serve(): void {
  const inboxes = waiting;
  waiting = [];
  for (const inbox of inboxes) inbox.drain();
}
