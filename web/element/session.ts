import { HocuspocusProvider, HocuspocusProviderWebsocket } from '@hocuspocus/provider';
import { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { parseRoleMessage, type RoleMessage } from '../../protocol/messages.ts';
import { may } from '../../protocol/permissions.ts';
import type { Role } from '../../protocol/role.ts';
import { AckLedger } from './ack-ledger.ts';
import { type Person, peopleIn } from './people.ts';
import { isTokenTrouble, type Refusal, refusalOf, type Status, statusOf } from './status.ts';

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

/** Close code of a connection that is given up to be made anew. */
const RESET = 4205;

/** One document, shared with a server for as long as the session is open. Knows nothing of editors. */
export class Session {
  readonly document = new Y.Doc();
  readonly awareness = new Awareness(this.document);
  readonly #options: SessionOptions;
  readonly #ledger = new AckLedger();
  readonly #socket: HocuspocusProviderWebsocket;
  readonly #provider: HocuspocusProvider;
  #refusal: Refusal | null = null;
  #role: Role | null = null;
  #expired = false;
  #outdated = false;
  #tokenFailed = false;
  #foreignContent = false;
  #connected = false;
  #everSynced = false;
  #failures = 0;
  #closed = false;

  constructor(options: SessionOptions) {
    this.#options = options;
    // Registered before the provider's own listener: the ledger must know of an edit before its frame is sent.
    this.document.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== this.#provider) this.#ledger.edited(update);
      options.onStatus();
    });
    this.setUser(options.user);
    this.#socket = new HocuspocusProviderWebsocket({
      url: options.url,
      WebSocketPolyfill: watchedSocket(this.#ledger, () => options.onStatus()),
      delay: RETRY.first,
      minDelay: RETRY.first / 2,
      maxDelay: RETRY.longest,
      onOpen: () => this.#opened(),
      onClose: ({ event }) => this.#lost(event.code),
    });
    this.#provider = new HocuspocusProvider({
      websocketProvider: this.#socket,
      name: options.documentName,
      document: this.document,
      awareness: this.awareness,
      token: () => this.#token(),
      onAuthenticated: () => this.#admitted(),
      onAuthenticationFailed: ({ reason }) => this.#notAdmitted(reason),
      onStateless: ({ payload }) => this.#told(payload),
      onSynced: () => this.#synced(),
      onAwarenessChange: () => options.onPeople(),
    });
    this.#provider.attach();
  }

  get status(): Status {
    return statusOf({
      refusal: this.#refusal ?? (this.#expired ? 'sign-in' : this.#ledger.refused ? 'rejected' : null),
      foreignContent: this.#foreignContent || this.#outdated,
      connected: this.#connected,
      authenticated: this.#provider.isAuthenticated,
      synced: this.#provider.isSynced,
      everSynced: this.#everSynced,
      settled: this.#ledger.settled,
      waiting: this.#ledger.waiting,
      failures: this.#failures,
    });
  }

  /** The server's state arrived at least once. */
  get everSynced(): boolean {
    return this.#everSynced;
  }

  /** What this user may do, as the server said last; `null` while it has not, as an open server never does. */
  get role(): Role | null {
    return this.#role;
  }

  /** The server said that this user may only read. */
  get readOnly(): boolean {
    return this.#role === null ? this.#provider.authorizedScope === 'readonly' : !may(this.#role, 'document.edit');
  }

  /** The server has content of a later version here: an editor must not be bound to it. */
  get outdated(): boolean {
    return this.#outdated;
  }

  /** The edits of this tab that the server has not taken. */
  get unacknowledged(): readonly Uint8Array[] {
    return this.#ledger.unacknowledged;
  }

  get people(): Person[] {
    return peopleIn(this.awareness.getStates(), this.document.clientID);
  }

  setUser(user: PresenceUser): void {
    this.awareness.setLocalStateField('user', user);
  }

  /** The document holds what the editor's schema lacks; it stays so for the life of the session. */
  foundForeignContent(): void {
    this.#foreignContent = true;
    this.#options.onStatus();
  }

  /** Tries at once, also after a refusal: a new socket asks for the token again. */
  reconnect(): void {
    if (this.#closed) return;
    this.#refusal = null;
    if (this.#connected) this.#socket.webSocket?.close(RESET, 'reconnect');
    else void this.#socket.connect();
    this.#options.onStatus();
  }

  /** Tries at once if the session waits between two attempts. */
  hurry(): void {
    if (!this.#closed && !this.#connected && this.#refusal === null && this.#failures > 0) void this.#socket.connect();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#provider.destroy();
    this.#socket.destroy();
    this.document.destroy();
  }

  #opened(): void {
    this.#connected = true;
    this.#options.onStatus();
  }

  #synced(): void {
    this.#everSynced = true;
    this.#failures = 0;
    this.#socket.setConfiguration({ delay: RETRY.first, url: this.#options.url });
    this.#options.onStatus();
    this.#options.onSynced();
  }

  async #token(): Promise<string> {
    const renewal = this.#provider.isAuthenticated;
    try {
      return await this.#options.token();
    } catch (error) {
      this.#options.onTokenError(error);
      if (saysNo(error)) {
        this.#refuse('removed');
        this.#socket.webSocket?.close(1000);
        return new Promise(() => {});
      }
      this.#tokenFailed = !renewal;
      if (!renewal) throw error;
      // No answer: what the session holds is good until it runs out, and the server asks again.
      return new Promise(() => {});
    }
  }

  #admitted(): void {
    this.#tokenFailed = false;
    if (this.#refusal === 'sign-in' || this.#refusal === 'removed') this.#refusal = null;
    this.#options.onStatus();
  }

  #notAdmitted(reason: string): void {
    // What Hocuspocus says when the token is good and gives no role here.
    this.#refuse(reason === 'permission-denied' ? 'removed' : 'sign-in');
    // Whoever makes the tokens may be back in a moment: this connection waits for nothing.
    if (this.#tokenFailed) this.#socket.webSocket?.close(RESET, 'no token');
  }

  #told(payload: string): void {
    const message = parseRoleMessage(payload);
    if (message === null || this.#closed) return;
    const closedToEdits = this.readOnly || this.#expired;
    this.#expired = message.reason === 'expired';
    this.#outdated ||= message.reason === 'update-required';
    // While a token has run out, the person goes on writing: their edits wait here for the next one.
    if (!this.#expired) this.#role = message.role;
    // What was refused meanwhile goes with the next handshake.
    if (closedToEdits && !this.readOnly && !this.#expired && this.#ledger.refused) this.reconnect();
    this.#options.onStatus();
    this.#options.onRole(message);
  }

  #lost(code: number): void {
    if (this.#closed) return;
    this.#connected = false;
    this.#expired = false;
    this.#ledger.reset();
    const refusal = refusalOf(code);
    // A token that ran out while the machine slept: the next connection asks for another, and is refused if there is none.
    const renewable = isTokenTrouble(code) && this.#provider.isSynced;
    if (refusal !== null && !renewable) this.#refuse(refusal);
    // A refusal to authenticate that ends in "try again later" was the server's trouble, not the token's.
    else if ((this.#refusal === 'sign-in' || this.#refusal === 'removed') && ![1000, 1005, 1006, RESET].includes(code))
      this.#refusal = null;
    if (!this.#provider.isSynced) this.#failures += 1;
    // The provider waits `delay` before it tries again: spread out, and longer each time it fails. Whole milliseconds
    // at or above `minDelay`: given anything else its retry library gives up without a word.
    const spread = 0.5 + Math.random() / 2;
    const delay = Math.round(Math.min(RETRY.longest, RETRY.first * 2 ** Math.min(this.#failures, 5)) * spread);
    this.#socket.setConfiguration({ delay, url: this.#options.url });
    this.#socket.shouldConnect = this.#refusal === null || this.#tokenFailed;
    this.#options.onStatus();
  }

  #refuse(refusal: Refusal): void {
    this.#refusal = refusal;
    this.#options.onStatus();
  }
}

/** Whether whoever makes the tokens says that this user may not come in any more, rather than that it failed. */
function saysNo(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'forbidden' || error.code === 'share-link-gone');
}

/** A WebSocket whose frames the ledger sees: the provider offers no hook at the socket itself. */
function watchedSocket(ledger: AckLedger, onAck: () => void): typeof WebSocket {
  return class extends WebSocket {
    constructor(url: string | URL) {
      super(url);
      ledger.reset();
      this.addEventListener('message', (event) => {
        ledger.received(new Uint8Array(event.data as ArrayBuffer));
        queueMicrotask(onAck);
      });
    }

    override send(data: Uint8Array<ArrayBuffer>): void {
      super.send(data);
      ledger.sent(data);
    }
  };
}
