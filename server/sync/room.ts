import * as Y from 'yjs';
import { META_ROOT, readTitle } from '../../document/live.ts';
import type { ClientUpdate } from '../../document/updates/client-ids.ts';
import type { Edit } from '../../document/updates/edit.ts';
import { forgetKnown, without } from '../../document/updates/sound-update.ts';
import type { DocumentHandle, LoadedDocument } from '../../persistence/document-store.ts';
import type { Commit } from '../../persistence/log-batch.ts';
import { InkwireError } from '../../protocol/errors.ts';
import { SERVER_SUB } from '../../protocol/identity.ts';
import { Broadcast } from './broadcast.ts';
import { ClientIdClaims } from './client-id-claims.ts';
import { takeCommitted } from './committed-updates.ts';
import { fill } from './fill.ts';
import { FollowedRoom } from './followed-room.ts';
import { HeavyEdits } from './heavy-edits.ts';
import { COMPLETED, FROM_LOG, FromMember, FromServer, RELAYED } from './origin.ts';
import { grew } from './parked.ts';
import { Presence } from './presence.ts';
import { RelayedTyping } from './relayed-typing.ts';
import { RoomDoc, silentAwareness } from './room-doc.ts';
import { RoomLog } from './room-log.ts';
import type { RoomMember } from './room-member.ts';
import type { RoomParts, SharedDoc } from './room-parts.ts';
import { SchemaLevel } from './schema-level.ts';
import { SharedState } from './shared-state.ts';

/** The longest wait for what a state is made of to be committed, ms. */
const STATE_TIMEOUT_MS = 5_000;

/**
 * One document in memory, and everyone in it. Its Y.Doc is reached through `read` and `edit`: typing is
 * sent on and logged as it came, and applied when somebody looks.
 */
export class Room {
  readonly name: string;
  readonly log: RoomLog;
  readonly schema: SchemaLevel;
  readonly presence: Presence;
  /** All of it as bytes, as newcomers are sent it. */
  readonly state: SharedState;
  readonly members: ReadonlySet<RoomMember>;
  readonly #members = new Set<RoomMember>();
  readonly #doc: Y.Doc;
  readonly #parts: RoomParts;
  /** Typing may wait to be applied, and heavy edits are taken in slices: not where others look at the document unasked. */
  readonly relays: boolean;
  readonly #relayed: RelayedTyping;
  /** Made when there is one: most documents never see any. */
  #heavy: HeavyEdits | null = null;
  readonly #claims: ClientIdClaims;
  readonly #broadcast: Broadcast;
  /** The tie to the other nodes, where there may be any. */
  #followed: FollowedRoom | null = null;
  #vector: Uint8Array | null = null;

