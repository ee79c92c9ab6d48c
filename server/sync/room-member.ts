import type { Codec } from '../../protocol/codec.ts';
import type { Identity } from '../../protocol/identity.ts';

/** A member as the room it is in knows it. */
export interface RoomMember {
  readonly codec: Codec;
  /** What its client calls the document. */
  readonly address: string;
  readonly identity: Identity;
  /** Version of the document schema that its client writes; NaN, which is neither more nor less than any, when it has not said. */
  readonly schemaVersion: number;
  /** Hands it a frame with an update of somebody else's. */
  forwardUpdate(frame: Uint8Array): void;
  /** Hands it a frame with presence. */
  forwardPresence(frame: Uint8Array): void;
  /** The document was written under a later schema than its client's. */
  outdate(): void;
  /** The document was deleted. */
  deleted(): void;
}
