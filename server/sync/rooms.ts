import { encodeStateAsUpdate } from 'yjs';
import type { DocumentHandle, DocumentStore, LoadedDocument } from '../../persistence/document-store.ts';
import type { Commit } from '../../persistence/log-batch.ts';
import { InkwireError } from '../../protocol/errors.ts';
import { fillInSlices, isHeavy } from './fill.ts';
import type { Hooks } from './hooks.ts';
import { LoadGate } from './load-gate.ts';
import type { Member } from './member.ts';
import { Room } from './room.ts';
import { RoomDoc } from './room-doc.ts';
import type { RoomParts, SharedDoc } from './room-parts.ts';

export interface RoomsParts extends Omit<RoomParts, 'store' | 'onQuiet'> {
  readonly store: DocumentStore;
  readonly hooks?: Hooks;
  /** Told what happens to a document in memory: names and numbers, never content. */
  readonly onTrace?: (fields: Readonly<Record<string, unknown>>, event: string) => void;
}

/**
 * The documents in memory. Each is loaded once, *pinned* while it is handed out, and leaves memory only
 * when nobody is in it, nothing pins it and everything of it is committed.
 */
export class Rooms {
  readonly #parts: RoomsParts;
  readonly #hooks: Hooks;
  readonly #trace: (fields: Readonly<Record<string, unknown>>, event: string) => void;
  readonly #rooms = new Map<string, Room>();
  readonly #loading = new Map<string, Promise<Room>>();
  readonly #pins = new Map<string, number>();
  readonly #closing = new Set<Room>();
  readonly #loads: LoadGate;
  #stopping = false;
  #onEmpty: () => void = () => {};

  constructor(parts: RoomsParts) {
    this.#parts = parts;
    this.#hooks = parts.hooks ?? {};
    this.#trace = parts.onTrace ?? (() => {});
    this.#loads = new LoadGate(parts.now);
  }

  /** How many documents are in memory. */
  get size(): number {
    return this.#rooms.size;
  }

  /** The room of this name, when it is in memory. */
  get(name: string): Room | undefined {
    return this.#rooms.get(name);
  }

