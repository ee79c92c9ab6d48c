import type { FollowedDocument } from '../ports/cluster.ts';
import type { Message } from './messages.ts';

/** How long presence is gathered before the other nodes are told, ms: a frame of a screen. */
const GATHER_MS = 16;

/** A node is asked for its presence in a document so often at the most, ms. */
const ASK_MS = 250;

/** All presence is answered with so often at the most, ms: several who ask share one. */
const ANSWER_MS = 100;

/** What a message of presence has beside the update, bytes at the most. */
const OVERHEAD_BYTES = 96;

/** An awareness update of nobody (y-protocols): no entries. */
const NOBODY = new Uint8Array([0]);

/** What the exchange asks of its document's tie to the others. */
export interface PresenceLine {
  readonly id: string;
  readonly now: () => number;
  readonly maxMessageBytes: number;
  send(message: Message): void;
  wake(ms: number): void;
}

/**
 * The presence of one document among nodes. It goes over the broker alone, and each node numbers what it sends: who misses a number,
 * by the next message or by a pulse, asks for all of it, and what is not in that has left. So no lost message leaves a ghost.
 */
export class PresenceExchange {
  readonly #document: FollowedDocument;
  readonly #line: PresenceLine;
  #number = 0;
  #changed = new Set<number>();
  #tellAt = Number.POSITIVE_INFINITY;
  #answerAt = Number.POSITIVE_INFINITY;
  #answeredAt = Number.NEGATIVE_INFINITY;
  /** The others: the number up to which all was heard, and when it was last asked for. */
  readonly #others = new Map<string, { number: number; askedAt: number }>();

  constructor(document: FollowedDocument, line: PresenceLine) {
    this.#document = document;
    this.#line = line;
  }

  /** The number of the last message; 0 before the first. */
  get number(): number {
    return this.#number;
  }

  /** Clients of this node have changed. */
  changed(clientIds: Iterable<number>): void {
    for (const id of clientIds) this.#changed.add(id);
    if (this.#tellAt !== Number.POSITIVE_INFINITY) return;
    this.#tellAt = this.#line.now() + GATHER_MS;
    this.#line.wake(GATHER_MS);
  }

  /** Another node has told something. */
  receive(message: Message): void {
    if (message.kind === 'presence') this.#receive(message);
    else if (message.kind === 'absent') this.#document.refutePresence(message.update);
    else if (message.kind === 'ask' && message.of === this.#line.id) this.#answerSoon();
    else if (message.kind === 'ask' && message.of === '') this.answer();
  }

  /** A node says the number of its last message. */
  hear(from: string, number: number): void {
    const other = this.#others.get(from);
    if (number !== (other?.number ?? 0)) this.#ask(from);
  }

  /** Tells all presence of this node, soon; nothing when it never had any. */
  answer(): void {
    if (this.#number > 0 || this.#document.presence() !== null) this.#answerSoon();
  }

  #answerSoon(): void {
    if (this.#answerAt !== Number.POSITIVE_INFINITY) return;
    const wait = Math.max(0, this.#answeredAt + ANSWER_MS - this.#line.now());
    this.#answerAt = this.#line.now() + wait;
    this.#line.wake(wait);
  }

  /** Asks everybody. */
  askAll(): void {
    this.#line.send({ kind: 'ask', from: this.#line.id, of: '' });
  }

  /** A node is gone. */
  forget(node: string): void {
    if (this.#others.delete(node)) this.#document.forgetNode(node);
  }

  /** Does what is due. */
  tick(now: number): void {
    if (now >= this.#answerAt) this.#sendAll(now);
    if (now >= this.#tellAt) this.#sendChanged();
    const next = Math.min(this.#answerAt, this.#tellAt);
    if (next !== Number.POSITIVE_INFINITY) this.#line.wake(next - now);
  }

  close(): void {
    if (this.#changed.size > 0) this.#sendChanged();
  }

  #receive({ from, number, whole, update }: Extract<Message, { kind: 'presence' }>): void {
    const other = this.#others.get(from) ?? { number: 0, askedAt: Number.NEGATIVE_INFINITY };
    this.#others.set(from, other);
    if (number <= other.number) return;
    const isMissing = !whole && number !== other.number + 1;
    // What was missed is not heard of again, but in an answer to the question.
    if (isMissing) this.#ask(from);
    else other.number = number;
    const absent = this.#document.receivePresence(from, update, whole);
    if (absent !== null) this.#line.send({ kind: 'absent', from: this.#line.id, update: absent });
  }

  #ask(from: string): void {
    const other = this.#others.get(from) ?? { number: 0, askedAt: Number.NEGATIVE_INFINITY };
    this.#others.set(from, other);
    const now = this.#line.now();
    if (now - other.askedAt < ASK_MS) return;
    other.askedAt = now;
    this.#line.send({ kind: 'ask', from: this.#line.id, of: from });
  }

  #sendChanged(): void {
    this.#tellAt = Number.POSITIVE_INFINITY;
    const ids = [...this.#changed];
    this.#changed.clear();
    if (this.#number === 0) this.#send(undefined, true);
    else this.#send(ids, false);
  }

  #sendAll(now: number): void {
    this.#answerAt = Number.POSITIVE_INFINITY;
    this.#answeredAt = now;
    this.#changed.clear();
    this.#tellAt = Number.POSITIVE_INFINITY;
    this.#send(undefined, true);
  }

  /** Sends the presence of these clients, or of all, in halves where the broker does not carry it whole. One that is too long by itself is not shown elsewhere. */
  #send(ids: readonly number[] | undefined, whole: boolean): void {
    const update = this.#document.presence(ids) ?? NOBODY;
    if (update.length + OVERHEAD_BYTES <= this.#line.maxMessageBytes) this.#tell(update, whole);
    else {
      if (whole) this.#tell(NOBODY, true);
      const all = ids ?? this.#document.presentIds();
      if (all.length < 2) return;
      const half = all.length >> 1;
      this.#send(all.slice(0, half), false);
      this.#send(all.slice(half), false);
    }
  }

  #tell(update: Uint8Array, whole: boolean): void {
    // A document that is opened again goes on above the numbers it had: there are fewer messages than milliseconds.
    this.#number = this.#number === 0 ? Math.floor(this.#line.now()) + 1 : this.#number + 1;
    this.#line.send({ kind: 'presence', from: this.#line.id, number: this.#number, whole, update });
  }
}
