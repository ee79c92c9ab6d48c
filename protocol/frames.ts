import * as decoding from 'lib0/decoding';

/**
 * Hocuspocus' message types (`@hocuspocus/server` 4.7, `types.ts`). A frame is
 * varString address (`name`, or `name\0sessionId`), varUint type, body: see PROTOCOL.md.
 */
export const FrameType = {
  Sync: 0,
  Awareness: 1,
  Auth: 2,
  QueryAwareness: 3,
  SyncReply: 4,
  Stateless: 5,
  BroadcastStateless: 6,
  Close: 7,
  SyncStatus: 8,
  Ping: 9,
  Pong: 10,
} as const;

/** Kinds of a Sync body (y-protocols, PROTOCOL.md). */
export const SyncType = { Step1: 0, Step2: 1, Update: 2 } as const;

/** Kinds of an Auth body (`@hocuspocus/common`, `auth.ts`). From the server, Token asks for one. */
export const AuthType = { Token: 0, PermissionDenied: 1, Authenticated: 2 } as const;

export interface FrameHeader {
  /** `name` or `name\0sessionId`, as sent. */
  readonly address: string;
  /** The address without its session. */
  readonly documentName: string;
  readonly type: number;
  /** Offset of the body, bytes. */
  readonly bodyAt: number;
}

/** Reads a frame's header; throws when the bytes end before it does. */
export function readFrameHeader(frame: Uint8Array): FrameHeader {
  const decoder = decoding.createDecoder(frame);
  const address = decoding.readVarString(decoder);
  const type = decoding.readVarUint(decoder);
  const separator = address.indexOf('\0');
  return { address, documentName: separator === -1 ? address : address.slice(0, separator), type, bodyAt: decoder.pos };
}

/** What a frame has before its payload at the most, bytes: an address, two types and a length. */
export const FRAME_HEAD_BYTES = 512;
