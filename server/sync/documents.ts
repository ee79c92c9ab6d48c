import * as Y from 'yjs';
import { readTitle } from '../../document/live.ts';
import type { DocumentInfo, DocumentStore, ListOptions, LoggedUpdate, Page } from '../../persistence/document-store.ts';
import { nameProblem } from '../../protocol/document-name.ts';
import { InkwireError } from '../../protocol/errors.ts';
import type { DocumentState, Documents as DocumentsPort, Script, Written } from '../ports/documents.ts';
import { type Present, presentIn } from './people.ts';
import type { Room } from './room.ts';
import type { Rooms } from './rooms.ts';
import { seenAs } from './seen-as.ts';

/** Longest wait for a commit before the caller is told that the database is away, ms. */
const COMMIT_TIMEOUT_MS = 30_000;

/**
 * The documents as the server's own parts use them: the HTTP API, the command line, the first start.
 * Reads and edits go through the room, so that people in it see an edit at once and a read is never
 * behind them.
 */
export class Documents implements DocumentsPort {
  readonly #rooms: Rooms;
  readonly #isAlone: boolean;
  readonly #store: DocumentStore;

  /** `isAlone`: no other node has the same documents. */
  constructor(rooms: Rooms, store: DocumentStore, isAlone = true) {
    this.#isAlone = isAlone;
    this.#rooms = rooms;
    this.#store = store;
  }

  /** Creates a document with its first content, committed on return. Throws `document-exists`, `bad-name`. */
  async create(name: string, author: string | null, made: Parameters<DocumentsPort['create']>[2]): Promise<DocumentInfo> {
    checkName(name);
    const { update, clientId, title } = typeof made === 'function' ? draft(made) : made;
    // Someone looking at the name may have typed the first letter: the document exists, committed or not.
    if (this.#rooms.get(name)?.log.exists) throw new InkwireError('document-exists', `There is a document named "${name}" already.`);
    const content = update === null ? { title, author } : { title, author, update, clientId };
    const { info, handle } = await database(this.#store.create(name, content));
    await this.#rooms.created(handle, update, clientId);
    this.#rooms.tellOthers(name);
    return info;
  }

  async info(name: string): Promise<DocumentInfo | null> {
    checkName(name);
    return database(this.#store.info(name));
  }

  list(options: ListOptions): Promise<Page<DocumentInfo>> {
    return database(this.#store.list(options));
  }

  async delete(name: string): Promise<boolean> {
    checkName(name);
    const room = this.#rooms.get(name);
    const deleted = await database(this.#store.delete(name));
    if (room !== undefined && deleted) this.#rooms.deleted(room.handle);
    if (deleted) this.#rooms.tellOthers(name);
    return deleted;
  }

  /**
   * One transaction on the live document; resolves after its commit. Throws `document-not-found`, and
   * `version-mismatch` when `expectedVersion` is not the head of the log.
   */
  edit(name: string, author: string | null, edit: (document: Y.Doc) => void, expectedVersion?: number): Promise<{ version: number }> {
    return this.#open(name, async (room) => {
      await room.caughtUp();
      await requireVersion(room, expectedVersion);
      await room.settled;
      requireRoom(room);
      room.edit(author, edit);
      await room.log.committed(COMMIT_TIMEOUT_MS);
      await room.caughtUp();
      return { version: room.version };
    });
  }

  /** Everything that was acknowledged by now, as bytes. Throws `document-not-found`. */
  async state(name: string): Promise<DocumentState> {
    checkName(name);
    // What nobody has open is all in the log, and is read without opening it.
    if (this.#rooms.get(name) === undefined) {
      const info = await database(this.#store.info(name));
      if (info === null) throw notFound(name);
      const { snapshot, updates, head, handle } = await database(this.#store.load(name));
      const key = `${handle.id}.${handle.epoch}.${head}`;
      return { updates: snapshot === null ? updates : [snapshot, ...updates], title: info.title, version: head, key };
    }
    return this.#open(name, async (room) => {
      await room.caughtUp();
      await room.settled;
      const { version, handle } = room;
      const updates = await room.state.all();
      // Other nodes show edits before they are committed; what nothing is left to commit of, and nothing was written to meanwhile, is the log.
      const isLog = this.#isAlone && !room.busy && room.version === version;
      return { updates, title: room.read(readTitle), version, key: isLog ? `${handle.id}.${handle.epoch}.${version}` : null };
    });
  }

  /** Writes what was made of the state elsewhere; resolves after its commit. Throws as `edit` does. */
  rewrite(
    name: string,
    author: string | null,
    write: (state: readonly Uint8Array[]) => Promise<Written>,
    expectedVersion?: number,
    script?: Script,
  ): Promise<{ version: number }> {
    return this.#open(name, (room) =>
      seenAs(script, room, async () => {
        await room.caughtUp();
        await requireVersion(room, expectedVersion);
        await room.settled;
        const { update, clientId } = await write(await room.state.all());
        await requireVersion(room, expectedVersion);
        requireRoom(room);
        if (update !== null) await room.write(update, clientId, author);
        await room.log.committed(COMMIT_TIMEOUT_MS);
        await room.caughtUp();
        return { version: room.version };
      }),
    );
  }

  /** Every update of its log, in order. Throws `document-not-found`. */
  log(name: string): Promise<LoggedUpdate[]> {
    return this.#open(name, async (room) => {
      await room.log.committed(COMMIT_TIMEOUT_MS);
      const updates: LoggedUpdate[] = [];
      for (let seq = 0; ; ) {
        const rows = await database(this.#store.updatesAfter(room.handle, seq));
        for (const row of rows) updates.push(row);
        const last = rows.at(-1);
        if (last === undefined) return updates;
        seq = last.seq;
      }
    });
  }

  /** Who is in the document at this moment, on this process. */
  present(name: string): Present[] {
    const awareness = this.#rooms.get(name)?.presence.awareness ?? null;
    return awareness === null ? [] : presentIn(awareness);
  }

  async #open<T>(name: string, use: (room: Room) => T | Promise<T>): Promise<T> {
    checkName(name);
    // Opening a name that was never written to leaves nothing behind, but it must not be opened for every guess.
    if (!this.#rooms.get(name)?.log.exists && (await database(this.#store.info(name))) === null) {
      throw notFound(name);
    }
    return this.#rooms.use(name, null, use);
  }
}

