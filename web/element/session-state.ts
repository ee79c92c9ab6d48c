import type { RoleMessage } from '../../protocol/messages.ts';
import type { Role } from '../../protocol/role.ts';
import { FAILURES_UNTIL_OFFLINE, isTokenTrouble, type Refusal, refusalOf } from './status.ts';

/**
 * Where a session's connection stands.
 *
 *     waiting ── opened ──▶ open ── admitted ──▶ admitted ── synced ──▶ synced
 *        ▲                   │                      │                     │
 *        └────── lost ───────┴──────────────────────┴─────────────────────┘        closed: for good, from anywhere
 *
 * - `waiting` there is no connection; another is tried unless there is a refusal
 * - `open` the token is on its way
 * - `admitted` the token was good; the document is on its way
 * - `synced` the document is here
 * - `closed` the session has ended
 *
 * A connection that falls silent stays what it was while another is tried beside it: `silent` in the state says so.
 */
export type Phase = 'waiting' | 'open' | 'admitted' | 'synced' | 'closed';

export interface SessionState {
  readonly phase: Phase;
  /** Why no other connection is tried by itself; `null` while there is hope. */
  readonly refusal: Refusal | null;
  /** The token has run out, and the server waits for the next. */
  readonly expired: boolean;
  /** Whoever makes the tokens had none for this connection, and may have one in a moment. */
  readonly tokenFailed: boolean;
  /** The server left what it was sent unanswered, and nothing that came since says that it is there. */
  readonly silent: boolean;
  /** The document was here at least once. */
  readonly everSynced: boolean;
  /** Connections in a row that failed or were lost before they synced. */
  readonly failures: number;
  /** The document holds what this editor's schema lacks. */
  readonly foreignContent: boolean;
  /** The document was written under a later schema: an editor must not be bound to it. */
  readonly outdated: boolean;
  /** What this user may do, as the server said last; `null` while it has not, as an open server never does. */
  readonly role: Role | null;
}

/** What happens to a session. */
export type SessionEvent =
  | { readonly type: 'opened' }
  | { readonly type: 'admitted' }
  /** The token was refused; `reason` is the server's. */
  | { readonly type: 'denied'; readonly reason: string }
  | { readonly type: 'synced' }
  | { readonly type: 'lost'; readonly code: number }
  /** A connection could not be made: it was refused, or nothing came (`null`). */
  | { readonly type: 'missed'; readonly code: number | null }
  /** The server does not answer on the connection there is. */
  | { readonly type: 'silent' }
  /** It does after all. */
  | { readonly type: 'answered' }
  | { readonly type: 'told'; readonly message: RoleMessage }
  /** There was no token to be had. */
  | { readonly type: 'tokenless' }
  /** Whoever makes the tokens says that this user may not come in any more. */
  | { readonly type: 'barred' }
  | { readonly type: 'foreign' }
  /** The person, or the page, wants another try. */
  | { readonly type: 'retried' }
  | { readonly type: 'closed' };

export type EventType = SessionEvent['type'];

type Cell<Type extends EventType> = (state: SessionState, event: Extract<SessionEvent, { readonly type: Type }>) => SessionState;

/** Close code of a connection that is given up to be made anew. */
export const RESET = 4205;

/** Close codes that say nothing of the token: a connection that was cut, or given up from here. */
const SAYS_NOTHING: ReadonlySet<number> = new Set([1000, 1005, 1006, RESET]);

export const INITIAL: SessionState = {
  phase: 'waiting',
  refusal: null,
  expired: false,
  tokenFailed: false,
  silent: false,
  everSynced: false,
  failures: 0,
  foreignContent: false,
  outdated: false,
  role: null,
};

/** Each connection asks for a token of its own: what became of the last one's says nothing of it. */
const opened: Cell<'opened'> = (state) => ({ ...state, phase: 'open', tokenFailed: false });
const stay = (state: SessionState) => state;
const go = (phase: Phase) => (state: SessionState) => ({ ...state, phase });

const admitted = (phase: Phase) => (state: SessionState) => {
  const { refusal } = state;
  return { ...state, phase, tokenFailed: false, refusal: refusal === 'sign-in' || refusal === 'removed' ? null : refusal };
};

const denied: Cell<'denied'> = (state, { reason }) => {
  // What Hocuspocus says when the token is good and gives no role here.
  return { ...state, refusal: reason === 'permission-denied' ? 'removed' : 'sign-in' };
};

