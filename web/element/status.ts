/**
 * Where a document stands for the person who writes in it.
 *
 * - `connecting` nothing was loaded yet, or nothing was written here and the server has not confirmed that it has all
 * - `saving` connected, and at least one edit is not committed
 * - `saved` connected, authenticated, synced, and the server committed every edit made here
 * - `reconnecting` the connection was lost a moment ago
 * - `offline` the server cannot be reached, or leaves what it was sent unanswered while nothing else comes from it
 * - `sign-in` the token is missing, wrong or expired
 * - `removed` the person may not open this document
 * - `deleted` the document is gone
 * - `rejected` the server refused an edit; what is on the screen is not what is stored
 * - `update-required` the document holds content this version cannot edit without losing it
 */
export type StatusKind =
  | 'connecting'
  | 'saving'
  | 'saved'
  | 'reconnecting'
  | 'offline'
  | 'sign-in'
  | 'removed'
  | 'deleted'
  | 'rejected'
  | 'update-required';

/** A refusal that only a change on this side can lift: the connection is not tried again by itself. */
export type Refusal = 'sign-in' | 'removed' | 'deleted' | 'rejected';

/** Everything the status depends on. */
export interface ConnectionFacts {
  readonly refusal: Refusal | null;
  /** The document holds a node or a mark this schema lacks. */
  readonly foreignContent: boolean;
  readonly connected: boolean;
  /** The server does not answer. */
  readonly silent: boolean;
  readonly authenticated: boolean;
  /** The server's state arrived on this connection. */
  readonly synced: boolean;
  /** The server's state arrived at least once. */
  readonly everSynced: boolean;
  /** Every edit made here is acknowledged, which the server does after the commit. */
  readonly settled: boolean;
  /** Edits not acknowledged. */
  readonly waiting: number;
  /** Connections in a row that failed or were lost before they synced. */
  readonly failures: number;
}

export interface Status {
  readonly kind: StatusKind;
  /** Edits the server has not acknowledged. */
  readonly waiting: number;
}

/** Failed connections in a row after which it is honest to say "Offline". */
export const FAILURES_UNTIL_OFFLINE = 2;

/** The status for the facts. `saved` needs all of connected, authenticated, synced and settled. */
export function statusOf(facts: ConnectionFacts): Status {
  const { waiting } = facts;
  if (facts.refusal !== null) return { kind: facts.refusal, waiting };
  if (facts.silent) return { kind: 'offline', waiting };
  if (!facts.connected || !facts.authenticated) {
    if (facts.failures >= FAILURES_UNTIL_OFFLINE) return { kind: 'offline', waiting };
    return { kind: facts.everSynced ? 'reconnecting' : 'connecting', waiting };
  }
  if (facts.foreignContent) return { kind: 'update-required', waiting };
  if (!facts.synced) return { kind: facts.everSynced ? 'reconnecting' : 'connecting', waiting };
  if (waiting > 0) return { kind: 'saving', waiting };
  return { kind: facts.settled ? 'saved' : 'connecting', waiting };
}

/** Statuses in which nothing may be written: what is typed could not reach the document. */
const CLOSED: ReadonlySet<StatusKind> = new Set(['removed', 'deleted', 'rejected', 'update-required']);

/** Whether a status closes the document to edits, whatever the role. */
export function closesEditing(kind: StatusKind): boolean {
  return CLOSED.has(kind);
}

/** The word returns to "Saved" only after so many calm milliseconds, so that it does not blink while somebody types. */
export const CALM_MS = 400;

/** True when closing the page would lose an edit. */
export function losesOnClose(status: Status): boolean {
  return status.waiting > 0;
}

/**
 * What a close code of the server's error table says, or `null` when the same connection may be
 * tried again (1006, 1011, 1012, 1013, 4205 reset, 4408 timeout, 4429 too much).
 */
export function refusalOf(closeCode: number): Refusal | null {
  if (isTokenTrouble(closeCode)) return 'sign-in';
  if (closeCode === 4404 || closeCode === 4410) return 'deleted';
  if (closeCode === 4403) return 'removed';
  if (closeCode === 4408 || closeCode === 4429) return null;
  if (closeCode === 1009 || (closeCode >= 4400 && closeCode < 4500)) return 'rejected';
  return null;
}

/** A token that is missing, wrong, expired or revoked: another one helps. */
export function isTokenTrouble(closeCode: number): boolean {
  return closeCode === 4401 || closeCode === 4440 || closeCode === 4441;
}
