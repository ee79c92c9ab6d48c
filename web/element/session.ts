import { HocuspocusProvider } from '@hocuspocus/provider';
import * as encoding from 'lib0/encoding';
import { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { FrameType, SyncType } from '../../protocol/frames.ts';
import { parseRoleMessage, type RoleMessage } from '../../protocol/messages.ts';
import { may } from '../../protocol/permissions.ts';
import type { Role } from '../../protocol/role.ts';
import { AckLedger } from './ack-ledger.ts';
import { Line } from './line.ts';
import { type Person, peopleIn } from './people/people.ts';
import { INITIAL, isAdmitted, isConnected, next, RESET, type SessionEvent, type SessionState, triesAgain } from './session-state.ts';
import type { Debt } from './silence.ts';
import { type Status, statusOf } from './status.ts';
import type { Transport } from './transports.ts';

/** What presence says of this tab's user. */
export interface PresenceUser {
  readonly id: string;
  readonly name: string;
  readonly color: string;
  /** The colour of selections: `color` at 20 %. */
  readonly colorLight: string;
}

export interface SessionOptions {
  /** The document's WebSocket address. */
  readonly url: string;
  readonly documentName: string;
  /**
   * Asked for on every connection, and when the server wants another token. A rejection reads as
   * "Sign in again" and is asked again with the next attempt; one with the `code` `forbidden` or
   * `share-link-gone` is the end.
   */
  readonly token: () => Promise<string>;
  readonly user: PresenceUser;
  /** The status may have changed. */
  readonly onStatus: () => void;
  /** The server's state has arrived; called on every connection. */
  readonly onSynced: () => void;
  readonly onPeople: () => void;
  /** The server said what this user may do. */
  readonly onRole: (message: RoleMessage) => void;
  /** `token` failed. */
  readonly onTokenError: (error: unknown) => void;
}

/** Milliseconds before the first attempt after a loss, and the longest wait between two. */
const RETRY = { first: 1000, longest: 15_000 } as const;

/** One document, shared with a server for as long as the session is open. Knows nothing of editors. */
export class Session {
  readonly document = new Y.Doc();
  readonly awareness = new Awareness(this.document);
  readonly #options: SessionOptions;
  readonly #ledger = new AckLedger();
  readonly #line: Line;
  readonly #provider: HocuspocusProvider;
  #state: SessionState = INITIAL;
  /** The last token that was asked for, until there is an answer. */
  #asked: symbol | null = null;

  constructor(options: SessionOptions) {
    this.#options = options;
    // Registered before the provider's own listener: the ledger must know of an edit before its frame is sent.
    this.document.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== this.#provider) this.#ledger.edited(update);
      options.onStatus();
    });
    this.setUser(options.user);
    this.#line = new Line({
      url: options.url,
      onOpen: () => this.#opened(),
      onLost: (code) => this.#lost(code),
      onFailed: (code) => this.#missed(code),
      onSilent: () => this.#heard({ type: 'silent' }),
      onAnswer: () => this.#heard({ type: 'answered' }),
      onSent: (frame) => this.#ledger.sent(frame),
      onReceived: (frame) => {
        this.#ledger.received(frame);
        queueMicrotask(() => options.onStatus());
      },
      debt: () => this.#debt,
      question: () => this.#question(),
      backoffMs: () => this.#backoffMs(),
    });
    this.#provider = new HocuspocusProvider({
      websocketProvider: this.#line.socket,
      name: options.documentName,
      document: this.document,
      awareness: this.awareness,
      token: () => this.#token(),
      onAuthenticated: () => this.#heard({ type: 'admitted' }),
      onAuthenticationFailed: ({ reason }) => this.#notAdmitted(reason),
      onStateless: ({ payload }) => this.#told(payload),
      onSynced: () => this.#synced(),
      onAwarenessChange: () => options.onPeople(),
    });
    this.#provider.attach();
    this.#line.dial(0);
  }

  get status(): Status {
    const { refusal, expired, foreignContent, outdated, everSynced, failures, phase, silent } = this.#state;
    return statusOf({
      refusal: refusal ?? (expired ? 'sign-in' : this.#ledger.refused ? 'rejected' : null),
      foreignContent: foreignContent || outdated,
      connected: isConnected(this.#state),
      silent,
      authenticated: isAdmitted(this.#state),
      synced: phase === 'synced',
      everSynced,
      settled: this.#ledger.settled,
      waiting: this.#ledger.waiting,
      failures,
    });
  }

  /** The server's state arrived at least once. */
  get everSynced(): boolean {
    return this.#state.everSynced;
  }

  /** What this user may do, as the server said last; `null` while it has not, as an open server never does. */
  get role(): Role | null {
    return this.#state.role;
  }

  /** The server said that this user may only read. */
  get readOnly(): boolean {
    const { role } = this.#state;
    return role === null ? this.#provider.authorizedScope === 'readonly' : !may(role, 'document.edit');
  }

  /** The server has content of a later version here: an editor must not be bound to it. */
  get outdated(): boolean {
    return this.#state.outdated;
  }

  /** The edits of this tab that the server has not taken. */
  get unacknowledged(): readonly Uint8Array[] {
    return this.#ledger.unacknowledged;
  }

  /** How the server is reached; `null` while it is not. */
  get transport(): Transport | null {
    return this.#line.transport;
  }

  get people(): Person[] {
    return peopleIn(this.awareness.getStates(), this.document.clientID);
  }

  setUser(user: PresenceUser): void {
    this.awareness.setLocalStateField('user', user);
  }

  /** The document holds what the editor's schema lacks; it stays so for the life of the session. */
  foundForeignContent(): void {
    this.#heard({ type: 'foreign' });
  }

  /** Tries at once, also after a refusal: a new connection asks for the token again. */
  reconnect(): void {
    if (this.#state.phase === 'closed') return;
    this.#heard({ type: 'retried' });
    this.#line.drop('reconnect');
    this.#line.dial(0);
    this.#line.hurry();
  }

  /** The network may be back: waits no longer before it tries, or asks. */
  hurry(): void {
    this.#line.hurry();
  }

  close(): void {
    if (this.#state.phase === 'closed') return;
    this.#state = next(this.#state, { type: 'closed' });
    this.#provider.destroy();
    this.#line.destroy();
    this.document.destroy();
  }

  /** Something happened: the state it leads to, and whoever shows it. */
  #heard(event: SessionEvent): void {
    this.#state = next(this.#state, event);
    this.#options.onStatus();
  }

  #opened(): void {
    this.#ledger.reset();
    this.#heard({ type: 'opened' });
  }

  #synced(): void {
    this.#heard({ type: 'synced' });
    this.#options.onSynced();
  }

  /** What the server owes; until it has the token, it was asked for nothing. */
  get #debt(): Debt | null {
    const { phase, failures } = this.#state;
    const { owed } = this.#ledger;
    if (phase === 'synced') return owed > 0 ? { what: 'answer', bytes: owed } : { what: 'nothing' };
    return phase === 'waiting' || phase === 'closed' || this.#asked !== null ? null : { what: 'document', failures };
  }

  /** Asks for what this tab lacks, which every server answers, whatever became of its database. As a reply, lest it asks in return. */
  #question(): Uint8Array<ArrayBuffer> {
    return encoding.encode((encoder) => {
      encoding.writeVarString(encoder, this.#options.documentName);
      encoding.writeVarUint(encoder, FrameType.SyncReply);
      encoding.writeVarUint(encoder, SyncType.Step1);
      encoding.writeVarUint8Array(encoder, Y.encodeStateVector(this.document));
    });
  }

  async #token(): Promise<string> {
    // Asked for in the middle of a session it is the next one.
    const renewal = isAdmitted(this.#state);
    const asked = Symbol('token');
    this.#asked = asked;
    try {
      return await this.#options.token();
    } catch (error) {
      this.#options.onTokenError(error);
      if (saysNo(error)) {
        this.#heard({ type: 'barred' });
        this.#line.close(1000);
        return new Promise(() => {});
      }
      this.#heard({ type: 'tokenless' });
      if (!renewal) throw error;
      // No answer: what the session holds is good until it runs out, and the server asks again.
      return new Promise(() => {});
    } finally {
      if (this.#asked === asked) this.#asked = null;
    }
  }

  #notAdmitted(reason: string): void {
    this.#heard({ type: 'denied', reason });
    // Whoever makes the tokens may be back in a moment: this connection waits for nothing.
    if (this.#state.tokenFailed) this.#line.close(RESET, 'no token');
  }

  #told(payload: string): void {
    const message = parseRoleMessage(payload);
    if (message === null || this.#state.phase === 'closed') return;
    const closedToEdits = this.readOnly || this.#state.expired;
    this.#heard({ type: 'told', message });
    // What was refused meanwhile goes with the next handshake.
    if (closedToEdits && !this.readOnly && !this.#state.expired && this.#ledger.refused) this.reconnect();
    this.#options.onRole(message);
  }

  #missed(code: number | null): void {
    this.#heard({ type: 'missed', code });
    if (!triesAgain(this.#state)) this.#line.rest();
  }

  #lost(code: number): void {
    if (this.#state.phase === 'closed') return;
    this.#ledger.reset();
    this.#state = next(this.#state, { type: 'lost', code });
    if (triesAgain(this.#state)) this.#line.dial(this.#backoffMs());
    this.#options.onStatus();
  }

  /** Milliseconds before the next attempt: longer each time one fails, and spread, since a server that restarts has lost everybody. */
  #backoffMs(): number {
    const spread = 0.5 + Math.random() / 2;
    return Math.min(RETRY.longest, RETRY.first * 2 ** Math.min(this.#state.failures, 5)) * spread;
  }
}

/** Whether whoever makes the tokens says that this user may not come in any more, rather than that it failed. */
function saysNo(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'forbidden' || error.code === 'share-link-gone');
}
