import { readFrameHeader } from '../../protocol/frames.ts';

/** A frame from the server, taken apart. */
export interface ReceivedFrame {
  readonly address: string;
  readonly type: number;
  readonly body: Uint8Array;
}

export function readReceived(frame: Uint8Array): ReceivedFrame {
  const { address, type, bodyAt } = readFrameHeader(frame);
  return { address, type, body: frame.subarray(bodyAt) };
}
