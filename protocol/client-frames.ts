import * as decoding from 'lib0/decoding';
import { InkwireError } from './errors.ts';
import type { ClientMessage } from './frame-permissions.ts';
import { AuthType, type FrameHeader, FrameType, readFrameHeader } from './frames.ts';

/** A frame of a client, its header read and its body untouched. */
export interface ClientFrame {
  /** `name` or `name\0sessionId`; '' of a bare Pong. */
  readonly address: string;
  readonly documentName: string;
  /** What it is; `null` when there is no such message. */
  readonly message: ClientMessage | null;
  /** The type in its header. */
  readonly type: number;
  /** Whether it is of sync, of a kind that there is or not. */
  readonly isSync: boolean;
  readonly bytes: Uint8Array;
  /** Offset of the body, of a Sync frame behind its kind. */
  readonly bodyAt: number;
}

/** Far beyond what a token may measure, bytes: no more of it is handed on. */
const MAX_TOKEN_BYTES = 64 * 1024;

const MESSAGES = new Map<number, ClientMessage>();
for (const [name, type] of Object.entries(FrameType)) {
  if (type !== FrameType.Sync && type !== FrameType.SyncReply) MESSAGES.set(type, name as ClientMessage);
}

const SYNC = ['Sync.Step1', 'Sync.Step2', 'Sync.Update'] as const;
const SYNC_REPLY = ['SyncReply.Step1', 'SyncReply.Step2', 'SyncReply.Update'] as const;

/** Tells what a frame is. Throws `malformed-frame` when it has no header, and reads nothing of its body but a Sync frame's kind. */
export function readClientFrame(bytes: Uint8Array): ClientFrame {
  // The answer to a ping of an older server's has no address, nor has a ping that asks whether the link carries anything.
  const only = bytes.length === 1 ? bytes[0] : null;
  if (only === FrameType.Ping || only === FrameType.Pong) {
    const message = only === FrameType.Ping ? 'Ping' : 'Pong';
    return { address: '', documentName: '', message, type: only, isSync: false, bytes, bodyAt: 1 };
  }
  try {
    return frameOf(bytes, readFrameHeader(bytes));
  } catch {
    throw new InkwireError('malformed-frame', 'The message ends before its header does.');
  }
}

/** A frame whose header has been read. */
export function frameOf(bytes: Uint8Array, { address, documentName, type, bodyAt }: FrameHeader): ClientFrame {
  if (type !== FrameType.Sync && type !== FrameType.SyncReply) {
    return { address, documentName, message: MESSAGES.get(type) ?? null, type, isSync: false, bytes, bodyAt };
  }
  // Every kind there is takes one byte.
  const kind = bytes[bodyAt] ?? SYNC.length;
  const message = (type === FrameType.Sync ? SYNC : SYNC_REPLY)[kind] ?? null;
  return { address, documentName, message, type, isSync: true, bytes, bodyAt: bodyAt + 1 };
}

/** The one varUint8Array that is the body of Sync and Awareness frames, as a view. Throws `malformed-update`. */
export function payloadOf({ bytes, bodyAt }: ClientFrame): Uint8Array {
  const decoder = decoding.createDecoder(bytes);
  decoder.pos = bodyAt;
  try {
    return decoding.readVarUint8Array(decoder);
  } catch {
    throw new InkwireError('malformed-update', 'The update does not decode; nothing of it was applied.');
  }
}

/** The text of a Stateless frame. Throws `malformed-frame`. */
export function textOf({ bytes, bodyAt }: ClientFrame): string {
  return body(bytes, bodyAt, decoding.readVarString, 'The message ends before its text does.');
}

/** A token, and the version that a provider says it has (Hocuspocus 4 and later). */
export interface OfferedToken {
  readonly token: string;
  readonly providerVersion: string | null;
}

/** What an Auth frame offers. Throws `malformed-frame` for anything but a token. */
export function tokenOf({ bytes, bodyAt }: ClientFrame): OfferedToken {
  return body(bytes, bodyAt, readToken, 'A client may send nothing but a token to sign in.');
}

function readToken(decoder: decoding.Decoder): OfferedToken {
  if (decoding.readVarUint(decoder) !== AuthType.Token) throw new RangeError('not a token');
  const token = decoding.readVarUint8Array(decoder);
  if (token.length > MAX_TOKEN_BYTES) throw new RangeError('longer than any token');
  const providerVersion = decoding.hasContent(decoder) ? decoding.readVarString(decoder) : null;
  return { token: new TextDecoder().decode(token), providerVersion };
}

function body<T>(bytes: Uint8Array, bodyAt: number, read: (decoder: decoding.Decoder) => T, detail: string): T {
  const decoder = decoding.createDecoder(bytes);
  decoder.pos = bodyAt;
  try {
    return read(decoder);
  } catch {
    throw new InkwireError('malformed-frame', detail);
  }
}
