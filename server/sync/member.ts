import type { Codec } from '../../protocol/codec.ts';
import { type ErrorCode, InkwireError } from '../../protocol/errors.ts';
import type { Identity } from '../../protocol/identity.ts';
import { type RoleReason, roleMessage } from '../../protocol/messages.ts';
import type { Role } from '../../protocol/role.ts';
import type { LinkRequest } from '../ports/link.ts';
import type { MemberPresence } from './presence.ts';
import type { Room } from './room.ts';
import { differenceFrame, joinFrames, presenceFrame } from './room-frames.ts';
import type { RoomMember } from './room-member.ts';
import type { Standing, StandingControls } from './standing.ts';

/** What a member asks of its connection. */
export interface MemberConnection {
  readonly codec: Codec;
  readonly schemaVersion: number;
  /** How the client asked for its link. */
  readonly request: LinkRequest;
  readonly isOpen: boolean;
  /** The client does not read what it is sent ([L1]). */
  readonly isSlow: boolean;
  /** Has every member `catchUp` once the client has read all there is. */
  awaitDrain(): void;
  write(frame: Uint8Array | null): void;
  /** Closes the link. */
  close(code: number, reason: string): void;
  /** Closes the link with the code of a refusal. */
  refuse(code: ErrorCode, detail?: string): void;
  /** The member's client has left the document, and keeps the link. */
  left(member: Member): void;
  /** Ends the member's stay with a Close frame that says why, and then the link. */
  dismiss(member: Member, reason: string): void;
  /** Reads and handles nothing more of the client until what is returned was called. */
  hold(): () => void;
  /** Handles a frame as if its turn had come. */
  handle(frame: Uint8Array): void;
  /** Closes the link for what a frame of the client has led to. */
  fail(error: unknown): void;
}

/**
 * Where a member stands with its room.
 *
 * - `entering`: its token is being checked, or the document loaded; its frames wait in the lobby.
 * - `in`: it is sent what others write, at once, unless it does not keep up. `behind` is the state vector
 *   of what it was sent last; once it has read on it is sent the difference, and the presence it missed.
 * - `suspended`: its token was revoked. Nothing of the document is sent until there is another ([A1]).
 * - `left`: it has left, or was told to.
 */
export type MemberState =
  | { readonly kind: 'entering' }
  | {
      readonly kind: 'in';
      readonly room: Room;
      readonly presence: MemberPresence;
      /** `null` while it keeps up. */
      behind: Uint8Array | null;
      missedPresence: boolean;
      /** It asked for a first sync while it did not keep up. */
      wantsJoin: boolean;
    }
  | {
      readonly kind: 'suspended';
      readonly room: Room;
      readonly presence: MemberPresence;
      readonly behind: Uint8Array;
      /** The last request for a sync that came meanwhile. */
      heldSync: Uint8Array | null;
    }
  | { readonly kind: 'left' };

const ENTERING: MemberState = { kind: 'entering' };
const LEFT: MemberState = { kind: 'left' };

/** One client in one document: who it is, what it may do, and what it has been sent. */
export class Member implements RoomMember, StandingControls {
  readonly connection: MemberConnection;
  readonly address: string;
  readonly documentName: string;
  /** The version that its provider says it has; `null` of one older than Hocuspocus 4. */
  readonly providerVersion: string | null;
  /** An extension lets it read only, whatever its role. */
  restricted = false;
  #state: MemberState = ENTERING;
  #identity: Identity | null = null;
  #standing: Standing | null = null;
  /** The frame that acknowledges one of its edits: one for all, so that a link frames it once. */
  #ack: Uint8Array | null = null;

  constructor(connection: MemberConnection, address: string, documentName: string, providerVersion: string | null) {
    this.connection = connection;
    this.address = address;
    this.documentName = documentName;
    this.providerVersion = providerVersion;
  }

  get state(): MemberState {
    return this.#state;
  }

  get codec(): Codec {
    return this.connection.codec;
  }

  get schemaVersion(): number {
    return this.connection.schemaVersion;
  }

  /** Who its token speaks for. Throws before one was checked. */
  get identity(): Identity {
    const identity = this.#standing?.identity ?? this.#identity;
    if (identity === null) throw new InkwireError('internal', 'The member has not signed in.');
    return identity;
  }

  /** What it may do; `null` until it is in. */
  get standing(): Standing | null {
    return this.#standing;
  }

  get mayWrite(): boolean {
    return this.#standing?.mayWrite ?? false;
  }

  /** The room it is in; `null` before and after. */
  get room(): Room | null {
    return this.#state.kind === 'in' || this.#state.kind === 'suspended' ? this.#state.room : null;
  }

  /** Its token was good. */
  signIn(identity: Identity): void {
    this.#identity = identity;
  }

