import * as decoding from 'lib0/decoding';
import type { Awareness } from 'y-protocols/awareness';
import type { Identity } from '../../../protocol/identity.ts';
import { presenceUpdate } from '../outgoing.ts';

/** A plain colour, or one with its opacity; anything else could be more than a colour where it is put into a page's style. */
const COLOR = /^#[0-9a-f]{6}(?:[0-9a-f]{2})?$/i;

/** What y-protocols writes for somebody who has left. */
const GONE = new TextEncoder().encode('null');

/** What an awareness update says of one client. */
interface Entry {
  readonly clientId: number;
  readonly clock: number;
  /** JSON, UTF-8. */
  readonly state: Uint8Array;
}

const guards = new WeakMap<Awareness, PresenceGuard>();

/** The guard of a document's presence. */
export function presenceGuardOf(awareness: Awareness): PresenceGuard {
  const guard = guards.get(awareness) ?? new PresenceGuard(awareness);
  guards.set(awareness, guard);
  return guard;
}

/** Who speaks in one document under which awareness client id. */
export class PresenceGuard {
  readonly #owners = new Map<number, ConnectionPresence>();
  readonly #awareness: Pick<Awareness, 'clientID'>;

  constructor(awareness: Pick<Awareness, 'clientID'>) {
    this.#awareness = awareness;
  }

  /**
   * What a connection may say. `identity` is asked for with every state; `clients` is where the document
   * keeps the ids that leave with the connection; a state of more than `maxStateBytes` (JSON in UTF-8) is
   * dropped, for presence is not worth a socket.
   */
  join(identity: () => Identity, clients: Set<number>, maxStateBytes: number): ConnectionPresence {
    return new ConnectionPresence(this, identity, clients, maxStateBytes);
  }

  /** Whether `presence` has the id from now on. It is free, or was the same person's: a provider that reconnected before its old socket was found dead. */
  take(clientId: number, presence: ConnectionPresence): boolean {
    if (clientId === this.#awareness.clientID) return false;
    const owner = this.#owners.get(clientId);
    if (owner !== undefined && owner.sub !== presence.sub) return false;
    owner?.lose();
    this.#owners.set(clientId, presence);
    return true;
  }

  free(clientId: number): void {
    this.#owners.delete(clientId);
  }
}

/**
 * What one connection may say of itself, and of nobody else ([P1]): the first client id it sends with
 * a state is its own as long as it is there. A verified user is shown under the name in their token.
 */
export class ConnectionPresence {
  readonly #guard: PresenceGuard;
  readonly #identity: () => Identity;
  readonly #clients: Set<number>;
  readonly #maxStateBytes: number;
  #own: number | 'none' | 'lost' = 'none';

  constructor(guard: PresenceGuard, identity: () => Identity, clients: Set<number>, maxStateBytes: number) {
    this.#guard = guard;
    this.#identity = identity;
    this.#clients = clients;
    this.#maxStateBytes = maxStateBytes;
  }

  get sub(): string {
    return this.#identity().sub;
  }

  /** What may be applied of an awareness update; `null` when it says nothing of this connection. Throws on one that does not decode. */
  admit(update: Uint8Array): Uint8Array | null {
    const entries = readEntries(update);
    const own = entries.find((entry) => this.#owns(entry));
    if (own === undefined || own.state.length > this.#maxStateBytes) return null;
    // The document forgets an id that leaves, and does not learn that it came back: the cursor would outlive the socket ([P2]).
    if (!isGone(own.state)) this.#clients.add(own.clientId);
    const identity = this.#identity();
    if (identity.verified && !isGone(own.state)) return presenceUpdate(own.clientId, own.clock, named(own.state, identity));
    return entries.length === 1 ? update : presenceUpdate(own.clientId, own.clock, own.state);
  }

  /** The connection is gone; its id is free. */
  leave(): void {
    if (typeof this.#own === 'number') this.#guard.free(this.#own);
    this.#own = 'lost';
  }

  /** Another connection of the same person has the id: it must not leave with this one. */
  lose(): void {
    if (typeof this.#own === 'number') this.#clients.delete(this.#own);
    this.#own = 'lost';
  }

  #owns({ clientId, state }: Entry): boolean {
    if (this.#own !== 'none') return this.#own === clientId;
    if (isGone(state) || !this.#guard.take(clientId, this)) return false;
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

function isGone(state: Uint8Array): boolean {
  return state.length === GONE.length && GONE.every((byte, at) => byte === state[at]);
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
