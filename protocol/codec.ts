import { type ClientFrame, type OfferedToken, payloadOf, readClientFrame, textOf, tokenOf } from './client-frames.ts';
import { closeCode, type ErrorCode } from './errors.ts';
import { FRAME_HEAD_BYTES, FrameType, SyncType } from './frames.ts';
import {
  ackFrame,
  authenticatedFrame,
  awarenessFrame,
  closeFrame,
  deniedFrame,
  refusalFrame,
  statelessFrame,
  syncFrame,
  syncFrameAround,
  tokenRequestFrame,
} from './server-frames.ts';

/**
 * One protocol's frames: how a client's are read and what it is sent. `address` is what the client
 * calls the document on its connection; a protocol with one document a connection has no use for it.
 * `null` stands for what the protocol has no word for: nothing is sent.
 */
export interface Codec {
  /** `only` is the one document of a connection, of a protocol whose frames name none. Throws `malformed-frame` when the bytes have no header. */
  read(bytes: Uint8Array, only: string | null): ClientFrame;
  /** What a frame offers that signs in, first and later. Throws `malformed-frame` for anything but a token. */
  token(frame: ClientFrame): OfferedToken;
  /** What a frame of sync or presence carries: a state vector, a Yjs update (V1) or an awareness update, as a view. Throws `malformed-update`. */
  payload(frame: ClientFrame): Uint8Array;
  /** What a stateless message says. Throws `malformed-frame`. */
  text(frame: ClientFrame): string;
  /** "This is what I have; send me the rest": `stateVector` is Yjs'. */
  step1(address: string, stateVector: Uint8Array): Uint8Array;
  /** What a client lacks, a Yjs update (V1), as the answer to its Step1. */
  step2(address: string, update: Uint8Array): Uint8Array;
  /** What `step2Around` needs before the update at the most, bytes. */
  readonly headBytes: number;
  /** The same around an update in memory of its own with room before it, which is written over; `null` where there is none. */
  step2Around(address: string, update: Uint8Array): Uint8Array | null;
  /** A Yjs update (V1) as somebody made it. */
  update(address: string, update: Uint8Array): Uint8Array;
  /** An awareness update of y-protocols. */
  presence(address: string, update: Uint8Array): Uint8Array;
  /** One edit is committed. */
  ack(address: string): Uint8Array | null;
  /** One edit was refused: nothing of it was applied. */
  refusal(address: string): Uint8Array | null;
  authenticated(address: string, readOnly: boolean): Uint8Array | null;
  denied(address: string, reason: string): Uint8Array;
  tokenRequest(address: string): Uint8Array | null;
  stateless(address: string, text: string): Uint8Array | null;
  closed(address: string, reason: string): Uint8Array | null;
  /** The answer to a ping that is about no document; `null` where there is no such ping. */
  readonly pong: Uint8Array | null;
  /** A frame that says nothing, for a client that takes 30 seconds without one for a dead connection; `null` where pings of the link do. */
  readonly keepAlive: Uint8Array | null;
  /** The code that a link is closed with for a refusal, so that its client does what helps. */
  closeCode(code: ErrorCode): number;
}

/** Hocuspocus' protocol: see PROTOCOL.md. */
export const hocuspocus = {
  read: readClientFrame,
  token: tokenOf,
  payload: payloadOf,
  text: textOf,
  step1: (address, stateVector) => syncFrame(address, SyncType.Step1, stateVector),
  step2: (address, update) => syncFrame(address, SyncType.Step2, update),
  headBytes: FRAME_HEAD_BYTES,
  step2Around: (address, update) => syncFrameAround(address, SyncType.Step2, update),
  update: (address, update) => syncFrame(address, SyncType.Update, update),
  presence: awarenessFrame,
  ack: ackFrame,
  refusal: refusalFrame,
  authenticated: authenticatedFrame,
  denied: deniedFrame,
  tokenRequest: tokenRequestFrame,
  stateless: statelessFrame,
  closed: closeFrame,
  pong: Uint8Array.of(FrameType.Pong),
  keepAlive: null,
  closeCode,
} satisfies Codec;
