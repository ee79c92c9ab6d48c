import type { Connection, Document } from '@hocuspocus/server';
import { encodeAwarenessUpdate } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { SyncType } from '../../../protocol/frames.ts';
import { awarenessFrame, syncFrame } from '../outgoing.ts';
import { type AwarenessChange, connectionOf, OpenDocument } from '../upstream.ts';
import { RELAYED, RelayedTyping } from './relayed-typing.ts';
import type { Typing } from './typing.ts';

/**
 * From this many people on, what several of them send in one turn of the event loop is merged, and
 * presence is gathered for a while: over 30 ms it costs an eighth of the CPU in a room of 200.
 */
const LARGE_ROOM = 8;
const PRESENCE_WINDOW_MS = 30;

/** Nobody's screen shows more than sixty carets a second; whoever sends thousands costs the others no more than that. */
const SMALL_ROOM_PRESENCE_INTERVAL_MS = 16;

/** In a crowd a third fewer writes are worth fifteen milliseconds more: nobody follows two hundred carets. */
const CROWD = 100;
const CROWD_PRESENCE_WINDOW_MS = 45;

/** A cached state is kept while the updates since are fewer bytes than this part of it. */
const STALE_STATE_PART = 4;

/** A connection in a room, as its socket keeps it. */
export interface RoomMember {
  readonly address: string;
  readonly socket: RoomSocket;
}

/** Told when a connection enters or leaves a room, and handed what is for it. */
export interface RoomSocket {
  entered(address: string, connection: Connection): RoomMember;
  left(address: string): void;
  forwardUpdate(member: RoomMember, frame: Uint8Array): void;
  forwardPresence(member: RoomMember, frame: Uint8Array): void;
}

/**
 * A live document and everyone in it: what is sent to whom, and when. Text leaves as soon as the
 * callback that brought it is done, in a large room at the end of the event loop's turn, merged;
 * presence has a clock of its own there, so that it never delays text.
 *
 * Where Hocuspocus encodes per receiver and echoes an edit to its author, a frame here is built once
 * and goes to the others: a room of two costs a third fewer system calls.
 */
export class Room extends OpenDocument {
  /** Whom a broadcast goes to, found once when they enter. */
  readonly #members = new Map<Connection, RoomMember>();
  #updates: Uint8Array[] = [];
  /** The one connection all buffered updates came from and need not go back to; `null` when there is none. */
  #author: Connection | null = null;
  #echo = true;
  #flushing = false;
  #presence = new Set<number>();
  #presenceTimer: NodeJS.Timeout | NodeJS.Immediate | null = null;
  #presenceSentAt = Number.NEGATIVE_INFINITY;
  #state: Uint8Array | null = null;
  /** The state as a frame, for the address it was last asked for. */
  #stateFrame: { readonly address: string; readonly frame: Uint8Array } | null = null;
  /** What was typed since, merged; `null` when there is more than that. */
  #since: Uint8Array | null = null;
  #sinceState: Uint8Array[] = [];
  #sinceStateBytes = 0;
  #vector: Uint8Array | null = null;
  readonly #relayed = new RelayedTyping(this as unknown as Y.Doc);

  constructor(name: string) {
    super(name, { gc: true }, { flushDelay: false });
    this.on('afterAllTransactions', forgetTransactions);
  }

  /**
   * Applies a client's update. Its author gets no echo, unless the update completed something that
   * was parked: that part came from somebody else.
   */
  applyFrom(connection: Connection, update: Uint8Array): void {
    this.applyRelayed();
    const { store } = this as unknown as Y.Doc;
    this.#echo = store.pendingStructs !== null || store.pendingDs !== null;
    try {
      Y.applyUpdate(this as unknown as Y.Doc, update, { source: 'connection', connection });
    } finally {
      this.#echo = true;
    }
  }

  /** Up to where there is anything written under a client id; what waits for its dependencies does not count. */
  clockOf(clientId: number): number {
    return this.#relayed.clockOf(clientId);
  }

  /** Whether typing may be relayed; else it has to be applied at once. */
  mayRelay(typing: Typing): boolean {
    return this.#relayed.fits(typing);
  }

  /** Sends typing that it `mayRelay` to the others. It is applied before anybody looks at the document. */
  relay(update: Uint8Array, typing: Typing, connection: Connection): void {
    this.#relayed.add(update, typing);
    this.#forward(update, connection);
  }

  /** Brings the document up to what was relayed. Whatever reads or writes it calls this before. */
  applyRelayed(): void {
    this.#relayed.apply();
  }

