import type { Connection } from '@hocuspocus/server';
import * as decoding from 'lib0/decoding';
import { ERRORS, type ErrorCode } from '../../../protocol/errors.ts';
import { FrameType, readFrameHeader } from '../../../protocol/frames.ts';
import type { LiveDocument } from '../document/live-document.ts';
import type { Room, RoomMember, RoomSocket } from '../document/room.ts';
import { ackFrame } from '../outgoing.ts';
import type { ChannelAccess } from './channel-access.ts';
import type { ConnectionPresence } from './presence-guard.ts';

/** The three members Hocuspocus asks of a socket. */
export interface WebSocketLike {
  send(data: Uint8Array): void;
  close(code?: number, reason?: string): void;
  /** 0 connecting, 1 open, 2 closing, 3 closed, as in the WebSocket standard. */
  readonly readyState: number;
  /** Told of the refusal that it is about to be closed for. */
  onRefusal?(code: ErrorCode): void;
}

/** A transport's socket: what it has not sent yet, and its flow. */
export interface TransportSocket extends WebSocketLike {
  /** Bytes the peer has not taken yet. */
  readonly bufferedAmount: number;
  /** Calls back once all that is buffered has been taken. */
  onceDrained(callback: () => void): void;
  /** Stops and restarts reading. */
  pause(): void;
  resume(): void;
}

/** Calls back once everything appended so far to the document is committed; at once when nothing is pending. */
export type AfterCommit = (documentName: string, callback: () => void) => void;

/** A document open on a socket. */
export interface Channel extends RoomMember {
  readonly socket: ClientSocket;
  readonly connection: Connection;
  /** The document in memory; `null` until the session knows it. */
  live: LiveDocument | null;
  readonly mayWrite: boolean;
  /** The frame that acknowledges one of its edits. */
  readonly ack: Uint8Array;
  /** What a peer that does not keep up has been sent, a state vector; `null` while it keeps up. */
  behind: Uint8Array | null;
  /** It missed presence, or asked for a first sync, while it was behind. */
  missedPresence: boolean;
  wantsJoin: boolean;
  /** Nothing of the document may be sent ([A1]). */
  suspended: boolean;
  /** The last request for a sync that came meanwhile. */
  heldSync: Uint8Array | null;
  /** What the client may do, where that can change; `null` for guests who came without a schema version. */
  access: ChannelAccess | null;
  /** What the client may say of itself. */
  presence: ConnectionPresence | null;
  /** Version of the document schema that the client writes; NaN, which is neither more nor less than any, when it has not said. */
  schemaVersion: number;
}

/** Marks of what a peer may leave unread, bytes. */
export interface ReadMarks {
  /** Beyond this, presence is dropped and text gathered into one difference ([L1]). */
  readonly slow: number;
  /** Beyond this the socket is closed with 1013. */
  readonly most: number;
}

/** The reason Hocuspocus gives when a provider itself leaves a document. */
export const LEFT_BY_CLIENT = 'provider_initiated';

/** Hocuspocus' Auth frame that says a token was refused. */
const AUTH_REFUSED = 1;

/** Frames with something of the document in them. */
const CARRIES_CONTENT: ReadonlySet<number> = new Set([FrameType.Sync, FrameType.SyncReply, FrameType.Awareness]);

/**
 * A client's socket as Hocuspocus sees it, and the documents open on it.
 *
 * [D1] Broadcast at once, acknowledge on commit: every frame Hocuspocus sends passes through here,
 * and a positive SyncStatus waits until the document's log is committed. Awaiting the commit in a
 * hook instead would serialise a connection's messages: 20 edits took 4 s there at 200 ms a commit,
 * and 0.4 s here.
 *
 * A document channel that Hocuspocus closes on its own closes the whole socket: a provider whose
 * channel alone is closed stays "connected" and never asks again.
 */
export class ClientSocket implements WebSocketLike, RoomSocket {
  readonly #socket: TransportSocket;
  readonly #afterCommit: AfterCommit;
  readonly #marks: ReadMarks;
  readonly #channels = new Map<string, Channel>();
  /** Called when a document is open on the socket, before anything else happens; when it is no more; and when the client was refused. */
  onEntered: (channel: Channel) => void = () => {};
  onLeft: (channel: Channel) => void = () => {};
  onRefused: (address: string) => void = () => {};
  /** Called when it is about to be closed for a refusal. */
  onRefusal: (code: ErrorCode) => void = () => {};
  #suspended = 0;
  #closed = false;
  #awaitsDrain = false;
  #largestUnread = 0;

  constructor(socket: TransportSocket, afterCommit: AfterCommit, marks: ReadMarks) {
    this.#socket = socket;
    this.#afterCommit = afterCommit;
    this.#marks = marks;
  }

  get readyState(): number {
    return this.#closed ? Math.max(this.#socket.readyState, 2) : this.#socket.readyState;
  }

  /** The document open under this address, once Hocuspocus has let the client in. */
  channel(address: string): Channel | undefined {
    return this.#channels.get(address);
  }

  /** How many documents are open. */
  get channelCount(): number {
    return this.#channels.size;
  }

