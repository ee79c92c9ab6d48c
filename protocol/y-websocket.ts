import * as decoding from 'lib0/decoding';
import { type ClientFrame, frameOf, payloadOf, textOf, tokenOf } from './client-frames.ts';
import type { Codec } from './codec.ts';
import { closeCode, ERRORS, InkwireError } from './errors.ts';
import { FRAME_HEAD_BYTES, FrameType, SyncType } from './frames.ts';
import { message, syncAround } from './server-frames.ts';

/** No message of this protocol names a document. */
const NO_ADDRESS = new Uint8Array();

const COMMITTED = Uint8Array.of(FrameType.SyncStatus, 1);
const REFUSED = Uint8Array.of(FrameType.SyncStatus, 0);

/** Kinds of an Auth body (y-protocols, `auth.js`). It has no word for asking for a token, and its clients pass over what they do not know. */
const PERMISSION_DENIED = 0;
const TOKEN_REQUEST = Uint8Array.of(FrameType.Auth, 1);

/** Presence of nobody. */
const KEEP_ALIVE = Uint8Array.of(FrameType.Awareness, 1, 0);

function read(bytes: Uint8Array, only: string | null): ClientFrame {
  const documentName = only ?? '';
  try {
    const decoder = decoding.createDecoder(bytes);
    const type = decoding.readVarUint(decoder);
    // What Hocuspocus' protocol has beyond these is not in this one.
    const known = type === FrameType.Sync || type === FrameType.Awareness || type === FrameType.Auth || type === FrameType.QueryAwareness;
    const frame = frameOf(bytes, { address: documentName, documentName, type, bodyAt: decoder.pos });
    return known ? frame : { ...frame, message: null, isSync: false };
  } catch {
    throw new InkwireError('malformed-frame', 'The message is empty, or ends before its type does.');
  }
}

/** What the stock provider speaks (y-websocket 1 to 3: https://github.com/yjs/y-protocols/blob/master/PROTOCOL.md): see PROTOCOL.md. */
export const yWebsocket: Codec = {
  read,
  token: tokenOf,
  payload: payloadOf,
  text: textOf,
  step1: (_, stateVector) => message(NO_ADDRESS, FrameType.Sync, SyncType.Step1, stateVector),
  step2: (_, update) => message(NO_ADDRESS, FrameType.Sync, SyncType.Step2, update),
  headBytes: FRAME_HEAD_BYTES,
  step2Around: (_, update) => syncAround(NO_ADDRESS, SyncType.Step2, update),
  update: (_, update) => message(NO_ADDRESS, FrameType.Sync, SyncType.Update, update),
  presence: (_, update) => message(NO_ADDRESS, FrameType.Awareness, null, update),
  ack: () => null,
  // The one message in which it can say that something was not allowed; the stock provider writes it to the console.
  refusal: (address) => denied(address, 'forbidden'),
  authenticated: () => null,
  denied,
  tokenRequest: () => TOKEN_REQUEST,
  stateless: () => null,
  closed: () => null,
  pong: null,
  keepAlive: KEEP_ALIVE,
  closeCode(code) {
    const close = closeCode(code);
    // Its provider takes 44xx for ever (y-websocket 3).
    return ERRORS[code].retry && close >= 4400 && close < 4500 ? 1013 : close;
  },
};

/** The same for a client that has asked for acknowledgements (`?acks=1`): Hocuspocus' SyncStatus, one for each edit. */
export const yWebsocketWithAcks: Codec = { ...yWebsocket, ack: () => COMMITTED, refusal: () => REFUSED };

function denied(_address: string, reason: string): Uint8Array {
  return message(NO_ADDRESS, FrameType.Auth, PERMISSION_DENIED, Buffer.from(reason));
}
