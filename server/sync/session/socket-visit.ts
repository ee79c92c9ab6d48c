import type { ErrorCode } from '../../../protocol/errors.ts';
import type { Identity } from '../../../protocol/identity.ts';
import type { Pace } from './inbox.ts';

/** What the limits have to say of one socket; a code closes it. */
export interface SocketVisit {
  readonly pace: Pace;
  /** A token was good. */
  signedIn(identity: Identity): ErrorCode | null;
  /** A token was not valid. */
  badToken(): ErrorCode | null;
  /** It met a refusal, for whatever reason. */
  refused(code: ErrorCode): void;
}
