import type { Member } from './member.ts';
import type { Room } from './room.ts';
import type { SharedDoc } from './room-parts.ts';

/**
 * What extensions add to the way of a document and of its members. One that no extension defines is
 * missing, and costs nothing. None of them may throw where it returns nothing: a host logs what fails.
 */
export interface Hooks {
  /** Makes the document of a room that is being opened, by whom if it is a client. A plain one without. */
  readonly document?: ((name: string, opener: Member | null) => Promise<SharedDoc>) | undefined;
  /** Writes the first content into the document of a name that the log does not know. A rejection refuses the opener. */
  readonly load?: ((name: string, shared: SharedDoc, opener: Member | null) => Promise<void>) | undefined;
  /** The room is open. A rejection refuses the opener. */
  readonly opened?: ((room: Room, opener: Member | null) => Promise<void>) | undefined;
  /** Whether something of the host keeps the room in memory; it says itself when that has ended. */
  readonly holds?: ((room: Room) => boolean) | undefined;
  /** Asked before the room leaves memory; a rejection keeps it there until somebody leaves it again. */
  readonly closing?: ((room: Room) => Promise<void>) | undefined;
  /** The room has left memory. */
  readonly closed?: ((name: string) => void) | undefined;

  /** A client wants to enter. A rejection refuses it. */
  readonly connect?: ((member: Member) => Promise<void>) | undefined;
  /** Its token is good by our own rules. A rejection refuses it. */
  readonly authenticate?: ((member: Member, token: string) => Promise<void>) | undefined;
  /** It has another token, good by our own rules. A rejection ends its stay. */
  readonly renew?: ((member: Member, token: string) => Promise<void>) | undefined;
  /** The member is in. */
  readonly joined?: ((member: Member) => void) | undefined;
  /** The member has left. */
  readonly left?: ((member: Member) => void) | undefined;
  /** A frame came in: `handle` does with it, or with another in its place, what is done without extensions. */
  readonly frame?: ((member: Member, bytes: Uint8Array, handle: (bytes: Uint8Array) => void) => void) | undefined;
  /** A stateless message came in. */
  readonly stateless?: ((member: Member, text: string) => void) | undefined;
}

/** What a hook refuses a client with. Anything else that it rejects with is a refusal without a reason. */
export interface HookRefusal {
  /** What the client is told. */
  readonly reason?: string;
}
