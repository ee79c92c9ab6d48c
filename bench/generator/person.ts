import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { FrameType, SyncType } from '../../protocol/frames.ts';
import { caretUpdate, readCarets } from './carets.ts';
import type { Deliveries } from './deliveries.ts';
import type { Dialect } from './dialect.ts';
import { LoadSocket } from './load-socket.ts';
import { readTypedRuns } from './typed-runs.ts';
import { FIRST_CLOCK, typist } from './typist.ts';
import { clientMessage, Opcode } from './wire.ts';

/** A document with people in it; a person's Yjs client id is 1 more than their place. */
export interface Room {
  readonly name: string;
  readonly people: Person[];
}

/** What is counted together. "Delivered" is a pair of a message and one receiver who is not its sender. */
export interface Meters {
  readonly text: Deliveries;
  readonly carets: Deliveries;
  readonly acks: Deliveries;
}

/** Messages built ahead, sent in order, and when each was sent. */
class Prepared {
  #messages: Buffer[] = [];
  /** Number of the first one of `#messages`. */
  #from = 0;
  /** How many have been sent in all. */
  sent = 0;
  /** Only the last are kept: more are never on their way. */
  #sentAt = new Float64Array(4_096);

  prepare(count: number, build: (number: number) => Buffer): void {
    this.#messages = Array.from({ length: count }, (_, index) => build(this.sent + index));
    this.#from = this.sent;
  }

  get left(): number {
    return this.#from + this.#messages.length - this.sent;
  }

  /** The next message, which is sent at once. */
  next(): Buffer {
    const message = this.#messages[this.sent - this.#from];
    if (message === undefined) throw new Error('The generator sends more than it has prepared.');
    this.#sentAt[this.sent++ % this.#sentAt.length] = performance.now();
    return message;
  }

  /** Milliseconds since message `number` was sent; NaN when it never was. */
  age(number: number): number {
    return number >= 0 && number < this.sent ? performance.now() - this.#sentAt[number % this.#sentAt.length]! : Number.NaN;
  }
}

/** Somebody in a document: a socket without a document behind it. */
export class Person {
  readonly clientId: number;
  readonly #room: Room;
  readonly #dialect: Dialect;
  readonly #meters: Meters;
  readonly #address: Uint8Array;
  readonly #synced = Promise.withResolvers<number>();
  #socket: LoadSocket | null = null;
  /** Made when they first write: most of a crowd never does. */
  #keystrokes: Prepared | null = null;
  #carets: Prepared | null = null;
  /** Letters of theirs that the server has acknowledged. */
  acknowledged = 0;
  /** What they send before they type, and is acknowledged first. */
  #opening: (() => void) | null = null;

  constructor(room: Room, dialect: Dialect, meters: Meters) {
    this.#room = room;
    this.#dialect = dialect;
    this.#meters = meters;
    this.#address = dialect.address(room.name);
    this.clientId = room.people.push(this);
  }

