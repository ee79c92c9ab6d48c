import type { ErrorCode } from '../../protocol/errors.ts';
import type { Identity } from '../../protocol/identity.ts';

/** Who a request comes from and how, once the proxies that are trusted were looked through. */
export interface Peer {
  /** The client's IP address; that of the nearest party that is not a trusted proxy. '' when the socket is gone. */
  readonly address: string;
  /** The `Host` that the client asked for. */
  readonly host: string | undefined;
  /** Whether the client is known to have come by TLS. */
  readonly secure: boolean;
}

/** What is read of a request: Node's `IncomingMessage` has it. */
export interface Received {
  readonly socket: { readonly remoteAddress?: string | undefined; readonly encrypted?: boolean };
  readonly headers: { readonly host?: string | undefined; readonly [name: string]: string | string[] | undefined };
}

/** Who knocks, and why they are sent away: `null` when they may come in. */
export interface Admission {
  readonly peer: Peer;
  readonly refusal: 'host-refused' | 'origin-refused' | 'server-full' | 'too-many-connections' | null;
}

/** How many requests somebody may make. */
export interface RequestsLeft {
  readonly by: 'address' | 'user';
  /** All at once if need be, and so many in each minute after that. */
  readonly perMinute: number;
  readonly left: number;
}

/** Whom the server answers, as the HTTP part asks it. */
export interface Edge {
  /** Origins that may use this server beside its own; they may frame `/embed`. */
  readonly origins: readonly string[];
  /**
   * Asks the rules of hosts and origins. A `public-file` may be loaded by any page: it is asked for its host
   * alone. An `upgrade` is also asked whether there is room for one more link. A refused upgrade is reported
   * at once, other refusals by what answers them.
   */
  admit(received: Received, kind: 'request' | 'public-file' | 'upgrade'): Admission;
  /**
   * Counts a request; a code when that is too many. Called first with `null`, which counts for the
   * address, and once the token is known with its identity, which counts for that alone.
   */
  countRequest(address: string, identity: Pick<Identity, 'sub' | 'verified'> | null): ErrorCode | null;
  /** What is left of that which `countRequest` counts against; `null` where it counts nothing. */
  requestsLeft(address: string, identity: Pick<Identity, 'sub' | 'verified'> | null): RequestsLeft | null;
  /** Counts a try with a token or a share link's secret that is not valid. A code when that is too many. */
  countBadToken(address: string): ErrorCode | null;
  /** Somebody at this address met a refusal: it is counted, and written to the log. */
  refused(code: ErrorCode, address: string): void;
}
