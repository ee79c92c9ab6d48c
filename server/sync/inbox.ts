import type { Pace } from '../ports/visit.ts';

/** What one connection may have handled at a time before the others are served: ~1 ms of work. */
const MESSAGES_PER_SLICE = 64;
const BYTES_PER_SLICE = 256 * 1024;

/**
 * A connection that has been silent for this long, ms, begins a slice anew. By the clock, because to
 * tell turns of the event loop apart would cost one more callback in each.
 */
const SILENCE_MS = 1;

/** How long a connection that has sent more than it may is left alone before its pace is looked at again, ms. */
const REST_MS = 50;

/** Stops and restarts reading from a socket. */
export interface Flow {
  pause(): void;
  resume(): void;
}

const ANY_PACE: Pace = { charge: () => 'go' };

/** Inboxes with frames left over, to be served in the next turn of the event loop. */
let waiting: Inbox[] = [];

/** Inboxes over their pace, to be served after a rest. One timer for all: those who are over it are few, or the machine has others to do. */
let resting: Inbox[] = [];

/**
 * A connection's incoming frames, a bounded number at a time. [L2] What a flooder sends beyond that
 * waits, and its socket is not read meanwhile: TCP slows it down, others hardly notice, and what is
 * queued here is at most what one read had brought (64 KiB, or one long message). Its pace is counted by
 * the slice: a message costs nothing for it.
 */
export class Inbox {
  readonly #handle: (frame: Uint8Array) => void;
  readonly #flow: Flow;
  readonly #now: () => number;
  readonly #pace: Pace;
  readonly #onStop: () => void;
  #queue: Uint8Array[] = [];
  #holds = 0;
  #handledAt = Number.NEGATIVE_INFINITY;
  #messages = 0;
  #bytes = 0;

  /** `now` is a clock, ms. `onStop` is called when the pace says so; the socket is to be closed then. */
  constructor(handle: (frame: Uint8Array) => void, flow: Flow, now: () => number, pace: Pace = ANY_PACE, onStop: () => void = () => {}) {
    this.#handle = handle;
    this.#flow = flow;
    this.#now = now;
    this.#pace = pace;
    this.#onStop = onStop;
  }

  receive(frame: Uint8Array): void {
    if (this.#queue.length > 0 || this.#holds > 0) {
      this.#queue.push(frame);
      return;
    }
    const now = this.#now();
    const goesOn = now - this.#handledAt <= SILENCE_MS || this.#beginSlice(now) === 'go';
    if (goesOn && this.#mayHandle(frame)) {
      this.#handle(frame);
      this.#handledAt = this.#now();
      return;
    }
    this.#flow.pause();
    this.#queue.push(frame);
    if (goesOn) wait(this);
    else rest(this);
  }

  /** Handles nothing more, and reads nothing more, until what is returned was called. */
  hold(): () => void {
    this.#holds++;
    this.#flow.pause();
    return () => {
      if (--this.#holds > 0) return;
      if (this.#queue.length > 0) wait(this);
      else this.#flow.resume();
    };
  }

  /** Forgets what waits: the link has ended. */
  clear(): void {
    this.#queue = [];
  }

  /** Handles a slice, if the pace allows; what is left waits for the next turn. */
  drain(): void {
    if (this.#holds > 0) return;
    const pace = this.#queue.length === 0 ? 'go' : this.#beginSlice(this.#now());
    if (pace === 'wait') {
      rest(this);
      return;
    }
    if (pace === 'stop') {
      this.#queue = [];
      this.#onStop();
    }
    let handled = 0;
    for (const frame of this.#queue) {
      if (this.#holds > 0 || !this.#mayHandle(frame)) break;
      handled++;
      this.#handle(frame);
    }
    this.#handledAt = this.#now();
    this.#queue.splice(0, handled);
    if (this.#holds > 0) return;
    if (this.#queue.length > 0) wait(this);
    else this.#flow.resume();
  }

  #beginSlice(now: number): 'go' | 'wait' | 'stop' {
    const pace = this.#pace.charge(this.#messages, this.#bytes, now);
    this.#messages = 0;
    this.#bytes = 0;
    return pace;
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

function rest(inbox: Inbox): void {
  if (resting.length === 0) setTimeout(serveRested, REST_MS);
  resting.push(inbox);
}

function serveRested(): void {
  const inboxes = resting;
  resting = [];
  for (const inbox of inboxes) inbox.drain();
}

function serve(): void {
  const inboxes = waiting;
  waiting = [];
  for (const inbox of inboxes) inbox.drain();
}