  entered(address: string, connection: Connection): Channel {
    const channel: Channel = {
      address,
      socket: this,
      connection,
      live: null,
      get mayWrite() {
        return !connection.readOnly;
      },
      ack: ackFrame(address),
      behind: null,
      missedPresence: false,
      wantsJoin: false,
      suspended: false,
      heldSync: null,
      access: null,
      presence: null,
      schemaVersion: Number.NaN,
    };
    this.#channels.set(address, channel);
    this.onEntered(channel);
    return channel;
  }

  left(address: string): void {
    const channel = this.#channels.get(address);
    if (channel === undefined) return;
    this.#channels.delete(address);
    if (channel.suspended) this.#suspended--;
    this.onLeft(channel);
  }

  /** Sends nothing of the document any more, whoever asks. */
  suspend(channel: Channel): void {
    // What is gathered for everyone was for this client too.
    roomOf(channel).flush();
    channel.suspended = true;
    channel.behind ??= roomOf(channel).stateVector();
    channel.missedPresence = true;
    this.#suspended++;
  }

  /** Sends what was missed. */
  resume(channel: Channel): void {
    channel.suspended = false;
    this.#suspended--;
    if (this.#isSlow) this.#awaitDrain();
    else this.#catchUp(channel);
  }

  send(frame: Uint8Array): void {
    if (this.readyState !== 1) return;
    if (isPositiveAck(frame)) {
      this.#afterCommit(readFrameHeader(frame).documentName, () => this.acknowledge(frame));
      return;
    }
    const { address, type, bodyAt } = readFrameHeader(frame);
    if (this.#suspended > 0 && CARRIES_CONTENT.has(type) && this.#channels.get(address)?.suspended) return;
    this.#write(frame);
    if (type === FrameType.Auth && frame[bodyAt] === AUTH_REFUSED) this.onRefused(address);
    if (type === FrameType.Close && textOf(frame.subarray(bodyAt)) !== LEFT_BY_CLIENT) this.close(4205, 'Reset Connection');
  }

  /** Sends the acknowledgement of an edit that is committed. One for each, never fewer: providers count them. */
  acknowledge(ack: Uint8Array): void {
    if (this.readyState === 1) this.#write(ack);
  }

  /** What brings an empty client up to date; later, when the peer does not keep up. */
  join(channel: Channel): void {
    if (this.#isSlow) {
      channel.wantsJoin = true;
      this.#awaitDrain();
    } else for (const frame of roomOf(channel).joinFrames(channel.address)) this.#write(frame);
  }

  forwardUpdate(channel: Channel, frame: Uint8Array): void {
    if (channel.behind !== null || this.readyState !== 1) return;
    this.#write(frame);
    // A flush sends all there is, so what the room holds is what this peer will have once it has read on.
    if (this.#isSlow) {
      channel.behind = roomOf(channel).stateVector();
      this.#awaitDrain();
    }
  }

  forwardPresence(channel: Channel, frame: Uint8Array): void {
    if (this.readyState !== 1) return;
    const isSlow = this.#isSlow;
    if (!isSlow && !channel.suspended) {
      this.#write(frame);
      return;
    }
    channel.missedPresence = true;
    if (isSlow) this.#awaitDrain();
  }

  close(code?: number, reason?: string): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#socket.close(code, reason);
  }

  get #isSlow(): boolean {
    return this.#socket.bufferedAmount > this.#marks.slow;
  }

  #write(frame: Uint8Array): void {
    this.#socket.send(frame);
    const unread = this.#socket.bufferedAmount;
    // A document larger than the mark is one frame, and whoever joins it has not read it yet when the next follows.
    this.#largestUnread = unread > this.#marks.slow ? Math.max(this.#largestUnread, frame.length) : 0;
    if (unread > this.#marks.most + this.#largestUnread) this.#tooSlow();
  }

  #tooSlow(): void {
    if (!this.#closed) this.onRefusal('slow-reader');
    this.close(ERRORS['slow-reader'].close, ERRORS['slow-reader'].title);
  }

  #awaitDrain(): void {
    if (this.#awaitsDrain) return;
    this.#awaitsDrain = true;
    this.#socket.onceDrained(() => {
      this.#awaitsDrain = false;
      for (const channel of this.#channels.values()) this.#catchUp(channel);
    });
  }

  #catchUp(channel: Channel): void {
    if (this.readyState !== 1 || channel.suspended) return;
    const room = roomOf(channel);
    const { address, behind, missedPresence, wantsJoin } = channel;
    channel.behind = null;
    channel.missedPresence = false;
    channel.wantsJoin = false;
    if (wantsJoin) this.join(channel);
    else if (behind !== null) this.#write(room.differenceFrame(address, behind));
    if (missedPresence) this.#write(room.presenceFrame(address));
  }
}

function roomOf({ connection }: Channel): Room {
  return connection.document as unknown as Room;
}

/** A SyncStatus(1) frame. The last two bytes rule out nearly every other frame without reading the address. */
function isPositiveAck(frame: Uint8Array): boolean {
  const { length } = frame;
  if (frame[length - 1] !== 1 || frame[length - 2] !== FrameType.SyncStatus) return false;
  const { type, bodyAt } = readFrameHeader(frame);
  return type === FrameType.SyncStatus && bodyAt === length - 1;
}

/** A string of lib0's that ends the frame. */
function textOf(bytes: Uint8Array): string {
  return decoding.readVarString(decoding.createDecoder(bytes));
}