  /** The documents in memory, as the store knows them. */
  *handles(): Generator<DocumentHandle> {
    for (const { handle } of this.#rooms.values()) yield handle;
  }

  /**
   * Opens a document and keeps it in memory until `use` has ended. `opener` is the client it is opened
   * for; the server itself without. Throws `document-deleted`, `database-unavailable`, and `internal` when what
   * is stored cannot be read ([D5]); rejects with what an extension rejects with.
   */
  async use<T>(name: string, opener: Member | null, use: (room: Room) => T | Promise<T>): Promise<T> {
    const unpin = this.pin(name);
    try {
      return await use(this.#rooms.get(name) ?? (await this.#load(name, opener)));
    } finally {
      unpin();
    }
  }

  /** Keeps the document of this name in memory, once it is there, until what is returned is called. */
  pin(name: string): () => void {
    this.#pins.set(name, (this.#pins.get(name) ?? 0) + 1);
    return () => {
      const left = (this.#pins.get(name) ?? 1) - 1;
      if (left > 0) this.#pins.set(name, left);
      else {
        this.#pins.delete(name);
        this.unloadIfIdle(name);
      }
    };
  }

  /** The document was created in the log, with `update` as its first, written under `clientId`: who looks at its name has it. */
  async created(handle: DocumentHandle, update: Uint8Array | null, clientId: number): Promise<void> {
    const room = this.#rooms.get(handle.name) ?? (await this.#loading.get(handle.name));
    if (room !== undefined && room.handle.id === null) room.created(handle, update, clientId);
  }

  /** Rows of a document were committed by this process. */
  committed(commit: Commit): void {
    this.#rooms.get(commit.handle.name)?.committed(commit);
  }

  /** A document was created or deleted here past its room: other nodes that have it in memory look. */
  tellOthers(name: string): void {
    this.#parts.cluster?.look(name);
  }

  /** Tells everybody in a deleted document, and drops it from memory. */
  deleted(handle: DocumentHandle): void {
    const room = this.#rooms.get(handle.name);
    if (room === undefined || room.handle !== handle || room.log.deleted) return;
    room.markDeleted();
    this.#trace({ document: room.name }, 'deleted');
    this.#rooms.delete(room.name);
    // The next turn: its members leave while their links close.
    setImmediate(() => this.#destroy(room));
  }

  /** What the log lacks of a document in memory, once it has fallen back; nothing when it is not there any more. */
  async lostUpdates(handle: DocumentHandle): Promise<readonly Uint8Array[]> {
    const room = this.#rooms.get(handle.name);
    return room?.handle === handle ? room.lostUpdates() : [];
  }

  /** Drops a document from memory, unless something needs it there. */
  unloadIfIdle(name: string): void {
    const room = this.#rooms.get(name);
    if (room === undefined || this.#closing.has(room) || !this.#isIdle(room)) return;
    if (!this.#stopping && room.log.compact(true)) return;
    if (this.#hooks.closing === undefined) this.#unload(room);
    else void this.#askBeforeUnload(room, this.#hooks.closing);
  }

  /** Resolves when every document has left memory, as they do once their links are closed. It is for a shutdown: nothing is compacted any more. */
  unloadAll(): Promise<void> {
    this.#stopping = true;
    for (const name of [...this.#rooms.keys()]) this.unloadIfIdle(name);
    if (this.#rooms.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onEmpty = resolve;
    });
  }

  /** Destroys what is still in memory, so that no timer outlives the server. What was not committed was not acknowledged. */
  destroyAll(): void {
    for (const room of this.#rooms.values()) room.destroy();
    this.#rooms.clear();
  }

  async #load(name: string, opener: Member | null): Promise<Room> {
    const loading = this.#loading.get(name) ?? this.#begin(name, opener);
    this.#loading.set(name, loading);
    try {
      return await loading;
    } finally {
      this.#loading.delete(name);
    }
  }

  /** What is stored is read before there is a room, so that a failed load leaves nothing to clean up ([D5]). */
  async #begin(name: string, opener: Member | null): Promise<Room> {
    const startedAt = this.#parts.now();
    const loaded = await this.#read(name);
    const shared = (await this.#hooks.document?.(name, opener)) ?? null;
    const first = await this.#firstContent(loaded, shared, opener);
    const filled = shared === null && isHeavy(loaded) ? await this.#fill(loaded) : null;
    const room = this.#make(loaded, shared, filled);
    if (first !== null) room.log.append(first, null);
    this.#rooms.set(name, room);
    this.#trace({ document: name, bytes: room.log.bytes, version: room.version, ms: this.#parts.now() - startedAt }, 'loaded');
    try {
      await this.#hooks.opened?.(room, opener);
    } catch (error) {
      this.unloadIfIdle(name);
      throw error;
    }
    return room;
  }

  async #read(name: string): Promise<LoadedDocument> {
    const { store, onError } = this.#parts;
    try {
      const isFailure = (error: unknown) => !(error instanceof InkwireError) || error.code === 'database-unavailable';
      const loaded = await this.#loads.run(() => store.load(name), isFailure);
      if (loaded.damage !== undefined) onError('reading a snapshot', new InkwireError('internal', loaded.damage));
      return loaded;
    } catch (error) {
      const refusal = error instanceof InkwireError ? error : new InkwireError('database-unavailable', undefined, { cause: error });
      if (refusal.code !== 'document-deleted') onError('loading a document', error);
      throw refusal;
    }
  }

  /** What an extension knows of a name that the log does not: the first update to be logged; `null` when it is nothing. */
  async #firstContent(loaded: LoadedDocument, shared: SharedDoc | null, opener: Member | null): Promise<Uint8Array | null> {
    if (shared === null || this.#hooks.load === undefined || loaded.handle.id !== null) return null;
    try {
      await this.#hooks.load(loaded.handle.name, shared, opener);
    } catch (error) {
      shared.doc.destroy();
      throw error;
    }
    const { clients, pendingStructs } = shared.doc.store;
    return clients.size === 0 && pendingStructs === null ? null : encodeStateAsUpdate(shared.doc);
  }

  #make(loaded: LoadedDocument, shared: SharedDoc | null, filled: RoomDoc | null): Room {
    const { name } = loaded.handle;
    try {
      return new Room(loaded, { ...this.#parts, onQuiet: () => this.unloadIfIdle(name) }, shared, filled);
    } catch (error) {
      throw this.#unreadable(name, error);
    }
  }

  /** A document that is filled in slices. */
  async #fill(loaded: LoadedDocument): Promise<RoomDoc> {
    const document = new RoomDoc();
    try {
      await fillInSlices(document, loaded, this.#parts.cut);
    } catch (error) {
      if (error instanceof InkwireError && error.code !== 'malformed-update') throw error;
      throw this.#unreadable(loaded.handle.name, error);
    }
    return document;
  }

  #unreadable(name: string, cause: unknown): InkwireError {
    const refusal = new InkwireError('internal', `What is stored of "${name}" cannot be read; nothing was changed.`, { cause });
    this.#parts.onError('loading a document', refusal);
    return refusal;
  }

  #isIdle(room: Room): boolean {
    if (room.members.size > 0 || this.#pins.has(room.name)) return false;
    if (room.busy) {
      room.log.reportCommit();
      return false;
    }
    return this.#hooks.holds?.(room) !== true;
  }

  async #askBeforeUnload(room: Room, ask: (room: Room) => Promise<void>): Promise<void> {
    this.#closing.add(room);
    try {
      await ask(room);
    } catch {
      return;
    } finally {
      this.#closing.delete(room);
    }
    if (this.#rooms.get(room.name) === room && this.#isIdle(room)) this.#unload(room);
  }

  #unload(room: Room): void {
    this.#rooms.delete(room.name);
    this.#trace({ document: room.name, version: room.version }, 'unloaded');
    this.#destroy(room);
    this.#hooks.closed?.(room.name);
  }

  #destroy(room: Room): void {
    room.destroy();
    if (this.#rooms.size === 0) this.#onEmpty();
  }
}
