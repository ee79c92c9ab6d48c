import { decodeUpdate } from 'yjs';
import { InkwireError } from '../../protocol/errors.ts';
import type { ClientUpdate } from './client-ids.ts';
import { type DecodedUpdate, isSound } from './sound-update.ts';
import { readTyping, type Typing } from './typing.ts';

/** A client's update that Yjs can apply, decoded as far as it takes to know what becomes of it. */
export interface Edit extends ClientUpdate {
  /** It does more than delete. */
  readonly grows: boolean;
  /** `null` when it does anything but type. */
  readonly typing: Typing | null;
}

/**
 * Reads and checks an update (format V1) before anything is done with it. [D2] A damaged one must be
 * found before it is applied: y-protocols swallows the error of `applyUpdate`. Throws `malformed-update`.
 *
 * `isReply` says that it is the answer to a Step1, which may hold what anybody wrote.
 */
export function readEdit(update: Uint8Array, isReply: boolean): Edit {
  const typing = isReply ? null : readTyping(update);
  if (typing !== null) return { update, grows: true, structs: [typing], typing, isReply };
  const { structs } = decode(update);
  return { update, grows: structs.length > 0, structs, typing, isReply };
}

/** Decodes a sound update. Throws `malformed-update`. */
export function decode(update: Uint8Array): DecodedUpdate {
  const decoded = asYjsReads(update);
  if (!isSound(decoded)) throw new InkwireError('malformed-update', 'The update contradicts itself; nothing of it was applied.');
  return decoded;
}

function asYjsReads(update: Uint8Array): DecodedUpdate {
  try {
    return decodeUpdate(update);
  } catch {
    throw new InkwireError('malformed-update', 'The update does not decode; nothing of it was applied.');
  }
}
