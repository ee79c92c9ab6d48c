import type { Awareness } from 'y-protocols/awareness';
import type * as Y from 'yjs';
import type { CutEdit, CutJob } from '../../document/updates/cut-edit.ts';
import type { DocumentHandle, DocumentStore } from '../../persistence/document-store.ts';
import type { Cluster } from '../ports/cluster.ts';
import type { RoomLogParts } from './room-log.ts';

/** What a room asks of the rest. */
export interface RoomParts extends RoomLogParts {
  readonly store: Pick<DocumentStore, 'setTitle' | 'raiseSchemaVersion' | 'reclaim'>;
  /** All that is committed of a document, as one update (V1), read and merged away from the event loop. */
  readonly loadState: (handle: DocumentHandle, since?: Uint8Array) => Promise<Uint8Array>;
  /** Checks a heavy update and cuts it, away from the event loop. */
  readonly cut: (job: CutJob) => Promise<CutEdit>;
  /** The other nodes, where there may be any. */
  readonly cluster?: Cluster | undefined;
  /** Commits client ids as somebody's, and resolves with whose they are then. With other nodes, nothing is shown under an id before. */
  readonly claim?: DocumentStore['claimClientIds'] | undefined;
  /** Milliseconds of any clock that is not set back. */
  readonly now: () => number;
}

/** A document for a room that others look at as well, unasked: nothing may wait in it, and its awareness is theirs. */
export interface SharedDoc {
  readonly doc: Y.Doc;
  readonly awareness: Awareness;
}
