import { HocuspocusProviderWebsocket } from '@hocuspocus/provider';
import { Dialer } from './dialer.ts';
import { RESET } from './session-state.ts';
import { type Debt, Silence } from './silence.ts';
import { type Transport, Transports } from './transports.ts';

/** How often it is asked whether the server still answers, ms. */
const LOOK_EVERY_MS = 500;

/** How long a better connection waits for a moment in which nothing is on its way, ms: a server closes one that has not signed in after ten seconds. */
const MAX_UNQUIET_MS = 7_000;

/** The longest time there is, ms: the provider's own watch, which takes 45 s and more to give a dead connection up, is not wanted. */
const NEVER_MS = 2 ** 31 - 1;

export interface LineOptions {
  readonly url: string;
  readonly onOpen: () => void;
  readonly onLost: (code: number) => void;
  /** A connection could not be made: it was refused, with this close code, or nothing came (`null`). */
  readonly onFailed: (code: number | null) => void;
  /** The server does not answer, and another connection is tried beside this one. */
  readonly onSilent: () => void;
  /** It does after all. */
  readonly onAnswer: () => void;
  readonly onSent: (frame: Uint8Array) => void;
  readonly onReceived: (frame: Uint8Array) => void;
  /** What the server owes; `null` while nothing can be said of it. */
  readonly debt: () => Debt | null;
  /** A frame that every server answers. */
  readonly question: () => Uint8Array<ArrayBuffer>;
  readonly backoffMs: () => number;
}

class ProviderSocket extends HocuspocusProviderWebsocket {
  /** Closes the connection as if it were lost: a network that is dead would answer in half a minute. */
  letGo(reason: string): void {
    this.emit('close', { event: new CloseEvent('close', { code: RESET, reason }) });
  }
}

/**
 * The way to the server: one connection at a time, and others that are tried while there is none, or while the one there
 * is does not answer. If another one opens first it takes over, and the silent one is closed; if the silent one
 * speaks first, the others are dropped.
 */
export class Line {
  /** What a provider attaches to; it is handed connections that are open, and makes none. */
  readonly socket: ProviderSocket;
  readonly #options: LineOptions;
  readonly #silence = new Silence();
  readonly #dialer: Dialer;
  readonly #transports: Transports;
  readonly #looking = setInterval(() => this.#look(), LOOK_EVERY_MS);
  /** The connection that the provider has, or is about to be handed. */
  #current: WebSocket | null = null;
  #watching = new AbortController();
  #silent = false;
  #lookedAt = performance.now();
  /** Bytes that had not left at the last look. */
  #buffered = 0;

  constructor(options: LineOptions) {
    this.#options = options;
    this.#transports = new Transports({
      url: options.url,
      hurry: () => this.#dialer.hurry(),
      onBetter: (socket) => this.#takeWhenQuiet(socket),
    });
    this.#dialer = new Dialer({
      open: () => this.#transports.open(),
      onOpen: (socket) => this.#take(socket),
      onFailed: options.onFailed,
      backoffMs: options.backoffMs,
    });
    const current = () => this.#current;
    this.socket = new ProviderSocket({
      url: options.url,
      autoConnect: false,
      maxAttempts: 1,
      messageReconnectTimeout: NEVER_MS,
      WebSocketPolyfill: function OpenSocket() {
        const socket = current();
        // The provider listens from the end of this turn on.
        queueMicrotask(() => socket?.dispatchEvent(new Event('open')));
        return socket;
      },
      onOpen: options.onOpen,
      onClose: ({ event }) => this.#lost(event.code),
    });
  }

  /** How the server is reached; `null` while it is not. */
  get transport(): Transport | null {
    return this.#transports.current;
  }

  /** Tries to connect until there is a connection. */
  dial(delayMs: number): void {
    if (this.#current === null) this.#dialer.start(delayMs);
  }

  /** Tries no more. */
  rest(): void {
    this.#dialer.stop();
  }

  /** The network may be back: tries at once, and asks whether the server is there. */
  hurry(): void {
    this.#dialer.hurry();
    this.#silence.hurry();
  }

  /** Ends the connection, and waits until the server knows. */
  close(code: number, reason?: string): void {
    this.#current?.close(code, reason);
  }

  /** Ends the connection without waiting for anybody. */
  drop(reason: string): void {
    if (this.#current !== null) this.socket.letGo(reason);
  }

  destroy(): void {
    clearInterval(this.#looking);
    this.#watching.abort();
    this.#dialer.stop();
    this.#transports.end();
    this.socket.destroy();
  }

  /** Goes over to a better connection between two edits, or in a while: until then the other one is as good. */
  #takeWhenQuiet(socket: WebSocket): void {
    const ended = new AbortController();
    socket.addEventListener('close', () => ended.abort(), { signal: ended.signal });
    const begunAt = performance.now();
    const look = () => {
      if (ended.signal.aborted || this.#watching.signal.aborted) {
        socket.close();
        this.#transports.missed();
        return;
      }
      const isQuiet = this.#options.debt()?.what === 'nothing' && (this.#current?.bufferedAmount ?? 0) === 0;
      if (!isQuiet && performance.now() - begunAt < MAX_UNQUIET_MS) {
        setTimeout(look, LOOK_EVERY_MS / 2);
        return;
      }
      ended.abort();
      this.#take(socket);
    };
    look();
  }

  #take(socket: WebSocket): void {
    const isBeside = this.#current !== null;
    this.#watch(socket);
    if (isBeside) this.socket.letGo('silent');
    this.#transports.took(socket);
    void this.socket.connect();
  }

  /** Sees the frames of this socket and of no other: the provider offers no hook at the socket itself. */
  #watch(socket: WebSocket): void {
    this.#current = socket;
    this.#silent = false;
    this.#silence.heard();
    this.#buffered = 0;
    this.#watching.abort();
    this.#watching = new AbortController();
    const { signal } = this.#watching;
    socket.binaryType = 'arraybuffer';
    socket.addEventListener('message', ({ data }) => this.#received(new Uint8Array(data as ArrayBuffer)), { signal });
    const send = socket.send.bind(socket);
    socket.send = (frame) => {
      send(frame);
      if (signal.aborted) return;
      this.#options.onSent(frame as Uint8Array);
    };
  }

  #lost(code: number): void {
    // The provider would make a connection of its own.
    this.socket.shouldConnect = false;
    if (this.socket.webSocket === this.#current) {
      this.#watching.abort();
      this.#current = null;
      this.#silent = false;
    }
    this.#transports.lost(code);
    this.#options.onLost(code);
  }

  #received(frame: Uint8Array): void {
    this.#silence.heard();
    if (this.#silent) {
      this.#silent = false;
      this.#dialer.stop();
      this.#options.onAnswer();
    }
    this.#options.onReceived(frame);
  }

  #look(): void {
    const socket = this.#current;
    const elapsed = performance.now() - this.#lookedAt;
    this.#lookedAt += elapsed;
    if (socket === null || this.#silent) return;
    if (socket.bufferedAmount < this.#buffered) this.#silence.progressed();
    this.#buffered = socket.bufferedAmount;
    const verdict = this.#silence.look(elapsed, this.#options.debt());
    if (verdict === 'ask') socket.send(this.#options.question());
    if (verdict !== 'silent') return;
    this.#silent = true;
    this.#options.onSilent();
    this.#dialer.start(0);
  }
}
