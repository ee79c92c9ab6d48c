import type { DocumentHandle } from '../../persistence/document-store.ts';
import type { Cluster, FollowedDocument, Follower } from '../ports/cluster.ts';
import type { Presence } from './presence.ts';

/** What the other nodes do to a room. */
export interface RoomOfNodes {
  readonly handle: DocumentHandle;
  readonly schema: { readonly version: number };
  readonly log: { readonly deleted: boolean };
  readonly presence: Presence;
  receiveCommitted(updates: readonly Uint8Array[]): void;
  raiseSchema(version: number): void;
}

/** A room as the other nodes see it. */
export class FollowedRoom implements FollowedDocument {
  readonly follower: Follower;
  readonly #room: RoomOfNodes;

  constructor(room: RoomOfNodes, cluster: Cluster) {
    this.#room = room;
    this.follower = cluster.follow(this);
  }

  get handle(): DocumentHandle {
    return this.#room.handle;
  }

  get schemaVersion(): number {
    return this.#room.schema.version;
  }

  receive(updates: readonly Uint8Array[]): void {
    if (!this.#room.log.deleted) this.#room.receiveCommitted(updates);
  }

  raiseSchema(version: number): void {
    this.#room.raiseSchema(version);
  }

  presence(clientIds?: Iterable<number>): Uint8Array | null {
    return this.#room.presence.encode(clientIds ?? this.presentIds());
  }

  presentIds(): number[] {
    return this.#room.presence.ownIds;
  }

  receivePresence(node: string, update: Uint8Array, whole: boolean): Uint8Array | null {
    return this.#room.presence.receiveFrom(node, update, whole);
  }

  refutePresence(update: Uint8Array): void {
    this.#room.presence.refute(update);
  }

  forgetNode(node: string): void {
    this.#room.presence.forgetNode(node);
  }
}
