import { applyUpdateV2, type Doc, decodeUpdate, diffUpdate, diffUpdateV2, encodeStateVector, type ID, Item } from 'yjs';
import { InkwireError } from '../../protocol/errors.ts';

/** An update as `decodeUpdate` reads it. */
export type DecodedUpdate = ReturnType<typeof decodeUpdate>;

/**
 * Whether Yjs can apply an update that decodes. It throws on what no client makes: a range of nothing,
 * an item that refers to what its own client writes later, a number past 2^53. If it were parked for a
 * missing dependency, the edit that completes it would throw, and every load from then on.
 */
export function isSound({ structs, ds }: DecodedUpdate): boolean {
  for (const struct of structs) {
    const { id, length } = struct;
    if (length === 0 || !isExact(id, length)) return false;
    for (const other of dependencies(struct)) {
      if (!isExact(other, 1) || (other.client === id.client && other.clock >= id.clock)) return false;
    }
  }
  for (const [client, ranges] of ds.clients) {
    for (const { clock, len } of ranges) if (len === 0 || !isExact({ client, clock }, len)) return false;
  }
  return true;
}

/**
 * Forgets of what Yjs has parked whatever the document holds by now. A forged item that waits under the
 * name of a real one would be written beside it whenever the state is encoded – for a client that
 * comes fresh, for the snapshot – and readers could not get past it.
 */
export function forgetKnown(document: Doc): void {
  const parked = document.store.pendingStructs;
  if (parked === null) return;
  const early = diffUpdateV2(parked.update, encodeStateVector(document));
  if (early.length === parked.update.length && early.every((byte, at) => byte === parked.update[at])) return;
  // Applied again, not only kept: an item that was known in part waits for nothing but itself now.
  document.store.pendingStructs = null;
  applyUpdateV2(document, early);
}

/**
 * Has Yjs look again at what it has parked. It remembers one clock of each client that it waits for, which may
 * be a later one than that which something depends on.
 */
export function retryParked(document: Doc, origin?: unknown): void {
  const parked = document.store.pendingStructs;
  if (parked === null) return;
  document.store.pendingStructs = null;
  applyUpdateV2(document, parked.update, origin);
}

/** A sound update without what it holds of some client ids, up to a clock of each. */
export function without(update: Uint8Array, clocks: ReadonlyMap<number, number>): Uint8Array {
  const rest = diffUpdate(update, encodeStateVector(new Map(clocks)));
  // A forged one that names an id twice is put together otherwise.
  if (!isSound(decodeUpdate(rest))) throw new InkwireError('malformed-update');
  return rest;
}

/** Larger numbers than these cannot be read back once written. */
export function isExact({ client, clock }: ID, length: number): boolean {
  return Number.isSafeInteger(client) && Number.isSafeInteger(clock + length);
}

/** What must be there before it. */
export function dependencies(struct: DecodedUpdate['structs'][number]): ID[] {
  if (!(struct instanceof Item)) return [];
  return [struct.origin, struct.rightOrigin, struct.parent].filter(
    (other): other is ID => other !== null && typeof other === 'object' && 'clock' in other,
  );
}
