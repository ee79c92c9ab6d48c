import type { ErrorCode } from '../../protocol/errors.ts';
import type { Identity } from '../../protocol/identity.ts';
import type { Config } from '../config.ts';
import { LIMITS } from '../limits/limits.ts';
import { networkOf } from '../limits/network.ts';
import { Pace } from '../limits/pace.ts';
import { Rates } from '../limits/rates.ts';
import { Tally } from '../limits/tally.ts';
import type { RequestsLeft } from '../ports/edge.ts';
import type { Visit } from '../ports/visit.ts';

/** Who asks, as far as that is known. */
type Asker = Pick<Identity, 'sub' | 'verified'> | null;

/** What a link that has not signed in may have sent, bytes: more than a provider's first messages, of which the lobby holds 5 MiB. */
export const MAX_BYTES_BEFORE_SIGN_IN = 6 * 1024 * 1024;

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
  /** Called for the refusals of links that are open. */
  readonly onRefusal: (code: ErrorCode, address: string) => void;
}

/** A link as the guard sees it. */
export interface VisitingLink {
  /** Closes it with the code's close code. */
  close(code: ErrorCode): void;
  /** What has been read of it so far, bytes. */
  bytesRead(): number;
  /** It has signed in: its messages may be as long as those of anybody. */
  trust(): void;
}

/** A link's stay, from its upgrade until it ends. */
export interface GuardedVisit extends Visit {
  left(): void;
}

/** A link that has not signed in. */
interface Waiting {
  readonly link: VisitingLink;
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
  #links = 0;

  constructor(limits: GuardLimits, parts: GuardParts) {
    this.#limits = limits;
    this.#parts = parts;
    this.#byAddress = new Tally(limits.maxConnectionsPerAddress);
    this.#byUser = new Tally(limits.maxConnectionsPerUser);
    this.#unauthenticated = new Tally(limits.maxUnauthenticated);
    this.#requests = new Rates(limits.maxRequestsPerMinute);
    this.#badTokens = new Rates(limits.maxBadTokensPerMinute);
  }

  /** Whether a link from this address may be opened; the code of the refusal otherwise. */
  admit(address: string): 'server-full' | 'too-many-connections' | null {
    const { maxConnections } = this.#limits;
    if (maxConnections > 0 && this.#links >= maxConnections) return LIMITS.connections.code;
    if (this.#parts.isShared(address)) return null;
    const network = networkOf(address);
    if (this.#byAddress.isFull(network)) return LIMITS.connectionsPerAddress.code;
    if (this.#unauthenticated.isFull(network)) return LIMITS.unauthenticatedPerAddress.code;
    return null;
  }

  /** A link that was admitted is open. */
  visit(address: string, link: VisitingLink): GuardedVisit {
    const { asksForTokens, isShared, now } = this.#parts;
    const network = isShared(address) ? null : networkOf(address);
    let sub: string | null = null;
    this.#links++;
    if (network !== null) this.#byAddress.add(network);
    const waiting = { link, address, network, since: now() };
    if (asksForTokens) {
      this.#waiting.add(waiting);
      if (network !== null) this.#unauthenticated.add(network);
    }
    return {
      address,
      pace: new Pace(this.#limits, now()),
      signedIn: (identity) => {
        this.#waitsNoMore(waiting);
        if (sub !== null || !identity.verified) return null;
        if (this.#byUser.isFull(identity.sub)) return LIMITS.connectionsPerUser.code;
        sub = identity.sub;
        this.#byUser.add(sub);
        link.trust();
        return null;
      },
      badToken: () => this.badToken(address),
      refused: (code) => this.#parts.onRefusal(code, address),
      left: () => {
        this.#waitsNoMore(waiting);
        this.#links--;
        if (network !== null) this.#byAddress.remove(network);
        if (sub !== null) this.#byUser.remove(sub);
      },
    };
  }

  /** Counts an HTTP request: without an identity for its address, with one for that alone. A code when that is too many. */
  request(address: string, identity: Asker): ErrorCode | null {
    const key = this.#requestKey(address, identity);
    return key === null || this.#requests.take(key, this.#parts.now()) ? null : LIMITS.requests.code;
  }

  /** What is left of what `request` counts against; `null` where it counts nothing. */
  requestsLeft(address: string, identity: Asker): RequestsLeft | null {
    const key = this.#requestKey(address, identity);
    if (key === null) return null;
    const left = this.#requests.left(key, this.#parts.now());
    return { by: identity === null ? 'address' : 'user', perMinute: this.#limits.maxRequestsPerMinute, left };
  }

  #requestKey(address: string, identity: Asker): string | null {
    if (identity === null ? this.#parts.isShared(address) : !identity.verified) return null;
    return identity === null ? `address ${networkOf(address)}` : `user ${identity.sub}`;
  }

  /** Counts a try with a token that is not valid. A code when that is too many. */
  badToken(address: string): ErrorCode | null {
    return this.#badTokens.take(networkOf(address), this.#parts.now()) ? null : LIMITS.badTokens.code;
  }

  /** Closes links that have not signed in in time, or sent much before they did. To be called about once a second. */
  sweep(): void {
    const now = this.#parts.now();
    for (const waiting of this.#waiting) {
      const { link, address, since } = waiting;
      if (now - since < this.#limits.authenticationTimeoutMs && link.bytesRead() <= MAX_BYTES_BEFORE_SIGN_IN) continue;
      this.#waitsNoMore(waiting);
      this.#parts.onRefusal(LIMITS.authenticationTime.code, address);
      link.close(LIMITS.authenticationTime.code);
    }
  }

  #waitsNoMore(waiting: Waiting): void {
    if (this.#waiting.delete(waiting) && waiting.network !== null) this.#unauthenticated.remove(waiting.network);
  }
}
