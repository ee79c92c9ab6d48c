import { FrameType } from '../../protocol/frames.ts';
import { HttpSocket } from '../transport/http-socket.ts';

/** How a connection reaches the server. */
export type Transport = 'websocket' | 'http';

/** A WebSocket that has not shown by then that it carries anything is tried beside HTTP, ms. */
const PATIENCE_MS = 2_500;
const TICK_MS = 100;

/** For how long a place is remembered in which WebSockets do not work, ms. */
const REMEMBERED_MS = 10 * 60_000;

/** How long after HTTP was taken a WebSocket is tried again, and the longest pause between such tries, ms. */
const FIRST_LOOK_MS = 10_000;
const MAX_LOOK_MS = 5 * 60_000;

/** A WebSocket that is cut off this soon, so many times in a row, is of no use, ms. */
const SHORT_LIFE_MS = 15_000;
const SHORT_LIVES = 2;

/** The close code of a connection that could not be made, or broke off without a word. */
const ABNORMAL = 1006;

export interface TransportsOptions {
  /** The WebSocket address of the document. */
  readonly url: string;
  /** Another attempt is wanted at once, beside the one that hangs. */
  readonly hurry: () => void;
  /** A WebSocket is open after all, and carries what is sent: it is better than the connection there is. */
  readonly onBetter: (socket: WebSocket) => void;
}

/**
 * Which way the next connection goes: by WebSocket, or over HTTP where a network refuses those, takes them and carries nothing, or cuts them off
 * again and again. What was found is remembered for a while, for all pages of this origin; meanwhile WebSockets are tried now and then.
 */
export class Transports {
  readonly #options: TransportsOptions;
  readonly #host: string;
  /** What the next attempt is. */
  #next: Transport;
  /** Something did not work: both ways are tried in turn until one does. */
  #inTurn = false;
  /** The connection there is. */
  #current: { readonly socket: WebSocket; readonly transport: Transport; readonly since: number } | null = null;
  #shortLives = 0;
  #lookTimer: ReturnType<typeof setTimeout> | null = null;
  #lookAfterMs = FIRST_LOOK_MS;
  readonly #kinds = new WeakMap<WebSocket, Transport>();
  #ended = false;

  constructor(options: TransportsOptions) {
    this.#options = options;
    this.#host = new URL(options.url).host;
    this.#next = isRemembered(this.#host) ? 'http' : 'websocket';
  }

  /** How the server is reached; `null` while it is not. */
  get current(): Transport | null {
    return this.#current?.transport ?? null;
  }

