import { type ID, Skip } from 'yjs';
import { decode } from './edit.ts';
import { type Sliced, type SliceLimits, slicesOf } from './slices.ts';
import { type DecodedUpdate, without } from './sound-update.ts';

/** An update (format V1) that a client sent, to be checked and cut for a document. */
export interface CutJob {
  readonly update: Uint8Array;
  /** The clock up to which the document holds what was written under each client id. */
  readonly known: ReadonlyMap<number, number>;
  /** Client ids whose structs are to be left out, up to a clock of each. */
  readonly leftOut?: ReadonlyMap<number, number> | undefined;
}

/** An update that Yjs can apply, as far as it takes to know what becomes of it, and in slices. */
export interface CutEdit extends Sliced {
  /** All of the update that is to be taken. */
  readonly update: Uint8Array;
  /** It does more than delete. */
  readonly grows: boolean;
  /** What it adds: a range for each run of a client id, in the order of the update. */
  readonly structs: readonly { readonly id: ID; readonly length: number }[];
}

/** A slice takes Yjs half a millisecond: so many entries of a map, or as much text. */
const LIMITS: SliceLimits = { structs: 100, clocks: 32 * 1024 };

/** Checks an update as `readEdit` does, and cuts it. Throws `malformed-update`. */
export function cutEdit({ update, known, leftOut }: CutJob, limits = LIMITS): CutEdit {
  const decoded = decode(update);
  if (leftOut !== undefined) return cutEdit({ update: without(update, leftOut), known }, limits);
  const { structs } = decoded;
  return { ...slicesOf(decoded, known, limits), update, grows: structs.length > 0, structs: runsOf(structs) };
}

function runsOf(structs: DecodedUpdate['structs']): CutEdit['structs'] {
  const runs: { id: ID; length: number }[] = [];
  let end: ID | null = null;
  for (const struct of structs) {
    if (struct instanceof Skip) continue;
    const { client, clock } = struct.id;
    if (end !== null && end.client === client && clock >= end.clock) runs.at(-1)!.length = clock + struct.length - runs.at(-1)!.id.clock;
    else runs.push({ id: { client, clock }, length: struct.length });
    end = { client, clock: clock + struct.length };
  }
  return runs;
}
