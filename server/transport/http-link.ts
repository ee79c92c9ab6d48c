import { BEAT_MS, body, FrameStream, MAX_SILENCE_MS, MAX_WAIT_MS, Mode, Piece, varUint, WINDOW_BYTES } from '../../protocol/http-link.ts';
import type { Link, LinkEnd, LinkListener } from '../ports/link.ts';
import type { Answer } from './remote-answer.ts';

/** What one answer, or one write of a stream, has at the most, bytes. */
const MAX_PIECE_BYTES = 256 * 1024;

/** How long the end of a link waits for its client to fetch it, ms. */
const CLOSE_TIMEOUT_MS = 10_000;

/** An answer that waits for something to send, or a stream. */
interface Outlet {
  readonly response: Answer;
  readonly isStream: boolean;
  beatAt: number;
}

/**
 * One link over HTTP. What it sends is a stream of bytes that is kept until the client says it has it, so that an answer may be lost or cut
 * anywhere; what it receives likewise, by the place of each byte.
 */
export class HttpLink implements Link {
  readyState = 1;
  /** Bytes of the client's stream that are here. */
  received = 0;
  /** Largest frame, bytes. */
  maxFrameBytes: number;
  readonly #frames = new FrameStream();
  readonly #now: () => number;
  #listener: LinkListener | null = null;
  /** What the client has not said it has: from `#keptFrom` on. `#sentTo` of it was written to an answer. */
  #kept: Uint8Array[] = [];
  #keptFrom = 0;
  #sentTo = 0;
  #end = 0;
  #outlet: Outlet | null = null;
  #heardAt: number;
  /** Since when nobody is there to be sent anything. */
  #aloneSince: number;
  #flushing = false;
  #drains: (() => void)[] = [];
  #paused = false;
  #resumes: (() => void)[] = [];
  #closing: { readonly code: number; readonly reason: string; readonly at: number } | null = null;

  constructor(maxFrameBytes: number, now: () => number) {
    this.maxFrameBytes = maxFrameBytes;
    this.#now = now;
    this.#heardAt = now();
    this.#aloneSince = now();
  }

  listen(listener: LinkListener): void {
    this.#listener = listener;
  }

  /** A request of the client has come. */
  heard(): void {
    this.#heardAt = this.#now();
  }

  get bufferedAmount(): number {
    return this.#end - this.#sentTo + (this.#outlet?.response.writableLength ?? 0);
  }

  send(frame: Uint8Array): void {
    if (this.readyState !== 1) return;
    for (const part of [varUint(frame.length), frame]) {
      this.#kept.push(part);
      this.#end += part.length;
    }
    this.#flushSoon();
  }

  onceDrained(callback: () => void): void {
    this.#drains.push(callback);
    this.#flushSoon();
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    for (const resume of this.#resumes.splice(0)) resume();
  }

  close(code: number, reason: string): void {
    if (this.readyState !== 1) return;
    this.readyState = 2;
    this.#closing = { code, reason, at: this.#now() };
    this.resume();
    this.#flushSoon();
  }

  /** Whether what comes is read no further at the moment: an answer waits for that, and the client for the answer. */
  get isFull(): boolean {
    return this.#paused && this.#resumes.length > 0;
  }

  /** Takes bytes of the client's stream from this place on; resolves when more may come. False when bytes before them are missing. */
  async take(at: number, bytes: Uint8Array): Promise<boolean> {
    if (at > this.received) return false;
    const fresh = bytes.subarray(this.received - at);
    this.received += fresh.length;
    const fits = this.#frames.push(fresh, this.maxFrameBytes, (frame) => {
      if (this.readyState === 1) this.#listener?.receive(frame);
    });
    if (!fits) this.close(1009, 'Max payload size exceeded');
    if (this.#paused) await new Promise<void>((resolve) => this.#resumes.push(resolve));
    return true;
  }

