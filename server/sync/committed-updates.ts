import * as Y from 'yjs';
import { forgetKnown } from '../../document/updates/sound-update.ts';
import { readTyping } from '../../document/updates/typing.ts';
import { HEAVY_BYTES, type HeavyEdits } from './heavy-edits.ts';
import { FROM_LOG } from './origin.ts';
import type { RelayedTyping } from './relayed-typing.ts';

/** What updates of others need of their room. */
export interface CommittedRoom {
  readonly doc: Y.Doc;
  readonly relays: boolean;
  readonly relayed: RelayedTyping;
  readonly heavyEdits: () => HeavyEdits;
  /** Sends an update to everyone. */
  readonly forward: (update: Uint8Array) => void;
  readonly onError: (what: string, error: unknown) => void;
}

/** Takes updates that the log has from others, in its order: what only types is sent on as it came, and what is heavy is taken in slices. */
export function takeCommitted(updates: readonly Uint8Array[], room: CommittedRoom): void {
  const isHeavy = (update: Uint8Array) => room.relays && update.length > HEAVY_BYTES;
  const light = updates.filter((update) => !isHeavy(update));
  for (const update of updates.filter(isHeavy)) {
    // A copy: it is handed to a thread. Where no thread can be had it is taken in one go, for the log has it.
    room
      .heavyEdits()
      .replay(new Uint8Array(update))
      .catch((error) => {
        room.onError('taking an edit of another node in slices', error);
        applyWhole([update], room);
      });
  }
  if (light.length === 0 || (light.length === 1 && relay(light[0]!, room))) return;
  applyWhole(light, room);
}

function applyWhole(updates: readonly Uint8Array[], { doc, relayed }: CommittedRoom): void {
  relayed.apply();
  const applyAll = () => {
    for (const update of updates) Y.applyUpdate(doc, update, FROM_LOG);
  };
  Y.transact(doc, applyAll, FROM_LOG, false);
  forgetKnown(doc);
}

/** Sends on what only types; `false` for anything else. */
function relay(update: Uint8Array, { relays, relayed, forward }: CommittedRoom): boolean {
  const typing = relays ? readTyping(update) : null;
  if (typing === null || !relayed.fits(typing)) return false;
  relayed.add(update, typing);
  forward(update);
  return true;
}