  /** It is in: it says what it may do, before anything of the document is sent, and who is there. */
  join(room: Room, standing: Standing, maxPresenceBytes: number): void {
    this.#standing = standing;
    this.#state = {
      kind: 'in',
      room,
      presence: room.presence.join(this, maxPresenceBytes),
      behind: null,
      missedPresence: false,
      wantsJoin: false,
    };
    room.join(this);
    standing.enter();
    this.sendPresence();
  }

  /** It leaves, if it has not; its cursor with it ([P2]). */
  leave(): void {
    const state = this.#state;
    this.#state = LEFT;
    this.#standing?.leave();
    if (state.kind !== 'in' && state.kind !== 'suspended') return;
    state.room.leave(this);
    state.room.presence.leave(state.presence);
  }

  forwardUpdate(frame: Uint8Array): void {
    const { connection } = this;
    const state = this.#state;
    if (state.kind !== 'in' || state.behind !== null || !connection.isOpen) return;
    connection.write(frame);
    // A flush sends all there is, so what the room holds is what this client will have once it has read on.
    if (connection.isSlow) {
      state.behind = state.room.stateVector();
      connection.awaitDrain();
    }
  }

  forwardPresence(frame: Uint8Array): void {
    const { connection } = this;
    const state = this.#state;
    if (state.kind !== 'in' || !connection.isOpen) return;
    if (connection.isSlow) {
      state.missedPresence = true;
      connection.awaitDrain();
    } else connection.write(frame);
  }

  /** What brings an empty client up to date; later, when it does not keep up. */
  sendDocument(): void {
    const state = this.#state;
    if (state.kind !== 'in') return;
    if (this.connection.isSlow) {
      state.wantsJoin = true;
      this.connection.awaitDrain();
    } else for (const frame of joinFrames(state.room, this)) this.connection.write(frame);
  }

  /** Everyone's presence. */
  sendPresence(): void {
    if (this.#state.kind !== 'in') return;
    const frame = presenceFrame(this.#state.room, this);
    if (frame !== null) this.connection.write(frame);
  }

  /** Acknowledges an edit that is committed. One for each, never fewer: providers count them. */
  acknowledge(): void {
    if (this.#state.kind === 'left') return;
    this.#ack ??= this.codec.ack(this.address);
    this.connection.write(this.#ack);
  }

  refuseEdit(): void {
    this.connection.write(this.codec.refusal(this.address));
  }

  /** Sends what was missed, once the client has read all there was. */
  catchUp(): void {
    const state = this.#state;
    if (state.kind !== 'in' || !this.connection.isOpen) return;
    const { room, behind, missedPresence, wantsJoin } = state;
    if (room.settled !== null) {
      void room.settled.then(() => this.catchUp());
      return;
    }
    state.behind = null;
    state.missedPresence = false;
    state.wantsJoin = false;
    if (wantsJoin) this.sendDocument();
    else if (behind !== null) this.connection.write(differenceFrame(room, this, behind));
    if (missedPresence) this.sendPresence();
  }

  outdate(): void {
    this.#standing?.outdate();
  }

  deleted(): void {
    this.connection.refuse('document-deleted');
  }

  /** An extension lets it read only, or write again as far as its role does. */
  restrict(readOnly: boolean): void {
    this.restricted = readOnly;
    this.#standing?.restrict(readOnly);
  }

  setReadOnly(readOnly: boolean): void {
    this.confirm(readOnly);
  }

  suspend(): void {
    const state = this.#state;
    if (state.kind !== 'in') return;
    const { room, presence } = state;
    // What is gathered for everyone was for this client too.
    room.flush();
    this.#state = { kind: 'suspended', room, presence, behind: state.behind ?? room.stateVector(), heldSync: null };
  }

  resume(): void {
    const state = this.#state;
    if (state.kind !== 'suspended') return;
    const { room, presence, behind, heldSync } = state;
    this.#state = { kind: 'in', room, presence, behind, missedPresence: true, wantsJoin: false };
    if (this.connection.isSlow) this.connection.awaitDrain();
    else this.catchUp();
    if (heldSync !== null) this.connection.handle(heldSync);
  }

  tell(role: Role, reason: RoleReason | null): void {
    this.sendStateless(roleMessage(role, reason));
  }

  confirm(readOnly: boolean): void {
    this.connection.write(this.codec.authenticated(this.address, readOnly));
  }

  askForToken(): void {
    this.connection.write(this.codec.tokenRequest(this.address));
  }

  refuse(code: ErrorCode): void {
    this.connection.refuse(code);
  }

  sendStateless(text: string): void {
    this.connection.write(this.codec.stateless(this.address, text));
  }
}
