import type { Append, AppendResult, DocumentHandle } from './document-store.ts';
import type { Commit } from './log-batch.ts';

/** What the log writer is told, and whom it tells. */
export interface LogWriterOptions {
  /** Most bytes held uncommitted before `isFull` says so, over all documents and for one. */
  readonly maxHeldBytes: number;
  readonly maxHeldBytesPerDocument: number;
  /**
   * Commits a large update by itself, where it holds up nobody: as `DocumentStore.append` with one entry. Without it
   * large ones go with the others.
   */
  appendLarge?(entry: Append): Promise<AppendResult>;
  /** The document was deleted: nothing of this handle will commit any more. Called once per handle. */
  onDeleted(handle: DocumentHandle): void;
  /**
   * The log has fallen back: resolves with the updates that it lacks, with the handle set to where the log
   * stands. They are committed before anything else of the document is ([D13]). A rejection is tried again.
   */
  onFellBack(handle: DocumentHandle): Promise<readonly Uint8Array[]>;
  /** A commit failed and will be tried again; `attempt` from 1. */
  onRetry(error: unknown, attempt: number): void;
  /** A commit went through after at least one failure. */
  onRecovered?(): void;
  /** What was committed, before anything that waits for it is called. */
  onCommitted?(commit: Commit): void;
}
