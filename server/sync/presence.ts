import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { type Awareness, applyAwarenessUpdate, encodeAwarenessUpdate, removeAwarenessStates } from 'y-protocols/awareness';
import { presenceUpdate } from '../../protocol/awareness-update.ts';
import type { Identity } from '../../protocol/identity.ts';
import type { RoomMember } from './room-member.ts';

/** A plain colour, or one with its opacity; anything else could be more than a colour where it is put into a page's style. */
const COLOR = /^#[0-9a-f]{6}(?:[0-9a-f]{2})?$/i;

/** What y-protocols writes for somebody who has left. */
const LEFT = new TextEncoder().encode('null');

/** The origin of what another node says of its clients. */
export class FromNode {
  readonly node: string;

  constructor(node: string) {
    this.node = node;
  }
}

/** What an awareness update says of one client. */
interface Entry {
  readonly clientId: number;
  readonly clock: number;
  /** JSON, UTF-8. */
  readonly state: Uint8Array;
}

/**
 * Who is present in one room. Under a client id one member speaks, and nobody else ([P1]). The
 * awareness is made with the first word: most documents in memory are read by a script, or idle.
 */
export class Presence {
  /** `null` for the server's own, such as a script whose edit it makes. */
  readonly #owners = new Map<number, MemberPresence | null>();
  /** Client ids of members of other nodes, with the node's id. */
  readonly #elsewhere = new Map<number, string>();
  readonly #parts: PresenceParts;
  #awareness: Awareness | null = null;

  constructor(parts: PresenceParts) {
    this.#parts = parts;
  }

  /** The awareness of those who have said something; `null` when nobody has. */
  get awareness(): Awareness | null {
    return this.#awareness;
  }

  /** What a member may say. A state of more than `maxStateBytes` (JSON in UTF-8) is dropped, for presence is not worth a connection. */
  join(member: RoomMember, maxStateBytes: number): MemberPresence {
    return new MemberPresence(this, member, maxStateBytes);
  }

  /** The member who speaks under this client id. */
  memberAs(clientId: number): RoomMember | undefined {
    return this.#owners.get(clientId)?.member;
  }

  /** Takes what a member says, and nothing of it that is not theirs to say. Throws on bytes that do not decode. */
  receive(presence: MemberPresence, update: Uint8Array): void {
    const own = presence.own(update);
    if (own === null) return;
    const awareness = this.begin();
    applyAwarenessUpdate(awareness, own, presence);
    if (presence.ownId === null || awareness.states.has(presence.ownId)) return;
    // Who had left and is back, with a clock that everybody has seen, is shown under the next one.
    for (const { clientId, state, clock } of hiddenIn(own, awareness))
      applyAwarenessUpdate(awareness, presenceUpdate(clientId, clock + 1, state), presence);
  }

  /** Shows somebody who has no connection here; nobody else may speak under the client id. The state is JSON. */
  appear(clientId: number, state: Readonly<Record<string, unknown>>): void {
    this.#owners.set(clientId, null);
    applyAwarenessUpdate(this.begin(), presenceUpdate(clientId, 1, Buffer.from(JSON.stringify(state))), null);
  }

