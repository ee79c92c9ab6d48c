import * as decoding from 'lib0/decoding';
import { decodeStateVector, decodeUpdate } from 'yjs';
import { nameProblem } from '../../../protocol/document-name.ts';
import type { ErrorCode } from '../../../protocol/errors.ts';
import { type FrameHeader, FrameType, readFrameHeader, SyncType } from '../../../protocol/frames.ts';
import { type DecodedUpdate, isSound } from '../document/sound-update.ts';

/** What a frame from a client is, once it is known to be sound. */
export type Inbound =
  /** A token: to be let in, or in place of the one before. */
  | { readonly kind: 'token'; readonly address: string; readonly token: string }
  | Edit
  /** A request for what the client lacks. `isEmpty`: it has nothing yet. */
  | { readonly kind: 'sync'; readonly address: string; readonly isEmpty: boolean }
  /** An edit of somebody who may only read, unread. */
  | { readonly kind: 'unwanted'; readonly address: string }
  | { readonly kind: 'presence'; readonly address: string; readonly update: Uint8Array }
  /** The client is done with the document, and keeps the socket. */
  | { readonly kind: 'leave'; readonly address: string }
  /** A sign of life: an answer to a ping of an older server's, which has no address, or a ping of the client's own, to which there is no answer. */
  | { readonly kind: 'pong' }
  /** Anything else, for Hocuspocus; of a document that is not open, whatever it is. */
  | { readonly kind: 'other'; readonly address: string }
  /** Why the frame is refused; the socket is closed with the code's close code. */
  | { readonly kind: 'refused'; readonly code: ErrorCode; readonly detail: string };

/** An update that may change the document. */
export interface Edit {
  readonly kind: 'edit';
  readonly address: string;
  readonly documentName: string;
  readonly update: Uint8Array;
  /** It does more than delete. */
  readonly grows: boolean;
  /** What it adds, decoded. */
  readonly structs: DecodedUpdate['structs'];
  /** It is the answer to the server's Step1, everything the client has that the server lacked, and not something just written. */
  readonly isReply: boolean;
}

/** Far beyond what a token may measure, bytes: no more of it is handed on. */
const MAX_TOKEN_BYTES = 64 * 1024;

/** What a client may have decoded that writes nothing, bytes: far beyond what people's state vectors and presence measure, and the deletions of half a million words. */
const MAX_READING_BYTES = 1024 * 1024;

/** What a client may do with the document of an address: nothing, while it is not open on the socket. */
export type Standing = 'closed' | 'reader' | 'writer';

/** Hocuspocus' kind of Auth message that carries a token, the only one for a client. */
const TOKEN = 0;

/**
 * Reads and checks a client's frame before anything is done with it. [D2] A damaged update must be
 * found before it is applied: y-protocols swallows the error of `applyUpdate`, and Hocuspocus then
 * acknowledges it.
 *
 * To decode 32 MB of the smallest structs there are takes 5 s. So nothing but a token is decoded of a
 * document that is not open, and is read when it is; and of a reader little more than a reader has to say.
 */
export function readInbound(frame: Uint8Array, standingOf: (address: string) => Standing): Inbound {
  if (frame.length === 1 && frame[0] === FrameType.Pong) return { kind: 'pong' };
  let header: FrameHeader;
  try {
    header = readFrameHeader(frame);
  } catch {
    return refused('malformed-frame', 'The message ends before its header does.');
  }
  const { address, documentName, type, bodyAt } = header;
  const standing = standingOf(address);
  // The name of an open document is a good one.
  const problem = standing === 'closed' ? nameProblem(documentName) : null;
  if (problem !== null) return refused('bad-name', `The document's name ${problem}.`);
  const decoder = decoding.createDecoder(frame);
  decoder.pos = bodyAt;
  if (type === FrameType.Auth) return readToken(address, decoder);
  if (standing === 'closed' && type <= FrameType.Stateless) return { kind: 'other', address };
  try {
    if (type === FrameType.Sync || type === FrameType.SyncReply) return readSync(header, decoder, standing);
    if (frame.length > MAX_READING_BYTES) return refused('body-too-large', 'Only edits may be as long.');
    if (type === FrameType.Awareness) return { kind: 'presence', address, update: decoding.readVarUint8Array(decoder) };
  } catch {
    return refused('malformed-update', 'The update does not decode; nothing of it was applied.');
  }
  if (type === FrameType.Ping || type === FrameType.Pong) return { kind: 'pong' };
  // A client has no business with the server's own messages, and types past the table are noise. Hocuspocus prints a line for each that it does not know.
  if (type === FrameType.BroadcastStateless || type === FrameType.SyncStatus || type > FrameType.Pong) {
    return refused('malformed-frame', `A client may not send messages of type ${type}.`);
  }
  if (type === FrameType.Stateless && !holdsText(decoder)) return refused('malformed-frame', 'The message ends before its text does.');
  return type === FrameType.Close ? { kind: 'leave', address } : { kind: 'other', address };
}

function readToken(address: string, decoder: decoding.Decoder): Inbound {
  try {
    if (decoding.readVarUint(decoder) === TOKEN) {
      const bytes = decoding.readVarUint8Array(decoder);
      if (bytes.length <= MAX_TOKEN_BYTES) return { kind: 'token', address, token: new TextDecoder().decode(bytes) };
    }
  } catch {
    // Below: it ends too early.
  }
  return refused('malformed-frame', 'A client may send nothing but a token to sign in.');
}

function holdsText(decoder: decoding.Decoder): boolean {
  try {
    decoding.readVarString(decoder);
    return true;
  } catch {
    return false;
  }
}

function readSync({ address, documentName, type }: FrameHeader, decoder: decoding.Decoder, standing: Standing): Inbound {
  const step = decoding.readVarUint(decoder);
  const payload = decoding.readVarUint8Array(decoder);
  const isLong = payload.length > MAX_READING_BYTES;
  if (step === SyncType.Step1) {
    if (isLong) return refused('body-too-large', 'Only edits may be as long.');
    const known = decodeStateVector(payload);
    // A SyncReply asks for no Step1 in return: Hocuspocus answers that one.
    return type === FrameType.Sync ? { kind: 'sync', address, isEmpty: known.size === 0 } : { kind: 'other', address };
  }
  if (step === SyncType.Step2 || step === SyncType.Update) {
    // A reader's answer to the server's Step1 is an edit in form only, unless it brings something.
    if (standing === 'reader' && (isLong || step === SyncType.Update)) return { kind: 'unwanted', address };
    const update = decodeUpdate(payload);
    if (!isSound(update)) return refused('malformed-update', 'The update contradicts itself; nothing of it was applied.');
    const { structs } = update;
    return { kind: 'edit', address, documentName, update: payload, grows: structs.length > 0, structs, isReply: step === SyncType.Step2 };
  }
  return refused('malformed-frame', `There is no sync message of kind ${step}.`);
}

function refused(code: ErrorCode, detail: string): Inbound {
  return { kind: 'refused', code, detail };
}