  async connect(server: string): Promise<void> {
    this.#socket = await LoadSocket.open(this.#dialect.url(server, this.#room.name), (bytes, at, end, length) =>
      this.#receive(bytes, at, end, length),
    );
  }

  /** Rejects when the server closes the socket. */
  get failed(): Promise<never> {
    return this.#socket!.failed.promise;
  }

  /** Signs in and asks for the document; resolves with the length of the message that brought it. */
  join(): Promise<number> {
    for (const message of this.#dialect.hello(this.#room.name)) this.#socket!.write(clientMessage(Opcode.Binary, message));
    return Promise.race([this.#synced.promise, this.failed]);
  }

  /** Brings a whole document; resolves when it is acknowledged, at once where nothing is. */
  bring(state: Uint8Array): Promise<void> {
    return this.#send(this.#syncMessage(SyncType.Step2, state));
  }

  /** Makes the paragraph they type in; resolves as `bring` does. */
  openParagraph(): Promise<void> {
    return this.#send(this.#syncMessage(SyncType.Update, typist(this.clientId).opening));
  }

  prepareKeystrokes(count: number): void {
    this.#keystrokes ??= new Prepared();
    const { keystroke } = typist(this.clientId);
    this.#keystrokes.prepare(count, (number) => this.#syncMessage(SyncType.Update, keystroke(number)));
  }

  prepareCarets(count: number): void {
    this.#carets ??= new Prepared();
    this.#carets.prepare(count, (number) => this.#message(FrameType.Awareness, caretUpdate(this.clientId, number)));
  }

  /** Types the next prepared letter. */
  type(): void {
    this.#meters.text.expected += this.#room.people.length - 1;
    if (this.#dialect.acknowledges) this.#meters.acks.expected++;
    this.#socket!.write(this.#keystrokes!.next());
  }

  /** Moves the caret. */
  move(): void {
    this.#meters.carets.expected += this.#room.people.length - 1;
    this.#socket!.write(this.#carets!.next());
  }

  /** Letters sent and not acknowledged. */
  get unacknowledged(): number {
    return (this.#keystrokes?.sent ?? 0) - this.acknowledged;
  }

  /** Letters that are prepared and not sent. */
  get prepared(): number {
    return this.#keystrokes?.left ?? 0;
  }

  /** Milliseconds since they sent that letter, that position; NaN when they did not. */
  sinceKeystroke(number: number): number {
    return this.#keystrokes?.age(number) ?? Number.NaN;
  }

  sinceMove(number: number): number {
    return this.#carets?.age(number) ?? Number.NaN;
  }

  close(): Promise<void> {
    return this.#socket?.close() ?? Promise.resolve();
  }

  async #send(message: Buffer): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    if (this.#dialect.acknowledges) this.#opening = resolve;
    else resolve();
    this.#socket!.write(message);
    await Promise.race([promise, this.failed]);
  }

  #syncMessage(kind: number, update: Uint8Array): Buffer {
    return this.#message(FrameType.Sync, update, kind);
  }

  #message(type: number, update: Uint8Array, kind?: number): Buffer {
    const head = encoding.encode((encoder) => {
      encoding.writeVarUint(encoder, type);
      if (kind !== undefined) encoding.writeVarUint(encoder, kind);
      encoding.writeVarUint(encoder, update.length);
    });
    return clientMessage(Opcode.Binary, this.#address, head, update);
  }

  #receive(bytes: Buffer, start: number, end: number, length: number): void {
    const at = start + this.#address.length;
    const type = bytes[at];
    const kind = bytes[at + 1];
    if (type === FrameType.SyncStatus) this.#acknowledge();
    else if (type === FrameType.Sync && kind === SyncType.Step2) this.#synced.resolve(length);
    else if (type === FrameType.Sync && kind === SyncType.Update) {
      const update = payload(bytes, at + 2, end);
      // What is longer than the socket keeps is a document, not typing.
      if (length === end - start) readTypedRuns(update, this.#onRun);
    } else if (type === FrameType.Awareness) readCarets(payload(bytes, at + 1, end), this.#onCaret);
  }

  readonly #onRun = (client: number, clock: number, count: number): void => {
    if (client === this.clientId) return;
    const writer = this.#room.people[client - 1];
    for (let number = clock - FIRST_CLOCK; number < clock - FIRST_CLOCK + count; number++) {
      const age = writer?.sinceKeystroke(number) ?? Number.NaN;
      if (!Number.isNaN(age)) this.#meters.text.arrive(age);
    }
  };

  readonly #onCaret = (client: number, number: number): void => {
    if (client === this.clientId) return;
    const age = this.#room.people[client - 1]?.sinceMove(number) ?? Number.NaN;
    if (!Number.isNaN(age)) this.#meters.carets.arrive(age);
  };

  #acknowledge(): void {
    if (this.#opening !== null) {
      this.#opening();
      this.#opening = null;
    } else this.#meters.acks.arrive(this.#keystrokes!.age(this.acknowledged++));
  }
}

/** The bytes behind a varUint length. */
function payload(bytes: Buffer, at: number, end: number): Uint8Array {
  const decoder = decoding.createDecoder(bytes);
  decoder.pos = at;
  const length = decoding.readVarUint(decoder);
  return bytes.subarray(decoder.pos, Math.min(decoder.pos + length, end));
}
