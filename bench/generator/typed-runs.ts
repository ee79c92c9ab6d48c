import * as decoding from 'lib0/decoding';
import * as Y from 'yjs';

/** Told of `count` letters that `client` typed in a row, the first of them at `clock`. */
export type OnRun = (client: number, clock: number, count: number) => void;

/** A letter typed behind another: text, with the letter before it named. Yjs writes these bits before each piece of content. */
const TEXT_BEHIND = 0x84;

/**
 * Reads what was typed from an update (format V1), which may be several merged. Decoding each of 100,000 a
 * second with Yjs would cost the generator more than the server spends on it; whatever is not plain typing is left to Yjs.
 */
export function readTypedRuns(update: Uint8Array, onRun: OnRun): void {
  const runs: [client: number, clock: number, count: number][] = [];
  if (readPlainTyping(update, runs)) for (const run of runs) onRun(...run);
  else {
    for (const struct of Y.decodeUpdate(update).structs) {
      if (struct instanceof Y.Item && struct.content instanceof Y.ContentString) onRun(struct.id.client, struct.id.clock, struct.length);
    }
  }
}

function readPlainTyping(update: Uint8Array, runs: [number, number, number][]): boolean {
  const decoder = decoding.createDecoder(update);
  const clients = decoding.readVarUint(decoder);
  for (let number = 0; number < clients; number++) {
    const structs = decoding.readVarUint(decoder);
    const client = decoding.readVarUint(decoder);
    let clock = decoding.readVarUint(decoder);
    for (let struct = 0; struct < structs; struct++) {
      if (decoding.readUint8(decoder) !== TEXT_BEHIND) return false;
      decoding.readVarUint(decoder);
      decoding.readVarUint(decoder);
      // The generator types plain ASCII: a byte is a letter.
      const length = decoding.readVarUint(decoder);
      decoder.pos += length;
      runs.push([client, clock, length]);
      clock += length;
    }
  }
  return true;
}
