import { Skip } from 'yjs';
import { SERVER_SUB } from '../../persistence/document-store.ts';
import { InkwireError } from '../../protocol/errors.ts';
import type { DecodedUpdate } from './sound-update.ts';

/** A client's update, decoded and found sound. */
export interface ClientUpdate {
  /** Format V1. */
  readonly update: Uint8Array;
  readonly structs: DecodedUpdate['structs'];
  /** It is the answer to the server's Step1: all that the client has and the server lacks, whoever wrote it. */
  readonly isReply: boolean;
}

/** What a document knows of Yjs' client ids. */
export interface ClientIds {
  /** The id under which the server itself writes. */
  readonly serverId: number;
  /** Since the document was loaded, ms. */
  readonly ageMs: number;
  /** Up to where the document holds what was written under an id; what waits for its dependencies does not count. */
  clockOf(clientId: number): number;
  /** The `sub` of the owner; `undefined` while nobody has claimed it. */
  ownerOf(clientId: number): string | undefined;
  /** The `sub` of somebody who is in the document under this id: a provider's presence and its edits go by the same one. */
  presentAs(clientId: number): string | undefined;
}

/**
 * So long after a document was loaded it may lack what its people have seen of each other: a server
 * that is killed takes with it what was not committed yet. Whoever comes back first brings the others'
 * along, and is asked to wait for them.
 */
export const AUTHORS_AWAITED_MS = 30_000;

const NONE: readonly number[] = [];

/**
 * The rule of [P1] for text: what an update adds to the document must stand under client ids that are
 * its sender's, or nobody's yet. Returns those to be claimed for `sub`. What the document holds may be
 * sent again by anybody, and a delete set names nobody.
 *
 * Throws `client-id-taken`; and `author-awaited` for what somebody brings along within
 * `AUTHORS_AWAITED_MS`, because its author will bring it in a moment.
 */
export function idsToClaim(update: ClientUpdate, sub: string, ids: ClientIds): readonly number[] {
  const { structs } = update;
  let claims: number[] | null = null;
  let seen: number | null = null;
  // From the end: the last struct under an id reaches furthest, and the others need no look.
  for (let at = structs.length - 1; at >= 0; at--) {
    const struct = structs[at]!;
    const { client, clock } = struct.id;
    if (client === seen || struct instanceof Skip) continue;
    seen = client;
    if (clock + struct.length <= ids.clockOf(client) || ids.ownerOf(client) === sub) continue;
    const standing = standingOf(client, sub, update, ids);
    if (standing === 'another') throw new InkwireError(isAwaited(update, ids) ? 'author-awaited' : 'client-id-taken');
    if (standing === 'free') {
      claims ??= [];
      claims.push(client);
    }
  }
  return claims ?? NONE;
}

/** What an id that is not the sender's own is to them: theirs to claim, somebody's whose edits they may bring along, or another's. */
function standingOf(clientId: number, sub: string, update: ClientUpdate, ids: ClientIds): 'free' | 'carried' | 'another' {
  if (clientId === ids.serverId) return 'another';
  const owner = ids.ownerOf(clientId);
  // Under an id of its past the server writes nothing any more: whoever still has an edit made over HTTP that was lost may bring it back.
  if (owner === SERVER_SUB) return update.isReply ? 'carried' : 'another';
  if (owner !== undefined) return 'another';
  const present = ids.presentAs(clientId);
  if (present !== undefined) return present === sub ? 'free' : 'another';
  // Its claim may have been lost with its first edits, and its author be on their way.
  return isAwaited(update, ids) ? 'another' : 'free';
}

function isAwaited({ isReply }: ClientUpdate, { ageMs }: ClientIds): boolean {
  return isReply && ageMs < AUTHORS_AWAITED_MS;
}
