import { type ErrorCode, InkwireError } from '../../protocol/errors.ts';
import type { Config } from '../config.ts';
import { LIMITS } from './limits.ts';
import { networkOf } from './network.ts';
import { Pace } from './pace.ts';
import { Rates } from './rates.ts';
import { Tally } from './tally.ts';

/** What a socket that has not signed in may have sent, bytes: more than a provider's first messages, of which the lobby holds 5 MiB. */
export const MOST_BYTES_BEFORE_SIGN_IN = 6 * 1024 * 1024;

export type GuardLimits = Pick<
  Config,
  | 'maxConnections'
  | 'maxConnectionsPerAddress'
  | 'maxConnectionsPerUser'
  | 'maxUnauthenticated'
  | 'authenticationTimeoutMs'
  | 'maxMessagesPerMinute'
  | 'maxBytesPerMinute'
  | 'maxRequestsPerMinute'
  | 'maxBadTokensPerMinute'
>;

/** What the guard is given. */
export interface GuardParts {
  /** Whether tokens are asked for: a guest of an open server neither signs in nor is anybody in particular. */
  readonly asksForTokens: boolean;
  /** Whether an address stands for people who cannot be told apart by it, so that it counts for nobody. */
  readonly isShared: (address: string) => boolean;
  /** A clock, ms, that is never set back. */
  readonly now: () => number;
  /** Called for every refusal that a socket meets. */
  readonly onRefusal: (code: ErrorCode, address: string) => void;
}

/** Who was checked, as far as limits are concerned. */
export interface Visitor {
  readonly sub: string;
  readonly verified: boolean;
}

/** A socket as the guard sees it. */
export interface GuardedSocket {
  /** Closes it with the code's close code. */
  close(code: ErrorCode): void;
  /** What has been read of it so far, bytes. */
  bytesRead(): number;
  /** It has signed in: its messages may be as long as those of anybody. */
  trust(): void;
}

/** A socket's stay, from its upgrade until it is closed. */
export interface Visit {
  /** What it may send. */
  readonly pace: Pace;
  /** A token of it was good. A code when its user has too many sockets; it is to be closed then. */
  signedIn(visitor: Visitor): ErrorCode | null;
  /** A token of it was not valid. A code when its address has tried too many; it is to be closed then. */
  badToken(): ErrorCode | null;
  /** It met a refusal. */
  refused(code: ErrorCode): void;
  left(): void;
}

/** A socket that has not signed in. */
interface Waiting {
  readonly socket: GuardedSocket;
  readonly address: string;
  /** What it is counted under; `null` when it is not. */
  readonly network: string | null;
  readonly since: number;
}

/**
 * Holds the limits of `limits.ts` that concern who comes in and how often: it counts, and says which
 * refusal it is. Nothing of it runs for a single message.
 *
 * A good token is never refused for what others at its address do: an office is one address. So tries
 * with bad tokens cost only those that have one, whom a signature of 256 bits keeps from guessing anyway.
 */
export class Guard {
  readonly #limits: GuardLimits;
  readonly #parts: GuardParts;
  readonly #byAddress: Tally;
  readonly #byUser: Tally;
  readonly #unauthenticated: Tally;
  readonly #requests: Rates;
  readonly #badTokens: Rates;
  readonly #waiting = new Set<Waiting>();
  #sockets = 0;

  constructor(limits: GuardLimits, parts: GuardParts) {
    this.#limits = limits;
    this.#parts = parts;
    this.#byAddress = new Tally(limits.maxConnectionsPerAddress);
    this.#byUser = new Tally(limits.maxConnectionsPerUser);
    this.#unauthenticated = new Tally(limits.maxUnauthenticated);
    this.#requests = new Rates(limits.maxRequestsPerMinute);
    this.#badTokens = new Rates(limits.maxBadTokensPerMinute);
  }

  /** Whether a socket from this address may be opened; the code of the refusal otherwise. */
  admit(address: string): ErrorCode | null {
    const { maxConnections } = this.#limits;
    if (maxConnections > 0 && this.#sockets >= maxConnections) return this.#refuse(LIMITS.connections.code, address);
    if (this.#parts.isShared(address)) return null;
    const network = networkOf(address);
    if (this.#byAddress.isFull(network)) return this.#refuse(LIMITS.connectionsPerAddress.code, address);
    if (this.#unauthenticated.isFull(network)) return this.#refuse(LIMITS.unauthenticatedPerAddress.code, address);
    return null;
  }

  /** A socket that was admitted is open. */
  visit(address: string, socket: GuardedSocket): Visit {
    const { asksForTokens, isShared, now } = this.#parts;
    const network = isShared(address) ? null : networkOf(address);
    let sub: string | null = null;
    this.#sockets++;
    if (network !== null) this.#byAddress.add(network);
    const waiting = { socket, address, network, since: now() };
    if (asksForTokens) {
      this.#waiting.add(waiting);
      if (network !== null) this.#unauthenticated.add(network);
    }
    return {
      pace: new Pace(this.#limits, now()),
      signedIn: (visitor) => {
        this.#waitsNoMore(waiting);
        if (sub !== null || !visitor.verified) return null;
        if (this.#byUser.isFull(visitor.sub)) return LIMITS.connectionsPerUser.code;
        sub = visitor.sub;
        this.#byUser.add(sub);
        socket.trust();
        return null;
      },
      badToken: () => this.badToken(address),
      refused: (code) => this.#parts.onRefusal(code, address),
      left: () => {
        this.#waitsNoMore(waiting);
        this.#sockets--;
        if (network !== null) this.#byAddress.remove(network);
        if (sub !== null) this.#byUser.remove(sub);
      },
    };
  }

  /** Counts an HTTP request: without a visitor for its address, with one for that alone. A refusal when that is too many. */
  request(address: string, visitor: Visitor | null): InkwireError | null {
    if (visitor === null ? this.#parts.isShared(address) : !visitor.verified) return null;
    const key = visitor === null ? `address ${networkOf(address)}` : `user ${visitor.sub}`;
    return this.#requests.take(key, this.#parts.now()) ? null : new InkwireError(LIMITS.requests.code);
  }

  /** Counts a try with a token that is not valid. A code when that is too many. */
  badToken(address: string): ErrorCode | null {
    return this.#badTokens.take(networkOf(address), this.#parts.now()) ? null : LIMITS.badTokens.code;
  }

  /** Closes sockets that have not signed in in time, or sent much before they did. To be called about once a second. */
  sweep(): void {
    const now = this.#parts.now();
    for (const waiting of this.#waiting) {
      const { socket, address, since } = waiting;
      if (now - since < this.#limits.authenticationTimeoutMs && socket.bytesRead() <= MOST_BYTES_BEFORE_SIGN_IN) continue;
      this.#waitsNoMore(waiting);
      socket.close(this.#refuse(LIMITS.authenticationTime.code, address));
    }
  }

  #waitsNoMore(waiting: Waiting): void {
    if (this.#waiting.delete(waiting) && waiting.network !== null) this.#unauthenticated.remove(waiting.network);
  }

  #refuse(code: ErrorCode, address: string): ErrorCode {
    this.#parts.onRefusal(code, address);
    return code;
  }
}
