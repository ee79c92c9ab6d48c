import { body, FrameStream, HTTP_LINK_PATH, MAX_SEND_BYTES, Mode, Reader, Request, SIGN_MS, varUint } from '../../protocol/http-link.ts';
import { firstOf, Pieces, without } from './pieces.ts';
import { isShared, takeStream } from './streams.ts';

/** Bytes of one request: many proxies take no more than a megabyte. */
const SEND_BYTES = MAX_SEND_BYTES / 2;

/** What came is confirmed once it is so much, or after so long, ms. */
const CONFIRM_BYTES = 256 * 1024;
const CONFIRM_MS = 3_000;

/** A stream gives its first sign of life at once; where it has not come after this, something keeps streams back, ms. */
const FIRST_SIGN_MS = 1_500;

/** A stream that says nothing for so long is taken for dead, ms: the server speaks every ten seconds. */
const SILENT_MS = 25_000;

/** The pauses between attempts that fail, and for how long they may, ms. A server waits no longer for a client that is away. */
const FIRST_PAUSE_MS = 200;
const MAX_PAUSE_MS = 2_000;
const GIVE_UP_MS = 20_000;

/** How often a client looks that may hold no answer open, ms. */
const LOOK_EVERY_MS = 1_000;

/** Addresses of servers behind something that keeps streams back. */
const buffered = new Set<string>();

/**
 * A WebSocket by other means: the same frames to the same server, as POSTs up and a stream or held answers down, for networks that refuse WebSockets.
 * It takes the address that a WebSocket would, `ws://host/collab?…`, and goes to `http://host/collab/http?…`. Frames are binary.
 *
 * Usable with any Hocuspocus provider: `new HocuspocusProviderWebsocket({ url, WebSocketPolyfill: HttpSocket })`.
 */
export class HttpSocket extends EventTarget {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSING = 2;
  static readonly CLOSED = 3;
  readonly CONNECTING = 0;
  readonly OPEN = 1;
  readonly CLOSING = 2;
  readonly CLOSED = 3;
  /** The address it was given. */
  readonly url: string;
  readonly protocol = '';
  readonly extensions = '';
  binaryType: BinaryType = 'arraybuffer';
  readyState: 0 | 1 | 2 | 3 = 0;
  onopen: ((event: Event) => void) | null = null;
  onmessage: ((event: MessageEvent) => void) | null = null;
  onerror: ((event: Event) => void) | null = null;
  onclose: ((event: CloseEvent) => void) | null = null;
  readonly #address: string;
  readonly #ended = new AbortController();
  readonly #frames = new FrameStream();
  #session = '';
  /** Bytes of the server's stream that are here, and of those that it knows to be. */
  #have = 0;
  #confirmed = 0;
  /** What the server has not said it has, and where that begins in the stream. */
  #unsent: Uint8Array[] = [];
  #unsentFrom = 0;
  #sending = false;
  #signAt = 0;
  #wake: (() => void) | null = null;
  #releaseStream: (() => void) | null = null;

