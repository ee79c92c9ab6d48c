import * as decoding from 'lib0/decoding';
import type { ID } from 'yjs';
import { isExact } from './sound-update.ts';

/** Text typed into text: a run of characters under one client id, beside what it was typed next to. */
export interface Typing {
  readonly id: ID;
  /** UTF-16 code units, at least one; each takes a clock. */
  readonly length: number;
  readonly text: string;
  /** Where the text begins in the update, its length before it. */
  readonly textAt: number;
  /** The characters it stands between, where there are any. Its own client's are older than itself. */
  readonly origin: ID | null;
  readonly rightOrigin: ID | null;
}

/** Longer updates are a paste, bytes. */
const MAX_TYPING_BYTES = 1024;

/** The info byte of a struct in Yjs' update format V1 (`Item.write`): its content, and which fields follow. */
const CONTENT = 0b0001_1111;
const CONTENT_STRING = 4;
const HAS_PARENT_SUB = 0b0010_0000;
const HAS_RIGHT_ORIGIN = 0b0100_0000;
const HAS_ORIGIN = 0b1000_0000;

/**
 * Reads an update (format V1) that does nothing but type; `null` for any other, also a damaged one. Most
 * of what people send is this, and to read it takes a tenth of what it takes Yjs to decode it.
 */
export function readTyping(update: Uint8Array): Typing | null {
  if (update.length > MAX_TYPING_BYTES || update[0] !== 1 || update[1] !== 1) return null;
  try {
    return read(update);
  } catch {
    return null;
  }
}

function read(update: Uint8Array): Typing | null {
  const decoder = decoding.createDecoder(update);
  // One client, one struct of it.
  decoder.pos = 2;
  const id = readId(decoder);
  const info = decoding.readUint8(decoder);
  // An item with a neighbour has the neighbour's parent.
  if ((info & CONTENT) !== CONTENT_STRING || info & HAS_PARENT_SUB || !(info & (HAS_ORIGIN | HAS_RIGHT_ORIGIN))) return null;
  const origin = info & HAS_ORIGIN ? readId(decoder) : null;
  const rightOrigin = info & HAS_RIGHT_ORIGIN ? readId(decoder) : null;
  const textAt = decoder.pos;
  const text = decoding.readVarString(decoder);
  const { length } = text;
  const isWhole = decoding.readVarUint(decoder) === 0 && !decoding.hasContent(decoder);
  const isSound = length > 0 && isExact(id, length) && mayPrecede(origin, id) && mayPrecede(rightOrigin, id);
  return isWhole && isSound ? { id, length, text, textAt, origin, rightOrigin } : null;
}

function readId(decoder: decoding.Decoder): ID {
  return { client: decoding.readVarUint(decoder), clock: decoding.readVarUint(decoder) };
}

/** Whether it can be there already when `id` is written. */
function mayPrecede(other: ID | null, id: ID): boolean {
  return other === null || (isExact(other, 1) && (other.client !== id.client || other.clock < id.clock));
}
