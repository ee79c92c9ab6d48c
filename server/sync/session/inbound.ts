import * as decoding from 'lib0/decoding';
import { decodeStateVector, decodeUpdate } from 'yjs';
import { nameProblem } from '../../../protocol/document-name.ts';
import type { ErrorCode } from '../../../protocol/errors.ts';
import { type FrameHeader, FrameType, readFrameHeader, SyncType } from '../../../protocol/frames.ts';
import type { ClientEdit } from '../document/live-document.ts';
import { isSound } from '../document/sound-update.ts';
import { readTyping } from '../document/typing.ts';

/** What must be known of a document that is open on the socket. */
export interface OpenChannel {
  readonly mayWrite: boolean;
}

/** What a frame from a client is, once it is known to be sound; `channel` is the document it is about, which is open. */
export type Inbound<Channel extends OpenChannel> =
  /** A token, to be let into a document. */
  | { readonly kind: 'sign-in'; readonly address: string }
  /** Anything else of a document that is not open, unread. */
  | { readonly kind: 'early'; readonly address: string }
  /** A token in place of the one before. */
  | { readonly kind: 'token'; readonly channel: Channel; readonly token: string }
  | ({ readonly kind: 'edit'; readonly channel: Channel } & Edit)
  /** A request for what the client lacks. `isEmpty`: it has nothing yet. */
  | { readonly kind: 'sync'; readonly channel: Channel; readonly isEmpty: boolean }
  /** An edit of somebody who may only read, unread. */
  | { readonly kind: 'unwanted'; readonly channel: Channel }
  | { readonly kind: 'presence'; readonly channel: Channel; readonly update: Uint8Array }
  /** The client is done with the document, and keeps the socket. */
  | { readonly kind: 'leave'; readonly channel: Channel }
  /** A sign of life: an answer to a ping of an older server's, which has no address, or a ping of the client's own, to which there is no answer. */
  | { readonly kind: 'pong' }
  /** Anything else, for Hocuspocus. */
  | { readonly kind: 'other' }
  | Refusal;

/** Why a frame is refused; the socket is closed with the code's close code. */
interface Refusal {
  readonly kind: 'refused';
  readonly code: ErrorCode;
  readonly detail: string;
}

/** An update that may change the document. */
export interface Edit extends ClientEdit {
  /** It does more than delete. */
  readonly grows: boolean;
}

/** Far beyond what a token may measure, bytes: no more of it is handed on. */
const MAX_TOKEN_BYTES = 64 * 1024;

/** What a client may have decoded that writes nothing, bytes: far beyond what people's state vectors and presence measure, and the deletions of half a million words. */
const MAX_READING_BYTES = 1024 * 1024;

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
export function readInbound<Channel extends OpenChannel>(
  frame: Uint8Array,
  channelOf: (address: string) => Channel | undefined,
): Inbound<Channel> {
  if (frame.length === 1 && frame[0] === FrameType.Pong) return { kind: 'pong' };
  let header: FrameHeader;
  try {
    header = readFrameHeader(frame);
  } catch {
    return refused('malformed-frame', 'The message ends before its header does.');
  }
  const { address, documentName, type, bodyAt } = header;
  const channel = channelOf(address);
  // The name of an open document is a good one.
  const problem = channel === undefined ? nameProblem(documentName) : null;
  if (problem !== null) return refused('bad-name', `The document's name ${problem}.`);
  const decoder = decoding.createDecoder(frame);
  decoder.pos = bodyAt;
  if (type === FrameType.Auth) {
    const token = readToken(decoder);
    if (token === null) return refused('malformed-frame', 'A client may send nothing but a token to sign in.');
    return channel === undefined ? { kind: 'sign-in', address } : { kind: 'token', channel, token };
  }
  if (channel === undefined && type <= FrameType.Stateless) return { kind: 'early', address };
  try {
    if (channel !== undefined && (type === FrameType.Sync || type === FrameType.SyncReply)) return readSync(type, decoder, channel);
    if (frame.length > MAX_READING_BYTES) return refused('body-too-large', 'Only edits may be as long.');
    if (channel !== undefined && type === FrameType.Awareness)
      return { kind: 'presence', channel, update: decoding.readVarUint8Array(decoder) };
  } catch {
    return refused('malformed-update', 'The update does not decode; nothing of it was applied.');
  }
  if (type === FrameType.Ping || type === FrameType.Pong) return { kind: 'pong' };
  // A client has no business with the server's own messages, and types past the table are noise. Hocuspocus prints a line for each that it does not know.
  if (type === FrameType.BroadcastStateless || type === FrameType.SyncStatus || type > FrameType.Pong) {
    return refused('malformed-frame', `A client may not send messages of type ${type}.`);
  }
  if (type === FrameType.Stateless && !holdsText(decoder)) return refused('malformed-frame', 'The message ends before its text does.');
  if (type !== FrameType.Close) return { kind: 'other' };
  return channel === undefined ? { kind: 'early', address } : { kind: 'leave', channel };
}

/** `null` for anything but a token. */
function readToken(decoder: decoding.Decoder): string | null {
  try {
    if (decoding.readVarUint(decoder) !== TOKEN) return null;
    const bytes = decoding.readVarUint8Array(decoder);
    return bytes.length > MAX_TOKEN_BYTES ? null : new TextDecoder().decode(bytes);
  } catch {
    return null;
  }
}

function holdsText(decoder: decoding.Decoder): boolean {
  try {
    decoding.readVarString(decoder);
    return true;
  } catch {
    return false;
  }
}

function readSync<Channel extends OpenChannel>(type: number, decoder: decoding.Decoder, channel: Channel): Inbound<Channel> {
  const step = decoding.readVarUint(decoder);
  const payload = decoding.readVarUint8Array(decoder);
  const isLong = payload.length > MAX_READING_BYTES;
  if (step === SyncType.Step1) {
    if (isLong) return refused('body-too-large', 'Only edits may be as long.');
    const known = decodeStateVector(payload);
    // A SyncReply asks for no Step1 in return: Hocuspocus answers that one.
    return type === FrameType.Sync ? { kind: 'sync', channel, isEmpty: known.size === 0 } : { kind: 'other' };
  }
  if (step === SyncType.Step2 || step === SyncType.Update) {
    // A reader's answer to the server's Step1 is an edit in form only, unless it brings something.
    if (!channel.mayWrite && (isLong || step === SyncType.Update)) return { kind: 'unwanted', channel };
    const typing = step === SyncType.Update ? readTyping(payload) : null;
    if (typing !== null) return { kind: 'edit', channel, update: payload, grows: true, structs: [typing], typing, isReply: false };
    const update = decodeUpdate(payload);
    if (!isSound(update)) return refused('malformed-update', 'The update contradicts itself; nothing of it was applied.');
    const { structs } = update;
    return { kind: 'edit', channel, update: payload, grows: structs.length > 0, structs, typing, isReply: step === SyncType.Step2 };
  }
  return refused('malformed-frame', `There is no sync message of kind ${step}.`);
}

function refused(code: ErrorCode, detail: string): Refusal {
  return { kind: 'refused', code, detail };
}
