import type { ErrorCode } from '../../protocol/errors.ts';
import type { Config } from '../config.ts';
import type { Admission, Edge, Peer, Received } from '../ports/edge.ts';
import { Counters } from './counters.ts';
import { Guard, type GuardedVisit, type GuardLimits, MAX_BYTES_BEFORE_SIGN_IN, type VisitingLink } from './guard.ts';
import { originRules } from './origin.ts';
import { readPeers } from './peer.ts';
import { type RefusalLine, RefusalLog } from './refusal-log.ts';

/** How often links that have not signed in are looked at, ms. */
const SWEEP_INTERVAL_MS = 1_000;

export type EdgeConfig = GuardLimits & Pick<Config, 'host' | 'socket' | 'origins' | 'trustedProxies' | 'maxFrameBytes'>;

export interface EdgeParts {
  /** Whether the server asks for no token. */
  readonly open: boolean;
  /** A clock, ms, that is never set back. */
  readonly now: () => number;
  /** Writes refusals to the log; `inAll` counts those of the code since the start. */
  readonly onRefusals: (line: RefusalLine & { readonly inAll: number }) => void;
}

/** The edge with what transports ask of it. */
export interface OpenedEdge extends Edge {
  /** The largest message of a link that has not signed in, bytes. */
  readonly maxFirstFrameBytes: number;
  /** The link of an upgrade that was admitted is open. */
  visit(received: Received, link: VisitingLink): GuardedVisit;
  close(): void;
}

type Kind = Parameters<Edge['admit']>[1];

/**
 * Opens the edge: who knocks, whether they may come in, and how often. Throws a `ConfigError` for
 * origins or proxies that cannot be read.
 */
export function openEdge(config: EdgeConfig, { open, now, onRefusals }: EdgeParts): OpenedEdge {
  const peers = readPeers(config.trustedProxies, config.socket !== '');
  const rules = originRules({ open, listenAddress: config.host, origins: config.origins });
  const counters = new Counters();
  const log = new RefusalLog((line) => onRefusals({ ...line, inAll: counters.read(line.code) }));
  const refused = (code: ErrorCode, address: string): void => {
    counters.add(code);
    log.refused(code, address, now());
  };
  const guard = new Guard(config, { asksForTokens: !open, isShared: peers.isShared, now, onRefusal: refused });
  const sweep = setInterval(() => guard.sweep(), SWEEP_INTERVAL_MS);

  const refusalOf = (peer: Peer, { origin }: Received['headers'], kind: Kind): Admission['refusal'] => {
    if (!rules.hostAllowed(peer.host)) return 'host-refused';
    if (kind !== 'public-file' && !rules.originAllowed(origin?.toString(), peer)) return 'origin-refused';
    return kind === 'upgrade' ? guard.admit(peer.address) : null;
  };

  return {
    origins: rules.origins,
    admit(received, kind) {
      const peer = peers.peerOf(received);
      const refusal = refusalOf(peer, received.headers, kind);
      if (refusal !== null && kind === 'upgrade') refused(refusal, peer.address);
      return { peer, refusal };
    },
    countRequest: (address, identity) => guard.request(address, identity),
    requestsLeft: (address, identity) => guard.requestsLeft(address, identity),
    countBadToken: (address) => guard.badToken(address),
    refused,
    maxFirstFrameBytes: open ? config.maxFrameBytes : Math.min(config.maxFrameBytes, MAX_BYTES_BEFORE_SIGN_IN),
    visit: (received, link) => guard.visit(peers.peerOf(received).address, link),
    close: () => clearInterval(sweep),
  };
}
