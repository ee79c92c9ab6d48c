import type { Connection } from '@hocuspocus/server';
import * as encoding from 'lib0/encoding';
import { FrameType, readFrameHeader } from '../../protocol/frames.ts';
import type { RoomSocket } from './room.ts';

/** The three members Hocuspocus asks of a socket. */
export interface WebSocketLike {
  send(data: Uint8Array): void;
  close(code?: number, reason?: string): void;
  /** 0 connecting, 1 open, 2 closing, 3 closed, as in the WebSocket standard. */
  readonly readyState: number;
}

/** Calls back once everything appended so far to the document is committed; at once when nothing is pending. */
export type AfterCommit = (documentName: string, callback: () => void) => void;

/** A document open on a socket. */
export interface Channel {
  readonly connection: Connection;
  /** The frame that acknowledges one of its edits. */
  readonly ack: Uint8Array;
}

/** The reason Hocuspocus gives when a provider itself leaves a document. */
const LEFT_BY_CLIENT = 'provider_initiated';

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
  readonly #socket: WebSocketLike;
  readonly #afterCommit: AfterCommit;
  readonly #channels = new Map<string, Channel>();
  #closed = false;

  constructor(socket: WebSocketLike, afterCommit: AfterCommit) {
    this.#socket = socket;
    this.#afterCommit = afterCommit;
  }

  get readyState(): number {
    return this.#closed ? Math.max(this.#socket.readyState, 2) : this.#socket.readyState;
  }

  /** The document open under this address, once Hocuspocus has let the client in. */
  channel(address: string): Channel | undefined {
    return this.#channels.get(address);
  }

  entered(address: string, connection: Connection): void {
    this.#channels.set(address, { connection, ack: syncStatusFrame(address) });
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
    this.#socket.send(frame);
    if (frame.length < LONGEST_CLOSE_FRAME_BYTES && closesChannel(frame)) this.close(4205, 'Reset Connection');
  }

  /** Sends the acknowledgement after the commit. One for each edit, never fewer: providers count them. */
  acknowledge(documentName: string, ack: Uint8Array): void {
    this.#afterCommit(documentName, () => {
      if (this.readyState === 1) this.#socket.send(ack);
    });
  }

  /** Sends a frame that is known to be neither an acknowledgement nor a Close. */
  forward(frame: Uint8Array): void {
    if (this.readyState === 1) this.#socket.send(frame);
  }

  close(code?: number, reason?: string): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#socket.close(code, reason);
  }
}

function syncStatusFrame(address: string): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarString(encoder, address);
    encoding.writeVarUint(encoder, FrameType.SyncStatus);
    encoding.writeVarUint(encoder, 1);
  });
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
