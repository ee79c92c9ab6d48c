import type { ErrorCode } from '../../protocol/errors.ts';
import type { Identity } from '../../protocol/identity.ts';

/** What a connection may send in the long run. */
export interface Pace {
  /**
   * Counts what was handled since the last time, of which there may have been nothing: messages, bytes,
   * and the time in ms of one clock. Says whether more may be handled, must wait, or never will.
   */
  charge(messages: number, bytes: number, now: number): 'go' | 'wait' | 'stop';
}

/** What the limits have to say of one link's pace, its tokens and its refusals, from its upgrade until it ends; a code closes the link. */
export interface Visit {
  readonly pace: Pace;
  /** The client's address, as limits count it. */
  readonly address: string;
  /** A token was good. */
  signedIn(identity: Pick<Identity, 'sub' | 'verified'>): ErrorCode | null;
  /** A token was not valid. */
  badToken(): ErrorCode | null;
  /** It met a refusal, for whatever reason. */
  refused(code: ErrorCode): void;
}