  /** Begins a connection. One by WebSocket says that it is open once it has carried something. */
  open(): WebSocket {
    const transport = this.#next;
    if (this.#inTurn) this.#next = otherThan(transport);
    const socket = transport === 'http' ? (new HttpSocket(this.#options.url) as unknown as WebSocket) : new WebSocket(this.#options.url);
    this.#kinds.set(socket, transport);
    const opened = new AbortController();
    const { signal } = opened;
    socket.addEventListener('close', ({ code }) => this.#failed(transport, code), { signal });
    if (transport === 'http') socket.addEventListener('open', () => opened.abort(), { signal });
    else {
      whenPatienceIsOver(signal, () => this.#hangs());
      provesItself(socket, () => opened.abort());
    }
    return socket;
  }

  /** This connection was taken. */
  took(socket: WebSocket): void {
    const transport = this.#kinds.get(socket) ?? 'websocket';
    this.#current = { socket, transport, since: performance.now() };
    this.#next = transport;
    this.#inTurn = false;
    if (transport === 'websocket') this.#stopLooking();
    else this.#lookLater();
  }

  /** The better connection has ended before it was taken. */
  missed(): void {
    if (this.current === 'http' && !this.#ended) this.#lookLater();
  }

  /** The connection has ended with this close code. */
  lost(code: number): void {
    const current = this.#current;
    this.#current = null;
    this.#stopLooking();
    if (current === null || current.transport === 'http') return;
    const isCut = code === ABNORMAL && performance.now() - current.since < SHORT_LIFE_MS;
    this.#shortLives = isCut ? this.#shortLives + 1 : 0;
    if (this.#shortLives < SHORT_LIVES) return;
    this.#shortLives = 0;
    this.#lookAfterMs = MAX_LOOK_MS;
    this.#remember();
  }

  end(): void {
    this.#ended = true;
    this.#stopLooking();
  }

  #failed(transport: Transport, code: number): void {
    // The server itself has closed it, and would whatever the way.
    if (code !== ABNORMAL) return;
    this.#try(otherThan(transport));
  }

  #hangs(): void {
    if (this.#ended || this.current === 'http') return;
    this.#try('http');
    this.#options.hurry();
  }

  #try(transport: Transport): void {
    this.#next = transport;
    this.#inTurn = true;
  }

  #remember(): void {
    this.#next = 'http';
    remember(this.#host, Date.now() + REMEMBERED_MS);
  }

  #lookLater(): void {
    this.#remember();
    this.#stopLooking();
    this.#lookTimer = setTimeout(() => this.#look(), this.#lookAfterMs);
    this.#lookAfterMs = Math.min(MAX_LOOK_MS, 2 * this.#lookAfterMs);
  }

  /** Tries whether a WebSocket works by now, beside the connection there is. */
  #look(): void {
    const socket = new WebSocket(this.#options.url);
    const done = new AbortController();
    const giveUp = () => {
      if (done.signal.aborted) return;
      done.abort();
      socket.close();
      if (this.current === 'http' && !this.#ended) this.#lookLater();
    };
    setTimeout(giveUp, 2 * PATIENCE_MS);
    socket.addEventListener('close', giveUp, { signal: done.signal });
    provesItself(socket, () => {
      if (done.signal.aborted) return;
      done.abort();
      if (this.current !== 'http' || this.#ended) {
        socket.close();
        return;
      }
      this.#lookAfterMs = FIRST_LOOK_MS;
      forget(this.#host);
      this.#kinds.set(socket, 'websocket');
      this.#options.onBetter(socket);
    });
  }

  #stopLooking(): void {
    if (this.#lookTimer !== null) clearTimeout(this.#lookTimer);
    this.#lookTimer = null;
  }
}

function otherThan(transport: Transport): Transport {
  return transport === 'http' ? 'websocket' : 'http';
}

/** Calls back after the patience, of which only the time counts in which the page could run: one that a busy machine keeps waiting hears nothing. */
function whenPatienceIsOver(signal: AbortSignal, callback: () => void): void {
  let left = PATIENCE_MS / TICK_MS;
  const timer = setInterval(() => {
    left -= 1;
    if (left > 0) return;
    clearInterval(timer);
    callback();
  }, TICK_MS);
  signal.addEventListener('abort', () => clearInterval(timer));
}

/** Keeps a WebSocket's `open` back until it has carried a ping and its answer; something may take WebSockets and swallow what they carry. */
function provesItself(socket: WebSocket, onProven: () => void): void {
  const proven = new AbortController();
  const { signal } = proven;
  socket.binaryType = 'arraybuffer';
  socket.addEventListener(
    'open',
    (event) => {
      event.stopImmediatePropagation();
      socket.send(Uint8Array.of(FrameType.Ping));
    },
    { signal },
  );
  socket.addEventListener(
    'message',
    (event) => {
      event.stopImmediatePropagation();
      proven.abort();
      onProven();
      socket.dispatchEvent(new Event('open'));
    },
    { signal },
  );
}

const keyOf = (host: string) => `inkwire-http-until ${host}`;

function isRemembered(host: string): boolean {
  try {
    return Number(localStorage.getItem(keyOf(host))) > Date.now();
  } catch {
    // A page that may store nothing finds out each time.
    return false;
  }
}

function remember(host: string, until: number): void {
  try {
    localStorage.setItem(keyOf(host), String(until));
  } catch {}
}

function forget(host: string): void {
  try {
    localStorage.removeItem(keyOf(host));
  } catch {}
}