  /** Fills an empty document, `shared` if there is one, with what was loaded, unless `filled` is filled with it; then listens. */
  constructor(loaded: LoadedDocument, parts: RoomParts, shared: SharedDoc | null = null, filled: Y.Doc | null = null) {
    const { handle } = loaded;
    this.name = handle.name;
    this.members = this.#members;
    this.#doc = filled ?? shared?.doc ?? new RoomDoc();
    this.relays = shared === null;
    this.#relayed = new RelayedTyping(this.#doc);
    this.#parts = parts;
    const storeVersion = (version: number) => parts.store.raiseSchemaVersion(handle, version);
    this.schema = new SchemaLevel(loaded.schemaVersion, storeVersion, () => setImmediate(parts.onQuiet));
    this.presence = new Presence({
      serverId: this.#doc.clientID,
      makeAwareness: () => shared?.awareness ?? silentAwareness(this.#doc),
      onChange: (clientIds, isOwn) => {
        this.#broadcast.presence(clientIds);
        if (isOwn) this.#followed?.follower.presenceChanged(clientIds);
      },
    });
    if (shared !== null) this.presence.begin();
    this.#broadcast = new Broadcast(this.#members, (clientIds) => this.presence.encode(clientIds));
    this.#claims = new ClientIdClaims(this, loaded, parts.now);
    if (filled === null) fill(this.#doc, loaded);
    forgetKnown(this.#doc);
    this.log = new RoomLog(loaded, parts, () => this.read(readTitle));
    this.state = new SharedState(loaded, {
      size: () => this.log.bytes,
      encode: (since) => this.read((document) => Y.encodeStateAsUpdate(document, since)),
      load: async (since) => {
        await this.log.committed(STATE_TIMEOUT_MS);
        return parts.loadState(handle, since);
      },
    });
    this.#doc.on('update', this.#onUpdate);
    if (parts.cluster !== undefined) this.#followed = new FollowedRoom(this, parts.cluster);
  }

  get handle(): DocumentHandle {
    return this.log.handle;
  }

  /** The `seq` of the last committed update up to which nothing is missing here. */
  get version(): number {
    return this.#followed?.follower.head ?? this.handle.head;
  }

  /** Resolves when all that was committed by now, on whatever node, is here; also when the database does not answer. */
  async caughtUp(): Promise<void> {
    if (this.#followed === null) return;
    await this.#followed.follower.caughtUp();
    await this.#heavy?.idle;
  }

  /** Rows of this room were committed. */
  committed(commit: Commit): void {
    if (commit.handle === this.handle) this.#followed?.follower.committed(commit);
  }

  /** It may not leave memory. */
  get busy(): boolean {
    return this.#heavy?.busy === true || this.log.busy || (!this.log.deleted && this.schema.storing);
  }

  /** Resolves when it holds no half of a heavy edit, in the turn in which it may be read; `null` when it may at once. */
  get settled(): Promise<void> | null {
    return this.#heavy?.settled ?? null;
  }

  /** The client id under which the server writes. */
  get serverId(): number {
    return this.#doc.clientID;
  }

  /** The clock up to which something is written under a client id; what waits for its dependencies does not count. */
  clockOf(clientId: number): number {
    return this.#relayed.clockOf(clientId);
  }

  /** Who is present under this client id. */
  presentAs(clientId: number): RoomMember | undefined {
    return this.presence.memberAs(clientId);
  }

  /** The member is in the room: it is sent what others write. */
  join(member: RoomMember): void {
    // What waits is sent to those who are in; a member who joins asks for the document.
    this.#members.add(member);
  }

  leave(member: RoomMember): void {
    this.#members.delete(member);
  }

  /** `read` sees all that was acknowledged, and must not change it. */
  read<T>(read: (document: Y.Doc) => T): T {
    this.#relayed.apply();
    return read(this.#doc);
  }

  /** One transaction of the server's own, such as an edit over HTTP. The log names `author`. */
  edit(author: string | null, edit: (document: Y.Doc) => void): void {
    this.#relayed.apply();
    this.#doc.transact(() => edit(this.#doc), new FromServer(author));
  }

  /**
   * Takes a member's update: nothing of it when it throws `client-id-taken` or `document-deleted`, and what
   * its sender wrote themselves when it throws `author-awaited` ([P1]). Throws `malformed-update`.
   */
  receive(edit: Edit, member: RoomMember): void {
    const { typing } = edit;
    const relays = this.relays && typing !== null && this.#relayed.fits(typing);
    const awaited = this.#claims.check(edit, member);
    if (relays) {
      // A copy: the bytes are a view into what the link received.
      const update = edit.update.slice();
      this.log.append(update, member.identity.sub);
      this.#relayed.add(update, typing);
      this.#forward(update, member);
    } else if (awaited === null) this.#apply(edit.update, member);
    else {
      // Two who have seen each other's lost edits need each other's first, so the part that is theirs is taken from both.
      this.#apply(without(edit.update, awaited), member);
      throw new InkwireError('author-awaited');
    }
  }

  /** Takes a heavy update of a member's in slices, as `HeavyEdits.receive`. */
  receiveHeavy(update: Uint8Array, isReply: boolean, member: RoomMember, admit: (grows: boolean) => void): Promise<void> {
    return this.#heavyEdits().receive(update, isReply, member, admit);
  }

  /** Takes updates that somebody else has committed to the log, such as another node. They must not be changed later. */
  receiveCommitted(updates: readonly Uint8Array[]): void {
    for (const update of updates) this.log.received(update);
    const [doc, relayed, { relays }] = [this.#doc, this.#relayed, this];
    const forward = (update: Uint8Array) => this.#forward(update, null);
    takeCommitted(updates, { doc, relays, relayed, heavyEdits: () => this.#heavyEdits(), forward, onError: this.#parts.onError });
  }

  /** Commits the client ids under which an edit would be the first, before anybody sees it: two nodes cannot give one id to two people then. */
  claimFirst(update: ClientUpdate, member: RoomMember): Promise<void> | null {
    return this.#claims.claimFirst(update, member, this.#parts.claim);
  }

  /** Takes what the server has written elsewhere, under a client id that is nobody's yet. Rejects with `document-deleted`. */
  async write(update: Uint8Array, clientId: number, author: string | null): Promise<void> {
    this.#claims.claimForServer(clientId);
    if (this.relays) await this.#heavyEdits().write(update, author);
    else Y.applyUpdate(this.#doc, update, new FromServer(author));
  }

  /** What nobody had written by then was created in the log: it is the room's document, `update` its first, written by the server under `clientId`. */
  created({ id, epoch, head }: DocumentHandle, update: Uint8Array | null, clientId: number): void {
    Object.assign(this.handle, { id, epoch, head });
    this.#claims.learn(clientId, SERVER_SUB);
    if (update !== null) this.receiveCommitted([update]);
    this.#followed?.follower.startAt(head);
  }

  /** What a client has that has been sent everything so far. */
  stateVector(): Uint8Array {
    this.#relayed.apply();
    if (this.#heavy !== null && this.settled !== null) return this.#heavy.stateVector();
    this.#vector ??= Y.encodeStateVector(this.#doc);
    return this.#vector;
  }

  /** Sends what is gathered for everyone at once. */
  flush(): void {
    this.#broadcast.flush();
  }

  /** Asks a later version of the document schema of everyone; clients that lack it stop writing at once, those that come later when they come. */
  raiseSchema(version: number): void {
    if (!this.schema.raise(version)) return;
    for (const member of this.#members) if (member.schemaVersion < version) member.outdate();
  }

  /**
   * The log has fallen back: what it lacks of the document in memory, updates (V1) to append before
   * anything else is acknowledged ([D13]). Rejects when the database does not answer.
   */
  async lostUpdates(): Promise<Uint8Array[]> {
    const stored = await this.#parts.store.reclaim(this.handle);
    const known = new Y.Doc();
    fill(known, stored);
    const lost = this.read((document) => Y.encodeStateAsUpdate(document, Y.encodeStateVector(known)));
    this.receiveCommitted([Y.encodeStateAsUpdate(known, this.stateVector())]);
    known.destroy();
    this.log.restart(stored);
    this.#followed?.follower.restart(stored.head);
    this.#claims.claimAgain();
    this.schema.restart(stored.schemaVersion);
    this.log.titleChanged();
    return [lost];
  }

  /** The document was deleted: the room listens no more, and everyone in it is told. */
  markDeleted(): void {
    this.#doc.off('update', this.#onUpdate);
    this.log.markDeleted();
    for (const member of [...this.#members]) member.deleted();
  }

  /** Ends its timers; nobody is in it any more. */
  destroy(): void {
    this.#broadcast.flush();
    this.#followed?.follower.close();
    this.schema.stop();
    this.#doc.destroy();
  }

  /**
   * Applies an update and keeps what Yjs only parks. [D3] An update whose dependencies are missing
   * raises no `update` event, so its raw bytes are appended: it is acknowledged like any other.
   */
  #apply(update: Uint8Array, member: RoomMember): void {
    this.#relayed.apply();
    const { store } = this.#doc;
    // Yjs grows `pendingStructs` in place, so its bytes are what tells.
    const structs = store.pendingStructs?.update;
    const deletes = store.pendingDs;
    const echoes = store.pendingStructs !== null || store.pendingDs !== null;
    try {
      Y.applyUpdate(this.#doc, update, new FromMember(member, echoes));
    } catch (error) {
      // What it did before that is in the log like any edit: an `update` event told of it.
      throw new InkwireError('malformed-update', undefined, { cause: error });
    }
    forgetKnown(this.#doc);
    const parked = grew(structs, store.pendingStructs?.update) || grew(deletes, store.pendingDs);
    // A copy: the bytes are a view into what the link received.
    if (parked) this.log.append(update.slice(), member.identity.sub);
  }

  readonly #onUpdate = (update: Uint8Array, origin: unknown, _document: unknown, { changed }: Y.Transaction): void => {
    if (origin === COMPLETED) {
      this.#forward(update, null);
      return;
    }
    if (origin !== RELAYED) {
      if (origin !== FROM_LOG) this.#append(update, origin);
      this.#forward(update, origin instanceof FromMember && !origin.echoes ? origin.member : null);
    }
    const meta = this.#doc.share.get(META_ROOT);
    if (meta !== undefined && changed.has(meta)) this.log.titleChanged();
  };

  #heavyEdits(): HeavyEdits {
    this.#heavy ??= new HeavyEdits(this.#doc, {
      cut: this.#parts.cut,
      onUpdate: this.#onUpdate,
      catchUp: () => this.#relayed.apply(),
      isDeleted: () => this.log.deleted,
      check: (update, member) => this.#claims.check(update, member),
      claimFirst: (update, member) => this.claimFirst(update, member),
      taken: (update, author, member) => this.#taken(update, author, member),
      replayed: (update) => this.#replayed(update),
    });
    return this.#heavy;
  }

  /** A heavy edit is there, and is sent and logged as it came. */
  #taken(update: Uint8Array, author: string | null, member: RoomMember | null): void {
    forgetKnown(this.#doc);
    this.log.append(update, author);
    this.#forward(update, member);
    this.log.titleChanged();
  }

  /** A heavy edit that the log has is there. */
  #replayed(update: Uint8Array): void {
    forgetKnown(this.#doc);
    this.#forward(update, null);
    this.log.titleChanged();
  }

  #append(update: Uint8Array, origin: unknown): void {
    if (origin instanceof FromMember) this.log.append(update, origin.member.identity.sub);
    else {
      // What changes the document from within, such as an extension, writes under the server's client id.
      this.#claims.claimForServer();
      this.log.append(update, origin instanceof FromServer ? origin.author : null);
    }
  }

  /** Sends an update to everyone but `author`. */
  #forward(update: Uint8Array, author: RoomMember | null): void {
    this.#vector = null;
    this.state.wrote(update);
    this.#broadcast.update(update, author);
  }
}