/** What a document begins with, written by a function. */
function draft(fill: (document: Y.Doc) => void): Written & { readonly title: string } {
  const document = new Y.Doc();
  document.transact(() => fill(document));
  const update = document.store.clients.size === 0 ? null : Y.encodeStateAsUpdate(document);
  const made = { update, clientId: document.clientID, title: readTitle(document) };
  document.destroy();
  return made;
}

/** Throws `version-mismatch` when a version is expected and the head of the log is another. */
async function requireVersion(room: Room, expected: number | undefined): Promise<void> {
  if (expected === undefined) return;
  await room.log.committed(COMMIT_TIMEOUT_MS);
  if (room.version !== expected) throw new InkwireError('version-mismatch', `The document is at version ${room.version}, not ${expected}.`);
}

/** Throws `overloaded` when the document holds all the uncommitted edits it may. */
function requireRoom({ log }: Room): void {
  if (!log.full) return;
  throw new InkwireError('overloaded', 'Too many edits of this document wait for the database. Nothing was changed; try again later.');
}

function notFound(name: string): InkwireError {
  return new InkwireError('document-not-found', `There is no document named "${name}".`);
}

function checkName(name: string): void {
  const problem = nameProblem(name);
  if (problem !== null) throw new InkwireError('bad-name', `The document's name ${problem}.`);
}

/** Any failure of the store that is not a refusal means that the database did not answer. */
async function database<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw error instanceof InkwireError ? error : new InkwireError('database-unavailable', undefined, { cause: error });
  }
}