  /**
   * The frames that bring an empty client up to date and ask what it has: Hocuspocus' own order, Step1
   * before Step2. A state of 300 kB takes 3 ms to encode, so a hundred people who join at once share
   * one, followed by what was typed since.
   */
  joinFrames(address: string): Uint8Array[] {
    if (this.#state === null || this.#sinceStateBytes * STALE_STATE_PART > this.#state.length) {
      this.applyRelayed();
      this.#state = Y.encodeStateAsUpdate(this as unknown as Y.Doc);
      this.#stateFrame = null;
      this.#sinceState = [];
      this.#sinceStateBytes = 0;
    }
    if (this.#stateFrame?.address !== address) this.#stateFrame = { address, frame: syncFrame(address, SyncType.Step2, this.#state) };
    const frames = [syncFrame(address, SyncType.Step1, this.stateVector()), this.#stateFrame.frame];
    if (this.#sinceState.length > 0) {
      this.#since ??= Y.mergeUpdates(this.#sinceState);
      frames.push(syncFrame(address, SyncType.Update, this.#since));
    }
    return frames;
  }

  /** What a client has that has been sent everything so far. */
  stateVector(): Uint8Array {
    this.applyRelayed();
    this.#vector ??= Y.encodeStateVector(this as unknown as Y.Doc);
    return this.#vector;
  }

  /** All that a client with this state vector lacks, as the answer to a Step1. */
  differenceFrame(address: string, stateVector: Uint8Array): Uint8Array {
    this.applyRelayed();
    return syncFrame(address, SyncType.Step2, Y.encodeStateAsUpdate(this as unknown as Y.Doc, stateVector));
  }

  /** Everyone's presence. */
  presenceFrame(address: string): Uint8Array {
    return awarenessFrame(address, encodeAwarenessUpdate(this.awareness, [...this.awareness.getStates().keys()]));
  }

  /** Of the seven events of a transaction two have a listener. Yjs makes an array, an iterator and a map for the others too: 0.7 of 8 µs an edit. */
  override emit(...[name, args]: Parameters<Document['emit']>): void {
    if (this._observers.has(name)) super.emit(name, args);
  }

  override addConnection(connection: Connection): Document {
    // Hocuspocus answers a Step1 from the document; what is relayed from now on this connection is sent too.
    this.applyRelayed();
    const document = super.addConnection(connection);
    this.#members.set(connection, socketOf(connection).entered(connection.messageAddress, connection));
    return document;
  }

  override removeConnection(connection: Connection): Document {
    this.#members.delete(connection);
    socketOf(connection).left(connection.messageAddress);
    return super.removeConnection(connection);
  }

  override handleUpdate(update: Uint8Array, origin: unknown): void {
    if (origin !== RELAYED) this.#forward(update, this.#echo ? null : connectionOf(origin));
  }

  /** To everyone but `author`, if one connection wrote all that leaves with it. */
  #forward(update: Uint8Array, author: Connection | null): void {
    this.#vector = null;
    this.#author = this.#updates.length === 0 || this.#author === author ? author : null;
    this.#updates.push(update);
    if (this.#state !== null) {
      this.#sinceState.push(update);
      this.#since = null;
      this.#sinceStateBytes += update.length;
      if (this.#sinceStateBytes * STALE_STATE_PART > this.#state.length) this.#forgetState();
    }
    if (this.#flushing) return;
    this.#flushing = true;
    const send = () => this.#flushUpdates();
    if (this.#members.size < LARGE_ROOM) queueMicrotask(send);
    else setImmediate(send);
  }

  override handleAwarenessUpdate({ added, updated, removed }: AwarenessChange, origin: unknown): void {
    const connection = connectionOf(origin);
    const clients = connection === null ? undefined : this.connections.get(connection)?.clients;
    for (const id of added) clients?.add(id);
    for (const id of removed) clients?.delete(id);
    for (const ids of [added, updated, removed]) for (const id of ids) this.#presence.add(id);
    if (this.#presenceTimer !== null) return;
    const send = () => this.#flushPresence();
    const delay = this.#presenceDelay();
    this.#presenceTimer = delay <= 0 ? setImmediate(send) : setTimeout(send, delay);
  }

  /** How long presence is gathered, ms; a caret that moves for the first time in a while is shown at once in a small room. */
  #presenceDelay(): number {
    const { size } = this.#members;
    if (size < LARGE_ROOM) return this.#presenceSentAt + SMALL_ROOM_PRESENCE_INTERVAL_MS - performance.now();
    return size < CROWD ? PRESENCE_WINDOW_MS : CROWD_PRESENCE_WINDOW_MS;
  }

  override flush(): void {
    this.#flushUpdates();
    this.#flushPresence();
  }

  #flushUpdates(): void {
    this.#flushing = false;
    if (this.#updates.length === 0) return;
    const update = this.#updates.length === 1 ? this.#updates[0]! : Y.mergeUpdates(this.#updates);
    const author = this.#author;
    this.#updates.length = 0;
    this.#author = null;
    this.#broadcast('forwardUpdate', (address) => syncFrame(address, SyncType.Update, update), author);
    // Presence that waits goes in the same write: a write saved for everyone but the author.
    if (this.#members.size >= LARGE_ROOM) this.#flushPresence();
  }

  #flushPresence(): void {
    if (this.#presenceTimer !== null) {
      clearImmediate(this.#presenceTimer as NodeJS.Immediate);
      clearTimeout(this.#presenceTimer as NodeJS.Timeout);
      this.#presenceTimer = null;
    }
    if (this.#presence.size === 0) return;
    const update = encodeAwarenessUpdate(this.awareness, [...this.#presence]);
    this.#presence.clear();
    this.#presenceSentAt = performance.now();
    this.#broadcast('forwardPresence', (address) => awarenessFrame(address, update), null);
  }

  /** One frame serves every receiver of an address; stock providers all share the document's name. */
  #broadcast(verb: 'forwardUpdate' | 'forwardPresence', encode: (address: string) => Uint8Array, except: Connection | null): void {
    let address: string | undefined;
    let frame: Uint8Array | undefined;
    for (const [connection, member] of this.#members) {
      if (connection === except) continue;
      if (frame === undefined || member.address !== address) {
        address = member.address;
        frame = encode(address);
      }
      member.socket[verb](member, frame);
    }
  }

  #forgetState(): void {
    this.#state = null;
    this.#stateFrame = null;
    this.#sinceState = [];
    this.#sinceStateBytes = 0;
  }
}

/**
 * Empties the list that Yjs has dropped. A document in memory for a while has its list in V8's old space,
 * and from there a list that is dead keeps its transaction alive until the next full collection: 3 KB
 * an edit, and scavenges of 15 ms among a thousand documents instead of 1.
 */
function forgetTransactions(_document: unknown, transactions: unknown[]): void {
  transactions.length = 0;
}

function socketOf(connection: Connection): RoomSocket {
  return connection.webSocket as unknown as RoomSocket;
}
