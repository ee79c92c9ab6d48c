import * as encoding from 'lib0/encoding';
import { FrameType, SyncType } from '../../protocol/frames.ts';
import type { Updates } from './edits.ts';

/** Frames in sending order, all in one piece of memory. */
export interface FrameSequence {
  readonly count: number;
  at(index: number): Uint8Array;
}

function frame(documentName: string, type: number, write: (encoder: encoding.Encoder) => void): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarString(encoder, documentName);
    encoding.writeVarUint(encoder, type);
    write(encoder);
  });
}

/** What a provider sends first: a token. */
export function authFrame(documentName: string, token: string): Uint8Array {
  return frame(documentName, FrameType.Auth, (encoder) => {
    encoding.writeVarUint(encoder, 0);
    encoding.writeVarString(encoder, token);
  });
}

/** "I have nothing yet; send me the document." */
export function askForAllFrame(documentName: string): Uint8Array {
  return frame(documentName, FrameType.Sync, (encoder) => {
    encoding.writeVarUint(encoder, SyncType.Step1);
    // The state vector of an empty document: no clients.
    encoding.writeVarUint8Array(encoder, new Uint8Array([0]));
  });
}

/** One frame for each update from `from` to `to` (exclusive), addressed to a document. Built once, before anything is timed. */
export function updateFrames(documentName: string, updates: Pick<Updates, 'count' | 'at'>, from = 0, to = updates.count): FrameSequence {
  const ends = new Uint32Array(to - from);
  const encoder = encoding.createEncoder();
  for (let index = from; index < to; index++) {
    encoding.writeVarString(encoder, documentName);
    encoding.writeVarUint(encoder, FrameType.Sync);
    encoding.writeVarUint(encoder, SyncType.Update);
    encoding.writeVarUint8Array(encoder, updates.at(index));
    ends[index - from] = encoding.length(encoder);
  }
  const bytes = encoding.toUint8Array(encoder);
  return { count: ends.length, at: (index) => bytes.subarray(index === 0 ? 0 : ends[index - 1], ends[index]) };
}

/** One update, addressed to a document. */
export function oneFrame(documentName: string, update: Uint8Array): FrameSequence {
  return updateFrames(documentName, { count: 1, at: () => update });
}