  /** They have left. */
  disappear(clientId: number): void {
    this.#owners.delete(clientId);
    if (this.#awareness !== null) removeAwarenessStates(this.#awareness, [clientId], null);
  }

  /** Client ids of this process's own members who have said something. */
  get ownIds(): number[] {
    return [...this.#owners.keys()].filter((id) => this.#awareness?.states.has(id));
  }

  /**
   * Takes what another node says of its clients; with `whole` those of its clients that are not in it have left. Returns an awareness
   * update of those that are not shown, for here they have left; `null` when there are none. Throws on bytes that do not decode.
   */
  receiveFrom(node: string, update: Uint8Array, whole: boolean): Uint8Array | null {
    const awareness = this.begin();
    const origin = new FromNode(node);
    const entries = readEntries(update);
    const taken = entries.filter((entry) => this.#belongsTo(node, entry));
    if (whole) {
      const named = new Set(entries.map(({ clientId }) => clientId));
      this.#forget(node, (id) => !named.has(id));
    }
    const shown = presenceUpdates(taken);
    applyAwarenessUpdate(awareness, shown, origin);
    const hidden = hiddenIn(shown, awareness).map(({ clientId }) => clientId);
    for (const { clientId, state } of taken) if (hasLeft(state)) this.#elsewhere.delete(clientId);
    return hidden.length === 0 ? null : encodeAwarenessUpdate(awareness, hidden);
  }

  /** Another node takes clients of this one to have left: those who are here are shown under a later clock. */
  refute(update: Uint8Array): void {
    for (const { clientId, clock } of readEntries(update)) if (this.#owners.has(clientId)) this.#renew(clientId, clock);
  }

  /** A node is gone. */
  forgetNode(node: string): void {
    this.#forget(node, () => true);
  }

  /** The member has left, and its cursor leaves with it ([P2]). */
  leave(presence: MemberPresence): void {
    const id = presence.leave();
    if (id === null) return;
    this.#owners.delete(id);
    if (this.#awareness !== null) removeAwarenessStates(this.#awareness, [id], null);
  }

  /** An awareness update (y-protocols) of everyone, or of some; `null` when there is nothing to say. */
  encode(clientIds?: Iterable<number>): Uint8Array | null {
    if (this.#awareness === null) return null;
    const ids = [...(clientIds ?? this.#awareness.getStates().keys())];
    return ids.length === 0 ? null : encodeAwarenessUpdate(this.#awareness, ids);
  }

  /** Whether `presence` has the id from then on. It is free, or was the same person's: a provider that reconnected before its old link was found dead. */
  take(clientId: number, presence: MemberPresence): boolean {
    if (clientId === this.#parts.serverId) return false;
    const owner = this.#owners.get(clientId);
    if (owner === null) return false;
    const { sub, verified } = presence.member.identity;
    if (owner !== undefined && owner.member.identity.sub !== sub) return false;
    if (verified && this.#elsewhere.has(clientId) && (this.#subElsewhere(clientId) ?? sub) !== sub) return false;
    this.#elsewhere.delete(clientId);
    owner?.lose();
    this.#owners.set(clientId, presence);
    return true;
  }

  /** The awareness, made if there is none. */
  begin(): Awareness {
    if (this.#awareness !== null) return this.#awareness;
    const awareness = this.#parts.makeAwareness();
    awareness.on('update', ({ added, updated, removed }: AwarenessChange, origin: unknown) => {
      this.#parts.onChange([...added, ...updated, ...removed], !(origin instanceof FromNode));
    });
    this.#awareness = awareness;
    return awareness;
  }

  /** Whether a node may say this of a client: one of another is left alone, and one of this process's own is shown anew. */
  #belongsTo(node: string, { clientId, clock, state }: Entry): boolean {
    if (clientId === this.#parts.serverId) return false;
    if (this.#owners.has(clientId)) {
      if (hasLeft(state)) this.#renew(clientId, clock);
      return false;
    }
    if (hasLeft(state)) return this.#elsewhere.get(clientId) === node;
    this.#elsewhere.set(clientId, node);
    return true;
  }

  #forget(node: string, which: (clientId: number) => boolean): void {
    const gone = [...this.#elsewhere].filter(([id, its]) => its === node && which(id)).map(([id]) => id);
    for (const id of gone) this.#elsewhere.delete(id);
    if (gone.length > 0 && this.#awareness !== null) removeAwarenessStates(this.#awareness, gone, new FromNode(node));
  }

  /** Who a client of another node is, in the words of its token. */
  #subElsewhere(clientId: number): unknown {
    return (this.#awareness?.states.get(clientId)?.user as { id?: unknown } | undefined)?.id;
  }

  /** Shows a member of this process's own under a later clock than any that others have seen. */
  #renew(clientId: number, clock: number): void {
    const awareness = this.begin();
    const state = awareness.states.get(clientId);
    if (state === undefined) return;
    const next = Math.max(clock, awareness.meta.get(clientId)?.clock ?? 0) + 1;
    applyAwarenessUpdate(awareness, presenceUpdate(clientId, next, Buffer.from(JSON.stringify(state))), null);
  }
}

/** Awareness client ids that came, changed and went (y-protocols). */
interface AwarenessChange {
  readonly added: readonly number[];
  readonly updated: readonly number[];
  readonly removed: readonly number[];
}

export interface PresenceParts {
  /** The room's own client id, under which nobody may speak. */
  readonly serverId: number;
  /** An awareness without a state of its own. */
  readonly makeAwareness: () => Awareness;
  /** What is to be told of these client ids has changed; `isOwn` when it did not come from another node. */
  readonly onChange: (clientIds: readonly number[], isOwn: boolean) => void;
}

/**
 * What one member may say of itself, and of nobody else ([P1]): the first client id it sends with
 * a state is its own as long as it is there. A verified user is shown under the name in their token.
 */
export class MemberPresence {
  readonly member: RoomMember;
  readonly #presence: Presence;
  readonly #maxStateBytes: number;
  #own: number | 'none' | 'lost' = 'none';

  constructor(presence: Presence, member: RoomMember, maxStateBytes: number) {
    this.#presence = presence;
    this.member = member;
    this.#maxStateBytes = maxStateBytes;
  }

  /** What of an awareness update is the member's own; `null` when it says nothing of it. Throws on one that does not decode. */
  own(update: Uint8Array): Uint8Array | null {
    const entries = readEntries(update);
    const own = entries.find((entry) => this.#owns(entry));
    if (own === undefined || own.state.length > this.#maxStateBytes) return null;
    const { identity } = this.member;
    if (identity.verified && !hasLeft(own.state)) return presenceUpdate(own.clientId, own.clock, named(own.state, identity));
    return entries.length === 1 ? update : presenceUpdate(own.clientId, own.clock, own.state);
  }

  /** The id under which the member speaks; `null` when it has not said one, or lost it. */
  get ownId(): number | null {
    return typeof this.#own === 'number' ? this.#own : null;
  }

  /** The id that is free from then on; `null` when there is none. */
  leave(): number | null {
    const id = this.ownId;
    this.#own = 'lost';
    return id;
  }

  /** Another member of the same person has the id: it does not leave with this one. */
  lose(): void {
    this.#own = 'lost';
  }

  #owns({ clientId, state }: Entry): boolean {
    if (this.#own !== 'none') return this.#own === clientId;
    if (hasLeft(state) || !this.#presence.take(clientId, this)) return false;
    this.#own = clientId;
    return true;
  }
}

/** The entries of an awareness update (y-protocols, PROTOCOL.md), their JSON unread. */
function readEntries(update: Uint8Array): Entry[] {
  const decoder = decoding.createDecoder(update);
  const entries: Entry[] = [];
  for (let left = decoding.readVarUint(decoder); left > 0; left--) {
    const clientId = decoding.readVarUint(decoder);
    const clock = decoding.readVarUint(decoder);
    entries.push({ clientId, clock, state: decoding.readVarUint8Array(decoder) });
  }
  return entries;
}

/** An awareness update (y-protocols) of several clients. */
function presenceUpdates(entries: readonly Entry[]): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, entries.length);
    for (const { clientId, clock, state } of entries) {
      encoding.writeVarUint(encoder, clientId);
      encoding.writeVarUint(encoder, clock);
      encoding.writeVarUint8Array(encoder, state);
    }
  });
}

/** Clients that say they are there, and are not shown: they have left by this clock, or a later one. Clock 0 says nothing yet. */
function hiddenIn(update: Uint8Array, { states, meta }: Awareness): Entry[] {
  return readEntries(update).flatMap(({ clientId, state }) => {
    const clock = meta.get(clientId)?.clock;
    return hasLeft(state) || states.has(clientId) || clock === undefined ? [] : [{ clientId, clock, state }];
  });
}

function hasLeft(state: Uint8Array): boolean {
  return state.length === LEFT.length && LEFT.every((byte, at) => byte === state[at]);
}

/** The state with `user` as the token has it. Of what the client says about its user a colour is kept, for it is no claim. */
function named(state: Uint8Array, { sub, name }: Identity): Uint8Array {
  const said: unknown = JSON.parse(Buffer.from(state.buffer, state.byteOffset, state.length).toString());
  const rest = typeof said === 'object' && said !== null && !Array.isArray(said) ? (said as Record<string, unknown>) : {};
  const { color, colorLight } = (rest.user ?? {}) as Record<string, unknown>;
  rest.user = { id: sub, name, color: colorOr(color), colorLight: colorOr(colorLight) };
  return Buffer.from(JSON.stringify(rest));
}

function colorOr(value: unknown): string | undefined {
  return typeof value === 'string' && COLOR.test(value) ? value : undefined;
}