  /** The client has all bytes before this place. False when they were never sent. */
  has(place: number): boolean {
    if (place > this.#sentTo) return false;
    // It has said more since: this request was late.
    if (place < this.#keptFrom) return true;
    let rest = place - this.#keptFrom;
    let whole = 0;
    while (whole < this.#kept.length && rest >= this.#kept[whole]!.length) rest -= this.#kept[whole++]!.length;
    this.#kept.splice(0, whole);
    if (rest > 0) this.#kept[0] = this.#kept[0]!.subarray(rest);
    this.#keptFrom = place;
    this.#flushSoon();
    return true;
  }

  /** Answers a client that wants what comes from this place on. False when that is not here any more. */
  receive(response: Answer, from: number, mode: number): boolean {
    if (from < this.#keptFrom || from > this.#sentTo) return false;
    this.#endOutlet();
    // What was on its way in an answer that is gone goes again.
    this.#sentTo = from;
    this.has(from);
    const outlet: Outlet = { response, isStream: mode === Mode.Stream, beatAt: this.#now() };
    this.#outlet = outlet;
    response.once('close', () => {
      if (this.#outlet !== outlet) return;
      this.#outlet = null;
      this.#aloneSince = this.#now();
    });
    response.on('drain', () => this.#flush());
    if (outlet.isStream) {
      response.flushHeaders();
      response.write(body(Piece.Beat));
    }
    this.#flush();
    if (mode === Mode.Look && this.#outlet === outlet) this.#endOutlet();
    return true;
  }

  /** The client has gone, and said so. */
  left(code: number): void {
    this.#finish({ by: 'client', code, reason: null });
  }

  /** To be called every second or so: gives signs of life, and ends what has none. `graceMs` is how long a client may be away between two answers. */
  look(graceMs: number): void {
    const now = this.#now();
    if (this.#closing !== null && now - this.#closing.at > CLOSE_TIMEOUT_MS) this.#finish({ by: 'server', ...this.#closing });
    else if (this.#outlet === null && now - this.#aloneSince > graceMs) this.#finish({ by: 'network', code: 1006, reason: null });
    else if (now - this.#heardAt > MAX_SILENCE_MS) this.#finish({ by: 'silence', code: 1006, reason: null });
    else this.#beat(now);
  }

  /** Ends it without a word. */
  terminate(): void {
    this.#finish({ by: 'network', code: 1006, reason: null });
  }

  #beat(now: number): void {
    const outlet = this.#outlet;
    if (outlet === null || now - outlet.beatAt < (outlet.isStream ? BEAT_MS : MAX_WAIT_MS)) return;
    outlet.beatAt = now;
    if (outlet.isStream) outlet.response.write(body(Piece.Beat));
    else this.#endOutlet();
  }

  #flushSoon(): void {
    if (this.#flushing) return;
    this.#flushing = true;
    queueMicrotask(() => {
      this.#flushing = false;
      this.#flush();
    });
  }

  /** Sends what may be sent: as far as the network takes it, and the client has said it has what was before. */
  #flush(): void {
    for (let outlet = this.#outlet; outlet !== null && this.#sentTo < this.#end; outlet = this.#outlet) {
      if (outlet.response.writableNeedDrain || this.#sentTo - this.#keptFrom >= WINDOW_BYTES) return;
      const parts = this.#next(MAX_PIECE_BYTES);
      outlet.response.cork();
      for (const part of parts) outlet.response.write(part);
      outlet.response.uncork();
      outlet.beatAt = this.#now();
      if (!outlet.isStream) this.#endOutlet();
    }
    if (this.#closing !== null && this.#outlet !== null && this.#sentTo === this.#end) {
      const { code, reason } = this.#closing;
      this.#outlet.response.end(body(Piece.Close, code, reason));
      this.#outlet = null;
      this.#finish({ by: 'server', code, reason });
    }
    if (this.bufferedAmount === 0) for (const drained of this.#drains.splice(0)) drained();
  }

  /** The next bytes of the stream with their head; they count as sent. */
  #next(maxBytes: number): Uint8Array[] {
    let skip = this.#sentTo - this.#keptFrom;
    const parts: Uint8Array[] = [];
    let length = 0;
    for (const kept of this.#kept) {
      if (skip >= kept.length) {
        skip -= kept.length;
        continue;
      }
      const part = kept.subarray(skip, skip + maxBytes - length);
      skip = 0;
      parts.push(part);
      length += part.length;
      if (length === maxBytes) break;
    }
    this.#sentTo += length;
    return [body(Piece.Data, length), ...parts];
  }

  #endOutlet(): void {
    const outlet = this.#outlet;
    if (outlet === null) return;
    this.#outlet = null;
    this.#aloneSince = this.#now();
    outlet.response.end(body(Piece.Again));
  }

  #finish(end: LinkEnd): void {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.resume();
    this.#outlet?.response.destroy();
    this.#outlet = null;
    this.#kept = [];
    this.#listener?.closed({ by: end.by, code: end.code, reason: end.reason });
  }
}