  constructor(url: string | URL, _protocols?: string | readonly string[]) {
    super();
    this.url = String(url);
    const address = new URL(this.url);
    address.protocol = address.protocol.replace('ws', 'http');
    address.pathname = address.pathname.replace(/\/collab\/?$/, HTTP_LINK_PATH);
    this.#address = address.href;
    // A class that extends this one has its fields by then.
    queueMicrotask(() => void this.#run());
  }

  /** Bytes that the server has not said it has. */
  get bufferedAmount(): number {
    return this.#unsent.reduce((sum, { length }) => sum + length, 0);
  }

  /** Sends a frame. Throws an `InvalidStateError` before it is open, as a WebSocket does. */
  send(data: ArrayBuffer | ArrayBufferView): void {
    if (this.readyState === 0) throw new DOMException('It is not open yet.', 'InvalidStateError');
    if (this.readyState !== 1) return;
    const frame = data instanceof ArrayBuffer ? new Uint8Array(data) : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    // A copy: it is sent later, perhaps twice.
    this.#unsent.push(varUint(frame.length), frame.slice());
    this.#pumpSoon();
  }

  /** Ends it; the server is told. */
  close(code = 1000, reason = ''): void {
    if (this.readyState >= 2) return;
    const wasOpen = this.readyState === 1;
    this.readyState = 2;
    const told = wasOpen ? this.#leave(code) : Promise.resolve();
    void told.then(() => this.#end(code, reason, wasOpen));
  }

  /** How requests are made; a test stands between. */
  protected request(url: string, init: RequestInit): Promise<Response> {
    return fetch(url, init);
  }

  async #run(): Promise<void> {
    try {
      const response = await this.#post(body(Request.Open), AbortSignal.any([AbortSignal.timeout(GIVE_UP_MS), this.#ended.signal]));
      const session = response.ok ? new Reader(new Uint8Array(await response.arrayBuffer())).text() : null;
      if (session === null || this.readyState !== 0) throw new Error('There is no such link.');
      this.#session = session;
    } catch {
      this.#end(1006, '', false);
      return;
    }
    this.readyState = 1;
    this.#signAt = Date.now();
    this.dispatchEvent(new Event('open'));
    this.#pumpSoon();
    this.#ended.signal.addEventListener('abort', () => this.#releaseStream?.());
    if (isShared(this.#address)) this.#releaseStream = await takeStream();
    void this.#signs();
    await this.#receiveAll();
  }

  /** Receives until the end, whatever becomes of single answers. */
  async #receiveAll(): Promise<void> {
    let failingSince: number | null = null;
    let pause = FIRST_PAUSE_MS;
    while (this.readyState === 1) {
      const before = this.#have;
      const outcome = await this.#receiveOnce().catch(() => 'failed' as const);
      if (this.readyState !== 1) return;
      if (outcome === 'gone') return this.#end(1006, '', false);
      if (outcome === 'again' || this.#have > before) {
        failingSince = null;
        pause = FIRST_PAUSE_MS;
        if (this.#mode === Mode.Look) await this.#sleep(LOOK_EVERY_MS);
        continue;
      }
      failingSince ??= Date.now();
      if (Date.now() - failingSince > GIVE_UP_MS) return this.#end(1006, '', false);
      await this.#sleep(pause);
      pause = Math.min(MAX_PAUSE_MS, pause * 2);
    }
  }

  get #mode(): number {
    if (isShared(this.#address) && this.#releaseStream === null) return Mode.Look;
    return buffered.has(new URL(this.#address).host) ? Mode.Wait : Mode.Stream;
  }

  /** One answer to its end. `again`: as it should be; `gone`: the server knows nothing of this link. Rejects when it was cut. */
  async #receiveOnce(): Promise<'again' | 'gone' | 'failed'> {
    const mode = this.#mode;
    const cut = new AbortController();
    const stop = () => cut.abort();
    this.#ended.signal.addEventListener('abort', stop);
    let timer = setTimeout(stop, mode === Mode.Stream ? FIRST_SIGN_MS : SILENT_MS);
    let heard = false;
    try {
      const from = this.#have;
      this.#confirmed = Math.max(this.#confirmed, from);
      const response = await this.#post(body(Request.Receive, this.#session, from, mode), cut.signal);
      if (response.status === 410) return 'gone';
      if (!response.ok || response.body === null) return 'failed';
      const pieces = new Pieces();
      for (const reader = response.body.getReader(); ; ) {
        const { done, value } = await reader.read();
        if (done) return pieces.ended ? 'again' : 'failed';
        heard = true;
        clearTimeout(timer);
        timer = setTimeout(stop, SILENT_MS);
        pieces.push(value, {
          data: (bytes) => this.#received(bytes),
          close: (code, reason) => this.#end(code, reason, true),
        });
        if (this.readyState !== 1) return 'again';
      }
    } finally {
      clearTimeout(timer);
      this.#ended.signal.removeEventListener('abort', stop);
      cut.abort();
      if (mode === Mode.Stream && !heard && !this.#ended.signal.aborted) buffered.add(new URL(this.#address).host);
    }
  }

  #received(bytes: Uint8Array): void {
    this.#have += bytes.length;
    this.#frames.push(bytes, Number.POSITIVE_INFINITY, (frame) => {
      if (this.readyState !== 1) return;
      const { buffer, byteOffset, byteLength } = frame;
      const own = byteLength === buffer.byteLength ? buffer : buffer.slice(byteOffset, byteOffset + byteLength);
      this.dispatchEvent(new MessageEvent('message', { data: this.binaryType === 'blob' ? new Blob([own]) : own }));
    });
    if (this.#have - this.#confirmed >= CONFIRM_BYTES) this.#pumpSoon();
  }

  /** Confirms what came, and says now and then that it lives. */
  async #signs(): Promise<void> {
    while (this.readyState === 1) {
      await new Promise((resolve) => setTimeout(resolve, CONFIRM_MS));
      if (this.#have > this.#confirmed || Date.now() - this.#signAt > SIGN_MS) this.#pumpSoon(true);
    }
  }

  #pumpSoon(always = false): void {
    queueMicrotask(() => void this.#pump(always));
  }

  /** Sends what there is, one request after the other; of what was lost or cut the server says how much it has. */
  async #pump(always: boolean): Promise<void> {
    if (this.#sending || this.readyState !== 1) return;
    this.#sending = true;
    let failingSince: number | null = null;
    let pause = FIRST_PAUSE_MS;
    for (let due = always; this.readyState === 1; due = false) {
      if (!due && this.#unsent.length === 0 && this.#have - this.#confirmed < CONFIRM_BYTES) break;
      const sent = await this.#sendOnce().catch(() => false);
      if (sent) {
        failingSince = null;
        pause = FIRST_PAUSE_MS;
        continue;
      }
      failingSince ??= Date.now();
      if (Date.now() - failingSince > GIVE_UP_MS) this.#end(1006, '', false);
      else await this.#sleep(pause);
      pause = Math.min(MAX_PAUSE_MS, pause * 2);
    }
    this.#sending = false;
  }

  async #sendOnce(): Promise<boolean> {
    const have = this.#have;
    const head = body(Request.Send, this.#session, have, this.#unsentFrom);
    const response = await this.#post(body(head, ...firstOf(this.#unsent, SEND_BYTES)), this.#ended.signal);
    if (response.status === 410) {
      this.#end(1006, '', false);
      return true;
    }
    if (!response.ok && response.status !== 409) return false;
    const received = new Reader(new Uint8Array(await response.arrayBuffer())).number();
    if (received === null || received < this.#unsentFrom) return false;
    const progress = received > this.#unsentFrom;
    this.#confirmed = Math.max(this.#confirmed, have);
    this.#signAt = Date.now();
    this.#unsent = without(this.#unsent, received - this.#unsentFrom);
    this.#unsentFrom = received;
    return response.ok || progress;
  }

  async #leave(code: number): Promise<void> {
    // What was sent before it was closed goes first, if it goes at once.
    while (this.#sending || this.#unsent.length > 0) {
      if (!this.#sending && !(await this.#sendOnce().catch(() => false))) break;
      if (this.#sending) await new Promise((resolve) => setTimeout(resolve, 10));
      if (this.readyState === 3) return;
    }
    const bytes = body(Request.Close, this.#session, code);
    await this.request(this.#address, { method: 'POST', body: bytes, keepalive: true, signal: AbortSignal.timeout(2_000) }).catch(() => {});
  }

  /** Rejects with an answer that is not the server's, such as a page of a proxy. */
  async #post(bytes: Uint8Array<ArrayBuffer>, signal: AbortSignal): Promise<Response> {
    const init: RequestInit = { method: 'POST', body: bytes, signal, cache: 'no-store', credentials: 'same-origin' };
    const response = await this.request(this.#address, init);
    const isServers = /^application\/(octet-stream|problem\+json)/.test(response.headers.get('content-type') ?? '');
    if (!isServers) throw new TypeError('This is not an answer of the server.');
    return response;
  }

  /** Waits, at most as long as it takes until something is woken by the network's being back. */
  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
      setTimeout(resolve, ms);
    });
  }

  #end(code: number, reason: string, wasClean: boolean): void {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.#ended.abort();
    this.#wake?.();
    if (!wasClean) this.dispatchEvent(new Event('error'));
    this.dispatchEvent(new CloseEvent('close', { code, reason, wasClean }));
  }

  override dispatchEvent(event: Event): boolean {
    const handler = { open: this.onopen, message: this.onmessage, error: this.onerror, close: this.onclose }[event.type] as
      | ((event: Event) => void)
      | null
      | undefined;
    handler?.call(this, event);
    return super.dispatchEvent(event);
  }
}