const synced: Cell<'synced'> = (state) => ({ ...state, phase: 'synced', silent: false, everSynced: true, failures: 0 });

const lost: Cell<'lost'> = (state, { code }) => {
  const wasSynced = state.phase === 'synced';
  return {
    ...state,
    phase: 'waiting',
    expired: false,
    failures: wasSynced ? state.failures : state.failures + 1,
    refusal: refusalAfter(state.refusal, code, wasSynced),
  };
};

function refusalAfter(before: Refusal | null, code: number, wasSynced: boolean): Refusal | null {
  const refusal = refusalOf(code);
  // A token that ran out while the machine slept: the next connection asks for another, and is refused if there is none.
  const renewable = isTokenTrouble(code) && wasSynced;
  if (refusal !== null && !renewable) return refusal;
  // A refusal to authenticate that ends in "try again later" was the server's trouble, not the token's.
  const isAboutToken = before === 'sign-in' || before === 'removed';
  return isAboutToken && !SAYS_NOTHING.has(code) ? null : before;
}

const told: Cell<'told'> = (state, { message: { role, reason } }) => {
  const expired = reason === 'expired';
  const outdated = state.outdated || reason === 'update-required';
  // While a token has run out, the person goes on writing: their edits wait here for the next one.
  return { ...state, expired, outdated, role: expired ? state.role : role };
};

const missed: Cell<'missed'> = (state, { code }) => {
  if (code !== null) return lost(state, { type: 'lost', code });
  // Enough to say so, and no reason to wait longer: where nothing comes no server is spared.
  return { ...state, failures: Math.max(state.failures, Math.min(FAILURES_UNTIL_OFFLINE, state.failures + 1)) };
};
const silent: Cell<'silent'> = (state) => ({ ...state, silent: true });
const answered: Cell<'answered'> = (state) => ({ ...state, silent: false });
const tokenFailed = (isNeeded: boolean) => (state: SessionState) => ({ ...state, tokenFailed: isNeeded });
const barred: Cell<'barred'> = (state) => ({ ...state, refusal: 'removed' });
const foreign: Cell<'foreign'> = (state) => ({ ...state, foreignContent: true });
const retried: Cell<'retried'> = (state) => ({ ...state, refusal: null });

/** What may come at any time while the session lives. */
const ALIVE = { denied, told, barred, foreign, retried, closed: go('closed') } as const;

/** Without a connection, one that could not be made is one more; beside a silent one it says nothing that is not known. */
const ALONE = { missed, silent: stay, answered: stay } as const;
const BESIDE = { missed: stay, silent, answered } as const;

/** Every event in every phase: a cell that is missing does not compile. */
const CELLS: { readonly [P in Phase]: { readonly [Type in EventType]: Cell<Type> } } = {
  waiting: { ...ALIVE, ...ALONE, opened, admitted: stay, synced: stay, lost, tokenless: tokenFailed(true) },
  open: { ...ALIVE, ...BESIDE, opened: stay, admitted: admitted('admitted'), synced, lost, tokenless: tokenFailed(true) },
  // What the session holds is good until it runs out, and the server asks again.
  admitted: { ...ALIVE, ...BESIDE, opened: stay, admitted: admitted('admitted'), synced, lost, tokenless: tokenFailed(false) },
  synced: { ...ALIVE, ...BESIDE, opened: stay, admitted: admitted('synced'), synced, lost, tokenless: tokenFailed(false) },
  closed: {
    ...{ opened: stay, admitted: stay, denied: stay, synced: stay, lost: stay, told: stay, missed: stay, silent: stay, answered: stay },
    ...{ tokenless: stay, barred: stay, foreign: stay, retried: stay, closed: stay },
  },
};

/** Where the session stands after an event. */
export function next(state: SessionState, event: SessionEvent): SessionState {
  return (CELLS[state.phase][event.type] as Cell<EventType>)(state, event as never);
}

/** Whether there is a connection. */
export function isConnected({ phase }: SessionState): boolean {
  return phase === 'open' || phase === 'admitted' || phase === 'synced';
}

/** Whether the server has let this user in on the connection there is. */
export function isAdmitted({ phase }: SessionState): boolean {
  return phase === 'admitted' || phase === 'synced';
}

/** Whether another connection is to be tried by itself. */
export function triesAgain({ refusal, tokenFailed }: SessionState): boolean {
  return refusal === null || tokenFailed;
}
