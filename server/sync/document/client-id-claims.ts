import type { Connection } from '@hocuspocus/server';
import type { DocumentHandle, LoadedDocument } from '../../../persistence/document-store.ts';
import { SERVER_SUB } from '../../../protocol/identity.ts';
import { type Admission, admit, type ClientIds, type ClientUpdate } from './client-ids.ts';
import type { Room } from './room.ts';

export interface ClientIdClaimsParts {
  /** The `sub` of a connection's token; `null` for a guest of an open server, who claims nothing and is not checked. */
  readonly verifiedSub: (connection: Connection) => string | null;
  /** Milliseconds of any clock that is not set back. */
  readonly now: () => number;
}

/**
 * Whose the client ids of a document are: what is stored, and what is claimed since. A claim waits on
 * the document's handle and is committed with the update it was made for, or before.
 */
export class ClientIdClaims implements ClientIds {
  readonly #document: Room;
  readonly #handle: DocumentHandle;
  readonly #owners: Map<number, string>;
  readonly #parts: ClientIdClaimsParts;
  readonly #loadedAt: number;

  constructor(document: Room, { handle, clientIds }: Pick<LoadedDocument, 'handle' | 'clientIds'>, parts: ClientIdClaimsParts) {
    this.#document = document;
    this.#handle = handle;
    this.#owners = new Map(clientIds);
    this.#parts = parts;
    this.#loadedAt = parts.now();
  }

  get serverId(): number {
    return this.#document.clientID;
  }

  get ageMs(): number {
    return this.#parts.now() - this.#loadedAt;
  }

  clockOf(clientId: number): number {
    return this.#document.clockOf(clientId);
  }

  ownerOf(clientId: number): string | undefined {
    return this.#owners.get(clientId);
  }

  presentAs(clientId: number): string | undefined {
    for (const [connection, { clients }] of this.#document.connections) {
      if (clients.has(clientId)) return this.#parts.verifiedSub(connection) ?? undefined;
    }
    return undefined;
  }

  /** Decides on a client's update before it is applied, and claims for its sender. `awaited` as in `Admission`. Throws `client-id-taken`. */
  admit(update: ClientUpdate, connection: Connection): Admission['awaited'] {
    const sub = this.#parts.verifiedSub(connection);
    if (sub === null) return null;
    const { claims, awaited } = admit(update, sub, this);
    for (const id of claims) this.#claim(id, sub);
    return awaited;
  }

  /** Before an edit of the server's own, such as one over HTTP. */
  claimForServer(): void {
    if (this.#owners.get(this.serverId) !== SERVER_SUB) this.#claim(this.serverId, SERVER_SUB);
  }

  #claim(clientId: number, sub: string): void {
    this.#owners.set(clientId, sub);
    this.#handle.claimed ??= new Map();
    this.#handle.claimed.set(clientId, sub);
  }
}
