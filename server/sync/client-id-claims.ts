import { type ClientIds, type ClientUpdate, checkClientIds, type Verdict } from '../../document/updates/client-ids.ts';
import type { DocumentHandle, DocumentStore, LoadedDocument } from '../../persistence/document-store.ts';
import { InkwireError } from '../../protocol/errors.ts';
import { SERVER_SUB } from '../../protocol/identity.ts';
import type { RoomMember } from './room-member.ts';

/** What the claims ask of the room. */
export interface ClaimedRoom {
  /** The client id under which the server itself writes. */
  readonly serverId: number;
  /** The clock up to which something is written under a client id; what waits for its dependencies does not count. */
  clockOf(clientId: number): number;
  /** Who is in the room under this client id. */
  presentAs(clientId: number): RoomMember | undefined;
}

/**
 * Whose the client ids of a document are: what is stored, and what is claimed since. A claim waits on
 * the document's handle and is committed with the update it was made for, or before.
 */
export class ClientIdClaims implements ClientIds {
  readonly #room: ClaimedRoom;
  readonly #handle: DocumentHandle;
  readonly #owners: Map<number, string>;
  readonly #retired: ReadonlySet<number>;
  readonly #now: () => number;
  readonly #loadedAt: number;

  /** `now` is any clock that is not set back, ms. */
  constructor(room: ClaimedRoom, loaded: Pick<LoadedDocument, 'handle' | 'clientIds' | 'retiredClientIds'>, now: () => number) {
    this.#room = room;
    this.#handle = loaded.handle;
    this.#owners = new Map(loaded.clientIds);
    this.#retired = loaded.retiredClientIds;
    this.#now = now;
    this.#loadedAt = now();
  }

  get serverId(): number {
    return this.#room.serverId;
  }

  get ageMs(): number {
    return this.#now() - this.#loadedAt;
  }

  clockOf(clientId: number): number {
    return this.#room.clockOf(clientId);
  }

  ownerOf(clientId: number): string | undefined {
    return this.#owners.get(clientId);
  }

  presentAs(clientId: number): string | undefined {
    const member = this.#room.presentAs(clientId);
    return member === undefined ? undefined : (verifiedSub(member) ?? undefined);
  }

  /**
   * Checks a member's update before it is applied, and claims for its sender. `awaited` as in `Verdict`.
   * Throws `client-id-taken`, and `document-deleted` for what was written in an earlier life of the name ([D12]).
   */
  check(update: ClientUpdate, member: RoomMember): Verdict['awaited'] {
    if (this.#retired.size > 0 && update.structs.some(({ id }) => this.#retired.has(id.client))) {
      throw new InkwireError('document-deleted', 'The edit belongs to a document of this name that was deleted.');
    }
    const sub = verifiedSub(member);
    if (sub === null) return null;
    const { claims, awaited } = checkClientIds(update, sub, this);
    for (const id of claims) this.#claim(id, sub);
    return awaited;
  }

  /**
   * Commits a claim for what an update is the first under, and learns who has it; `null` when there is nothing to claim. Where the
   * database does not answer the claim goes with the edit, as without other nodes.
   */
  claimFirst(update: ClientUpdate, member: RoomMember, commit: DocumentStore['claimClientIds'] | undefined): Promise<void> | null {
    const sub = commit === undefined ? null : verifiedSub(member);
    if (commit === undefined || sub === null) return null;
    const ids = new Set(update.structs.map(({ id }) => id.client).filter((id) => this.#owners.get(id) === undefined));
    if (ids.size === 0) return null;
    const { claims } = checkClientIds(update, sub, this);
    if (claims.length === 0) return null;
    return commit(this.#handle, claims, sub).then(
      (owners) => {
        for (const [id, owner] of owners) this.#owners.set(id, owner);
      },
      () => {},
    );
  }

  /** Before an edit of the server's own, such as one over HTTP. */
  claimForServer(clientId = this.serverId): void {
    if (this.#owners.get(clientId) !== SERVER_SUB) this.#claim(clientId, SERVER_SUB);
  }

  /** What is claimed in the log already. */
  learn(clientId: number, sub: string): void {
    this.#owners.set(clientId, sub);
  }

  /** Claims anew what the log may have forgotten. */
  claimAgain(): void {
    for (const [clientId, sub] of this.#owners) this.#claim(clientId, sub);
  }

  #claim(clientId: number, sub: string): void {
    this.#owners.set(clientId, sub);
    this.#handle.claimed ??= new Map();
    this.#handle.claimed.set(clientId, sub);
  }
}

/** Who a member's edits are by, where a token says so; `null` for a guest of an open server, who claims nothing and is not checked. */
function verifiedSub({ identity }: RoomMember): string | null {
  return identity.verified ? identity.sub : null;
}
