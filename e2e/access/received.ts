import * as decoding from 'lib0/decoding';
import * as Y from 'yjs';
import { FrameType, readFrameHeader } from '../../protocol/frames.ts';
import { parseRoleMessage, type RoleMessage } from '../../protocol/messages.ts';
import type { RawSocket } from '../raw-socket.ts';
import { paragraphText, type WriterClient } from '../writer-client.ts';

/** The update of a fresh document with this text in it. */
export function typed(text: string): Uint8Array {
  const document = new Y.Doc();
  paragraphText(document).insert(0, text);
  return Y.encodeStateAsUpdate(document);
}

/** All that came in, as one text. */
export function textIn(raw: RawSocket): string {
  return Buffer.concat(raw.received).toString('latin1');
}

/** The answers to edits, in order: 1 acknowledged, 0 refused. */
export function acks(raw: RawSocket): number[] {
  return raw.received.filter((frame) => readFrameHeader(frame).type === FrameType.SyncStatus).map((frame) => frame.at(-1)!);
}

/** The role messages that came in. */
export function roles(raw: RawSocket): RoleMessage[] {
  return raw.received.flatMap((frame) => {
    const { type, bodyAt } = readFrameHeader(frame);
    const message =
      type === FrameType.Stateless ? parseRoleMessage(decoding.readVarString(decoding.createDecoder(frame.subarray(bodyAt)))) : null;
    return message === null ? [] : [message];
  });
}

/** The role messages a provider is given, as they come. */
export function rolesOf(client: WriterClient): RoleMessage[] {
  const told: RoleMessage[] = [];
  client.provider.on('stateless', ({ payload }: { payload: string }) => {
    const message = parseRoleMessage(payload);
    if (message !== null) told.push(message);
  });
  return told;
}

/** The code the client's socket is closed with next. */
export function closeOf(client: WriterClient): Promise<number> {
  return new Promise((resolve) => client.socket.on('close', ({ event }: { event: { code: number } }) => resolve(event.code)));
}
