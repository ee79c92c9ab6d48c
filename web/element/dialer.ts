/** Milliseconds from one attempt to the next while they hang, on a line where a connection opens in half of it. */
const INTERVAL_MS = 1500;

/** After so many attempts each interval is longer than the one before: by this factor, and up to this, ms. */
const PATIENT_AFTER = 16;
const PATIENCE = 1.3;
const MAX_INTERVAL_MS = 10_000;

/**
 * Beyond its interval an attempt lives so much longer than the one before it, and at most so much longer than its interval, ms. Chromium
 * lets one attempt at a time speak to a server, the oldest, and holds each back for up to 5 s once a dozen have failed.
 */
const HEAD_START_MS = 500;
const MAX_HEAD_START_MS = 5000;

/** How long a connection takes to open, until one has, ms: a slow mobile line needs four answers of a second. */
const UNKNOWN_OPENING_MS = 5000;

export interface DialerOptions {
  /** Begins to open a connection. */
  readonly open: () => WebSocket;
  /** The first one that opened; it dials no more. */
  readonly onOpen: (socket: WebSocket) => void;
  /** One was refused, with this close code; or nothing came of it (`null`). */
  readonly onFailed: (code: number | null) => void;
  /** Milliseconds to wait after one that was refused. */
  readonly backoffMs: () => number;
}

/**
 * Tries one connection after another until one is open. Where a network takes packets and says nothing an attempt hangs
 * for minutes, also when the network is back, so another begins before long; the first to open is taken.
 */
export class Dialer {
  readonly #options: DialerOptions;
  readonly #attempts = new Map<WebSocket, AbortController>();
  #timer: ReturnType<typeof setTimeout> | null = null;
  #begun = 0;
  #openingMs = UNKNOWN_OPENING_MS;

  constructor(options: DialerOptions) {
    this.#options = options;
  }

  get dialing(): boolean {
    return this.#timer !== null;
  }

  /** Dials, if it does not yet; the first time after so many milliseconds. */
  start(delayMs: number): void {
    if (this.dialing) return;
    this.#begun = 0;
    this.#again(delayMs);
  }

  /** Tries at once, if it dials. */
  hurry(): void {
    if (this.dialing) this.#attempt();
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    for (const socket of [...this.#attempts.keys()]) this.#end(socket);
  }

  #again(delayMs: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#attempt(), delayMs);
  }

  #attempt(): void {
    const nth = this.#begun++;
    const intervalMs = Math.min(MAX_INTERVAL_MS, Math.max(INTERVAL_MS, 2 * this.#openingMs) * PATIENCE ** Math.max(0, nth - PATIENT_AFTER));
    this.#again(intervalMs);
    const begunAt = performance.now();
    const socket = this.#options.open();
    const ended = new AbortController();
    const { signal } = ended;
    this.#attempts.set(socket, ended);
    const timer = setTimeout(() => this.#failed(socket, null), intervalMs + Math.min(MAX_HEAD_START_MS, nth * HEAD_START_MS));
    signal.addEventListener('abort', () => clearTimeout(timer));
    socket.addEventListener('open', () => this.#opened(socket, performance.now() - begunAt), { signal });
    socket.addEventListener('close', ({ code }) => this.#failed(socket, code), { signal });
  }

  #opened(socket: WebSocket, openingMs: number): void {
    // The shortest: one that a browser held back says nothing of the line.
    this.#openingMs = Math.min(this.#openingMs, openingMs);
    this.#attempts.get(socket)?.abort();
    this.#attempts.delete(socket);
    this.stop();
    this.#options.onOpen(socket);
  }

  #failed(socket: WebSocket, code: number | null): void {
    this.#end(socket);
    this.#options.onFailed(code);
    if (code !== null && this.dialing) this.#again(this.#options.backoffMs());
  }

  #end(socket: WebSocket): void {
    this.#attempts.get(socket)?.abort();
    this.#attempts.delete(socket);
    socket.close();
  }
}
