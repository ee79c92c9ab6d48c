import { FrameType, readFrameHeader } from '../../protocol/frames.ts';

/** The three members Hocuspocus asks of a socket. */
export interface WebSocketLike {
  send(data: Uint8Array): void;
  close(code?: number, reason?: string): void;
  /** 0 connecting, 1 open, 2 closing, 3 closed, as in the WebSocket standard. */
  readonly readyState: number;
}

/** Calls back once everything appended so far to the document is committed; at once when nothing is pending. */
export type AfterCommit = (documentName: string, callback: () => void) => void;

/** The reason Hocuspocus gives when a provider itself leaves a document. */
const LEFT_BY_CLIENT = 'provider_initiated';

/**
 * [D1] Broadcast at once, acknowledge on commit: every frame Hocuspocus sends passes through here,
 * and a positive SyncStatus waits until the document's log is committed. Awaiting the commit in a
 * hook instead would serialise a connection's messages: 20 edits took 4 s there at 200 ms a commit,
 * and 0.4 s here.
 *
 * A document channel that Hocuspocus closes on its own closes the whole socket: a provider whose
 * channel alone is closed stays "connected" and never asks again.
 */
export class AckGate implements WebSocketLike {
  readonly #socket: WebSocketLike;
  readonly #afterCommit: AfterCommit;
  #closed = false;

  constructor(socket: WebSocketLike, afterCommit: AfterCommit) {
    this.#socket = socket;
    this.#afterCommit = afterCommit;
  }

  get readyState(): number {
    return this.#closed ? Math.max(this.#socket.readyState, 2) : this.#socket.readyState;
  }

  send(frame: Uint8Array): void {
    if (this.readyState !== 1) return;
    if (isPositiveAck(frame)) {
      this.#afterCommit(readFrameHeader(frame).documentName, () => {
        if (this.readyState === 1) this.#socket.send(frame);
      });
      return;
    }
    this.#socket.send(frame);
    if (closesChannel(frame)) this.close(4205, 'Reset Connection');
  }

  close(code?: number, reason?: string): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#socket.close(code, reason);
  }
}

/** A SyncStatus(1) frame. The last two bytes rule out nearly every other frame without reading the address. */
function isPositiveAck(frame: Uint8Array): boolean {
  const { length } = frame;
  if (frame[length - 1] !== 1 || frame[length - 2] !== FrameType.SyncStatus) return false;
  const { type, bodyAt } = readFrameHeader(frame);
  return type === FrameType.SyncStatus && bodyAt === length - 1;
}

function closesChannel(frame: Uint8Array): boolean {
  // Close frames are short; anything longer than a name and a reason cannot be one.
  if (frame.length > 1024) return false;
  const { type, bodyAt } = readFrameHeader(frame);
  return type === FrameType.Close && new TextDecoder().decode(frame.subarray(bodyAt + 1)) !== LEFT_BY_CLIENT;
}
