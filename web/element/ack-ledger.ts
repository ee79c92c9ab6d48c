import { FrameType, readFrameHeader, SyncType } from '../../protocol/frames.ts';

/** A frame on its way that the server will answer with one SyncStatus. */
interface AwaitingAck {
  /** How many local edits exist in what this frame and all before it carry. */
  readonly covers: number;
  readonly handshake: boolean;
  readonly bytes: number;
}

/**
 * Counts what the server has acknowledged by watching the frames of one document on one socket.
 *
 * The provider's own `unsyncedChanges` is reset to 1 when a socket opens, although the edits made
 * offline are flushed over it as frames of their own: the first acknowledgement then reads as "all
 * saved", and the surplus ones cancel edits made later. Here every frame that asks for an
 * acknowledgement waits for its own. The server answers in the order of sending.
 */
export class AckLedger {
  #made = 0;
  #acknowledged = 0;
  /** Those of the edits after the first `#acknowledged`. */
  #updates: Uint8Array[] = [];
  #awaiting: AwaitingAck[] = [];
  #handshaken = false;
  #refused = false;

  /** True when the server has committed every edit made here, on the socket that is open. */
  get settled(): boolean {
    return this.#handshaken && this.#awaiting.length === 0 && this.#acknowledged === this.#made && !this.#refused;
  }

  /** Bytes of the frames on their way that the server has not answered; 0 when there is none. */
  get owed(): number {
    return this.#awaiting.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Edits made here that the server has not acknowledged. */
  get waiting(): number {
    return this.#made - this.#acknowledged;
  }

  /** True from the server's "not applied" (SyncStatus 0) until it took the same edit with a later handshake. */
  get refused(): boolean {
    return this.#refused;
  }

  /** The Yjs updates the server has not acknowledged, oldest first. */
  get unacknowledged(): readonly Uint8Array[] {
    return this.#updates;
  }

  /** The document was edited here by this Yjs update. To be called before the edit's frame is sent. */
  edited(update: Uint8Array): void {
    this.#made += 1;
    this.#updates.push(update);
  }

  /** A socket opened or closed: what was on its way is unknown, and the next handshake carries it again. */
  reset(): void {
    this.#awaiting = [];
    this.#handshaken = false;
  }

  /** A frame was put on the open socket. */
  sent(frame: Uint8Array): void {
    const kind = syncKind(frame);
    if (kind === SyncType.Step2 || kind === SyncType.Update) {
      this.#awaiting.push({ covers: this.#made, handshake: kind === SyncType.Step2, bytes: frame.length });
    }
  }

  /** A frame arrived on the open socket. */
  received(frame: Uint8Array): void {
    const status = syncStatus(frame);
    if (status === null) return;
    const answered = this.#awaiting.shift();
    if (answered === undefined) return;
    if (status !== 1) {
      this.#refused = true;
      return;
    }
    if (answered.handshake) {
      this.#handshaken = true;
      this.#refused = false;
    }
    // Before the handshake's answer an acknowledged frame says nothing of edits lost with an earlier socket, and
    // after a refusal nothing of the edit that was refused before it.
    if (!this.#handshaken || this.#refused || answered.covers <= this.#acknowledged) return;
    this.#updates.splice(0, answered.covers - this.#acknowledged);
    this.#acknowledged = answered.covers;
  }
}

function syncKind(frame: Uint8Array): number | null {
  const { type, bodyAt } = readFrameHeader(frame);
  return type === FrameType.Sync || type === FrameType.SyncReply ? (frame[bodyAt] ?? null) : null;
}

function syncStatus(frame: Uint8Array): number | null {
  const { type, bodyAt } = readFrameHeader(frame);
  return type === FrameType.SyncStatus ? (frame[bodyAt] ?? null) : null;
}
