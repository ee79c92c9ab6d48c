import { randomBytes } from 'node:crypto';
import type { Broker, BrokerEvents } from '../broker.ts';

/** How often a broker is asked to carry a message from here to here, and after how long without one it is taken to be away, ms. */
const PROBE_MS = 500;
const MUTE_MS = 2_000;

/** The most that waits to be sent, bytes; what is beyond is dropped. */
const MAX_UNSENT_BYTES = 8 * 1024 * 1024;

/** What carries messages, without any thought of outages. Each of its promises rejects when the thing was not done. */
export interface BrokerLine {
  /** As in `Broker`. */
  readonly name: string;
  readonly maxMessageBytes: number;
  /** Resolves when the message is out of this process's memory. */
  send(topic: string, message: Uint8Array): Promise<unknown>;
  /** Resolves when what is sent on the topic from then on arrives. It holds over outages that the line itself gets over. */
  listen(topic: string): Promise<unknown>;
  unlisten(topic: string): Promise<unknown>;
  end(): Promise<void>;
}

/**
 * Makes a broker of a line. It is up while a message that it sends to itself comes back: that one test holds for a connection that
 * died without a word, a broker that hangs, and one that forgot who listens.
 */
export class LineBroker implements Broker {
  readonly #line: BrokerLine;
  readonly #events: BrokerEvents;
  readonly #prefix: string;
  readonly #probe = `probe:${randomBytes(8).toString('hex')}`;
  /** Topics, and whether the line listens to them. */
  readonly #topics = new Map<string, boolean>();
  #unsentBytes = 0;
  #heardAt = performance.now();
  #state: 'starting' | 'up' | 'down' | 'closed' = 'starting';
  readonly #timer: NodeJS.Timeout;

  /** `connect` is given where messages are to go. */
  constructor(connect: (onMessage: (topic: string, message: Uint8Array) => void) => BrokerLine, prefix: string, events: BrokerEvents) {
    this.#prefix = `${prefix}:`;
    this.#events = events;
    this.#line = connect((topic, message) => this.#receive(topic, message));
    this.#timer = setInterval(() => this.#beat(), PROBE_MS);
    this.#timer.unref();
    this.#listen(this.#probe);
    setImmediate(() => this.#beat());
  }

  get name(): string {
    return this.#line.name;
  }

  get maxMessageBytes(): number {
    return this.#line.maxMessageBytes;
  }

  publish(topic: string, message: Uint8Array): void {
    if (this.#state !== 'up' || message.length > this.maxMessageBytes || this.#unsentBytes + message.length > MAX_UNSENT_BYTES) return;
    this.#send(topic, message);
  }

  subscribe(topic: string): void {
    if (!this.#topics.has(topic) && this.#state !== 'closed') this.#listen(topic);
  }

  unsubscribe(topic: string): void {
    if (!this.#topics.delete(topic) || this.#state === 'closed') return;
    this.#line.unlisten(this.#prefix + topic).catch(() => {});
  }

  async close(): Promise<void> {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    clearInterval(this.#timer);
    await this.#line.end();
  }

  #send(topic: string, message: Uint8Array): void {
    this.#unsentBytes += message.length;
    this.#line
      .send(this.#prefix + topic, message)
      // It is gone: the protocol above does not rely on any message.
      .catch(() => {})
      .finally(() => {
        this.#unsentBytes -= message.length;
      });
  }

  #listen(topic: string): void {
    this.#topics.set(topic, false);
    this.#line.listen(this.#prefix + topic).then(
      () => {
        if (!this.#topics.has(topic)) return;
        this.#topics.set(topic, true);
        if (topic === this.#probe) this.#send(topic, new Uint8Array([0]));
        else if (this.#state === 'up') this.#events.onSubscribed(topic);
      },
      // The probe is listened to again at the next beat, the others when the broker is there again.
      () => {},
    );
  }

  #beat(): void {
    if (this.#state === 'closed') return;
    if (performance.now() - this.#heardAt > MUTE_MS && this.#state !== 'down') {
      this.#state = 'down';
      this.#events.onDown(`${this.name} does not answer`);
    }
    if (this.#state !== 'up') this.#listen(this.#probe);
    this.#send(this.#probe, new Uint8Array([0]));
  }

  #receive(prefixed: string, message: Uint8Array): void {
    if (this.#state === 'closed') return;
    const topic = prefixed.slice(this.#prefix.length);
    if (topic !== this.#probe) {
      if (this.#topics.has(topic)) this.#events.onMessage(topic, message);
      return;
    }
    this.#heardAt = performance.now();
    if (this.#state !== 'up') {
      this.#state = 'up';
      this.#events.onUp();
      for (const [known, listens] of this.#topics) if (listens && known !== this.#probe) this.#events.onSubscribed(known);
    }
    this.#listenAgain();
  }

  /** What could not be listened to before. */
  #listenAgain(): void {
    for (const [topic, listens] of this.#topics) if (!listens) this.#listen(topic);
  }
}
