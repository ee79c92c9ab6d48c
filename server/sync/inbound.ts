import * as decoding from 'lib0/decoding';
import { decodeStateVector, decodeUpdate } from 'yjs';
import { nameProblem } from '../../protocol/document-name.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import { FrameType, readFrameHeader, SyncType } from '../../protocol/frames.ts';

/** What a frame from a client is, once it is known to be sound. */
export interface Inbound {
  readonly documentName: string;
  /** The frame carries an update that may change the document. */
  readonly edits: boolean;
}

/** Why a frame is refused; the socket is closed with the code's close code. */
export interface Refused {
  readonly refused: ErrorCode;
  readonly detail: string;
}

/**
 * Checks a client's frame before Hocuspocus sees it. [D2] A damaged update must be found before it is
 * applied: y-protocols swallows the error of `applyUpdate`, and Hocuspocus then acknowledges it.
 */
export function inspectFrame(frame: Uint8Array): Inbound | Refused {
  try {
    const { documentName, type, bodyAt } = readFrameHeader(frame);
    const problem = nameProblem(documentName);
    if (problem !== null) return { refused: 'bad-name', detail: `The document's name ${problem}.` };
    if (type === FrameType.Sync || type === FrameType.SyncReply) {
      return inspectSync(documentName, frame.subarray(bodyAt));
    }
    // A client has no business with the server's own message, and types past the table are noise.
    if (type === FrameType.BroadcastStateless || type > FrameType.Pong) {
      return { refused: 'malformed-frame', detail: `A client may not send messages of type ${type}.` };
    }
    return { documentName, edits: false };
  } catch {
    return { refused: 'malformed-frame', detail: 'The message ends before its header does.' };
  }
}

function inspectSync(documentName: string, body: Uint8Array): Inbound | Refused {
  try {
    const decoder = decoding.createDecoder(body);
    const kind = decoding.readVarUint(decoder);
    const payload = decoding.readVarUint8Array(decoder);
    if (kind === SyncType.Step1) {
      decodeStateVector(payload);
      return { documentName, edits: false };
    }
    if (kind === SyncType.Step2 || kind === SyncType.Update) {
      decodeUpdate(payload);
      return { documentName, edits: true };
    }
    return { refused: 'malformed-frame', detail: `There is no sync message of kind ${kind}.` };
  } catch {
    return { refused: 'malformed-update', detail: 'The update does not decode; nothing of it was applied.' };
  }
}
