import type { RoomMember } from './room-member.ts';

/** The origin of a transaction that applies what a member sent. */
export class FromMember {
  readonly member: RoomMember;
  /** The update may complete what somebody else's was parked for, so its author is sent the result as well. */
  readonly echoes: boolean;

  constructor(member: RoomMember, echoes: boolean) {
    this.member = member;
    this.echoes = echoes;
  }
}

/** The origin of a transaction of the server's own, such as an edit over HTTP. */
export class FromServer {
  /** Who the log names; `null` when unknown. */
  readonly author: string | null;

  constructor(author: string | null) {
    this.author = author;
  }
}

/** The origin of what is in the log already: what was loaded, or committed by somebody else. */
export const FROM_LOG = Symbol('from the log');

/** The origin of what everybody has been sent, and the log has, before it was applied. */
export const RELAYED = Symbol('relayed');

/** The origin of what completes something that was parked: the log has both, or will, and nobody was sent what was parked. */
export const COMPLETED = Symbol('completed');
