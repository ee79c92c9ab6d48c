import { type ID, Skip } from 'yjs';
import { InkwireError } from '../../protocol/errors.ts';
import { SERVER_SUB } from '../../protocol/identity.ts';

/** A client's update, decoded and found sound. */
export interface ClientUpdate {
  /** Format V1. */
  readonly update: Uint8Array;
  /** What it adds, as Yjs decodes it or as ranges alone. */
  readonly structs: readonly { readonly id: ID; readonly length: number }[];
  /** It is the answer to the server's Step1: all that the client has and the server lacks, by any author. */
  readonly isReply: boolean;
}

/** What a document knows of Yjs' client ids. */
export interface ClientIds {
  /** The id under which the server itself writes. */
  readonly serverId: number;
  /** The time since the document was loaded, ms. */
  readonly ageMs: number;
  /** The clock up to which the document holds what was written under an id; what waits for its dependencies does not count. */
  clockOf(clientId: number): number;
  /** The `sub` of the owner; `undefined` while nobody has claimed it. */
  ownerOf(clientId: number): string | undefined;
  /** The `sub` of somebody who is in the document under this id: a provider's presence and its edits go by the same one. */
  presentAs(clientId: number): string | undefined;
}

/** What becomes of an update that is not refused. */
export interface Verdict {
  /** Client ids that nobody had: the sender claims them. */
  readonly claims: readonly number[];
  /**
   * Client ids whose structs are left out because their author will bring them, each with the clock
   * after the last of them; `null` when the update is taken whole.
   */
  readonly awaited: ReadonlyMap<number, number> | null;
}

/**
 * So long after a document was loaded it may lack what its people have seen of each other: a server
 * that is killed takes with it what was not committed yet. Each brings what they have of all, and is
 * taken by their own word only.
 */
export const AUTHORS_AWAITED_MS = 30_000;

const ALL_OWN: Verdict = { claims: [], awaited: null };

/**
 * The rule of [P1] for text: what an update adds to the document must stand under client ids that are
 * its sender's, or nobody's yet. What the document holds may be sent again by anybody, and a delete set
 * names nobody. Throws `client-id-taken`.
 *
 * Within `AUTHORS_AWAITED_MS` an answer to the server's Step1 is not refused for what it brings of
 * others: those wait for each other's edits, and would be refused in turn.
 */
export function checkClientIds(update: ClientUpdate, sub: string, ids: ClientIds): Verdict {
  const { structs } = update;
  let claims: number[] | null = null;
  let awaited: Map<number, number> | null = null;
  let seen: number | null = null;
  // The loop begins at the end: the last struct under an id reaches furthest, and the others need no look.
  for (let at = structs.length - 1; at >= 0; at--) {
    const struct = structs[at]!;
    const { client, clock } = struct.id;
    if (client === seen || struct instanceof Skip) continue;
    seen = client;
    const end = clock + struct.length;
    if (end <= ids.clockOf(client) || ids.ownerOf(client) === sub) continue;
    const ownership = ownershipOf(client, sub, update, ids);
    if (ownership === 'free') {
      claims ??= [];
      claims.push(client);
    } else if (ownership === 'awaited') {
      awaited ??= new Map();
      // A forged update may name an id twice.
      awaited.set(client, Math.max(end, awaited.get(client) ?? 0));
    } else if (ownership === 'taken') throw new InkwireError('client-id-taken');
  }
  return claims === null && awaited === null ? ALL_OWN : { claims: claims ?? [], awaited };
}

/**
 * What an id that is not the sender's own is to them: theirs to claim, of the server's past, somebody
 * else's, or somebody's who will bring what they have written under it.
 */
function ownershipOf(clientId: number, sub: string, { isReply }: ClientUpdate, ids: ClientIds): 'free' | 'past' | 'taken' | 'awaited' {
  const another = isReply && ids.ageMs < AUTHORS_AWAITED_MS ? 'awaited' : 'taken';
  if (clientId === ids.serverId) return another;
  const owner = ids.ownerOf(clientId);
  // The server writes nothing more under an id of its past. An edit over HTTP that was lost may be brought back by anybody who still has it.
  if (owner === SERVER_SUB) return isReply ? 'past' : 'taken';
  if (owner !== undefined) return another;
  const present = ids.presentAs(clientId);
  if (present !== undefined) return present === sub ? 'free' : another;
  // The claim of its author may have been lost with their first edits.
  return another === 'awaited' ? 'awaited' : 'free';
}
