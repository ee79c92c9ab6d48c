import type { Connection } from '@hocuspocus/server';
import { ERRORS } from '../../protocol/errors.ts';
import { FrameType, readFrameHeader } from '../../protocol/frames.ts';
import { ackFrame } from './outgoing.ts';
import type { Room, RoomSocket } from './room.ts';

/** The three members Hocuspocus asks of a socket. */
export interface WebSocketLike {
  send(data: Uint8Array): void;
  close(code?: number, reason?: string): void;
  /** 0 connecting, 1 open, 2 closing, 3 closed, as in the WebSocket standard. */
  readonly readyState: number;
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
export interface Channel {
  readonly connection: Connection;
  /** The frame that acknowledges one of its edits. */
  readonly ack: Uint8Array;
  /** What a peer that does not keep up has been sent, a state vector; `null` while it keeps up. */
  behind: Uint8Array | null;
  /** It missed presence, or asked for a first sync, while it was behind. */
  missedPresence: boolean;
  wantsJoin: boolean;
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

/** Longer frames than this cannot be a Close: it holds a name and a reason. */
const LONGEST_CLOSE_FRAME_BYTES = 1_024;

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
  /** Called when a document is open on the socket, before anything else happens. */
  onEntered: (address: string) => void = () => {};
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

  entered(address: string, connection: Connection): void {
    this.#channels.set(address, { connection, ack: ackFrame(address), behind: null, missedPresence: false, wantsJoin: false });
    this.onEntered(address);
  }

  left(address: string): void {
    this.#channels.delete(address);
  }

  send(frame: Uint8Array): void {
    if (this.readyState !== 1) return;
    if (isPositiveAck(frame)) {
      this.acknowledge(readFrameHeader(frame).documentName, frame);
      return;
    }
    this.#write(frame);
    if (frame.length < LONGEST_CLOSE_FRAME_BYTES && closesChannel(frame)) this.close(4205, 'Reset Connection');
  }

  /** Sends the acknowledgement after the commit. One for each edit, never fewer: providers count them. */
  acknowledge(documentName: string, ack: Uint8Array): void {
    this.#afterCommit(documentName, () => {
      if (this.readyState === 1) this.#write(ack);
    });
  }

  /** What brings an empty client up to date; later, when the peer does not keep up. */
  join(channel: Channel): void {
    if (this.#isSlow) {
      channel.wantsJoin = true;
      this.#awaitDrain();
    } else for (const frame of roomOf(channel).joinFrames(channel.connection.messageAddress)) this.#write(frame);
  }

  forwardUpdate(address: string, frame: Uint8Array): void {
    const channel = this.#channels.get(address);
    if (channel === undefined || channel.behind !== null || this.readyState !== 1) return;
    this.#write(frame);
    // A flush sends all there is, so what the room holds is what this peer will have once it has read on.
    if (this.#isSlow) {
      channel.behind = roomOf(channel).stateVector();
      this.#awaitDrain();
    }
  }

  forwardPresence(address: string, frame: Uint8Array): void {
    if (this.readyState !== 1) return;
    if (!this.#isSlow) this.#write(frame);
    else {
      const channel = this.#channels.get(address);
      if (channel !== undefined) channel.missedPresence = true;
      this.#awaitDrain();
    }
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
    if (unread > this.#marks.most + this.#largestUnread) this.close(ERRORS['slow-reader'].close, ERRORS['slow-reader'].title);
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
    if (this.readyState !== 1) return;
    const room = roomOf(channel);
    const address = channel.connection.messageAddress;
    const { behind, missedPresence, wantsJoin } = channel;
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

function closesChannel(frame: Uint8Array): boolean {
  const { type, bodyAt } = readFrameHeader(frame);
  return type === FrameType.Close && new TextDecoder().decode(frame.subarray(bodyAt + 1)) !== LEFT_BY_CLIENT;
}
