import type { DocumentHandle } from '../../persistence/document-store.ts';
import type { Commit } from '../../persistence/log-batch.ts';

/** A document in memory, as the cluster knows it: it gives what others have done, and tells what is done here. */
export interface FollowedDocument {
  readonly handle: DocumentHandle;
  /** Version of the document schema that its content asks of clients. */
  readonly schemaVersion: number;
  /** The rows of others, in the order of the log. */
  receive(updates: readonly Uint8Array[]): void;
  /** Clients that lack this version of the document schema stop writing. */
  raiseSchema(version: number): void;
  /** An awareness update (y-protocols) of these clients, or of all, that are present on this node. */
  presence(clientIds?: Iterable<number>): Uint8Array | null;
  /** Who is present on this node. */
  presentIds(): number[];
  /** Takes the presence of clients of another node; with `whole` those that are not in it have left. Returns an update of those that cannot be shown before they speak anew. */
  receivePresence(node: string, update: Uint8Array, whole: boolean): Uint8Array | null;
  /** Clients of this node are not present elsewhere: those who are here say so anew. */
  refutePresence(update: Uint8Array): void;
  /** A node is gone, and its people with it. */
  forgetNode(node: string): void;
}

/** The tie of one document in memory to the other nodes. */
export interface Follower {
  /** All rows of the log up to this one are in memory. */
  readonly head: number;
  /** Resolves when all that was committed by now, by anybody, is in memory; also when the database does not answer. */
  caughtUp(): Promise<void>;
  /** Rows of this node were committed. */
  committed(commit: Pick<Commit, 'firstSeq' | 'updates'>): void;
  /** What is to be told of these clients of this node has changed. */
  presenceChanged(clientIds: Iterable<number>): void;
  /** The document was created here: all rows up to this one are in memory. */
  startAt(head: number): void;
  /** The log has fallen back to `head`, and all of that is in memory; the others look. */
  restart(head: number): void;
  /** It leaves memory. */
  close(): void;
}

/** The other nodes, as documents in memory see them. */
export interface Cluster {
  follow(document: FollowedDocument): Follower;
  /** Nodes that have this document in memory are to look at Postgres: it was created or deleted. */
  look(name: string): void;
}

/** Messages from node to node that are about no document. They may be lost, doubled and reordered. */
export interface NodeChannel {
  /** This node's id. */
  readonly self: string;
  /** The longest message, bytes; at least 2,048. */
  readonly maxMessageBytes: number;
  /** Whether a node is there, as far as is known. */
  isThere(node: string): boolean;
  send(node: string, message: Uint8Array): void;
  /** Has what other nodes send this one handed to `onMessage`. */
  listen(onMessage: (message: Uint8Array) => void): void;
}

/** One node, as operators see it. */
export interface NodeInfo {
  readonly id: string;
  readonly url: string;
  readonly version: string;
  readonly startedAt: Date;
  readonly documents: number;
  readonly connections: number;
  readonly ready: boolean;
  /** It is the one that answers. */
  readonly self: boolean;
}
