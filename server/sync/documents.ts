import * as Y from 'yjs';
import { readTitle } from '../../document/live.ts';
import type { DocumentInfo, DocumentStore, ListOptions, Page } from '../../persistence/document-store.ts';
import { nameProblem } from '../../protocol/document-name.ts';
import { InkwireError } from '../../protocol/errors.ts';
import type { Documents as DocumentsPort } from '../ports/documents.ts';
import { type Present, presentIn } from './people.ts';
import type { Room } from './room.ts';
import type { Rooms } from './rooms.ts';

/** Longest wait for a commit before the caller is told that the database is away, ms. */
const COMMIT_TIMEOUT_MS = 30_000;

/**
 * The documents as the server's own parts use them: the HTTP API, the command line, the first start.
 * Reads and edits go through the room, so that people in it see an edit at once and a read is never
 * behind them.
 */
export class Documents implements DocumentsPort {
  readonly #rooms: Rooms;
  readonly #store: DocumentStore;

  constructor(rooms: Rooms, store: DocumentStore) {
    this.#rooms = rooms;
    this.#store = store;
  }

  /** Creates a document with its first content, committed on return. Throws `document-exists`, `bad-name`. */
  async create(name: string, author: string | null, fill: (document: Y.Doc) => void): Promise<DocumentInfo> {
    checkName(name);
    const draft = new Y.Doc();
    draft.transact(() => fill(draft));
    const update = draft.store.clients.size === 0 ? null : Y.encodeStateAsUpdate(draft);
    const { clientID: clientId } = draft;
    const title = readTitle(draft);
    draft.destroy();
    // Someone looking at the name may have typed the first letter: the document exists, committed or not.
    if (this.#rooms.get(name)?.log.exists) throw new InkwireError('document-exists', `There is a document named "${name}" already.`);
    const content = update === null ? { title, author } : { title, author, update, clientId };
    const { info, handle } = await database(this.#store.create(name, content));
    await this.#rooms.created(handle, update, clientId);
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
    return deleted;
  }

  /** `read` sees the live document and the head of its log, and must not change it. Throws `document-not-found`. */
  read<T>(name: string, read: (document: Y.Doc, version: number) => T): Promise<T> {
    return this.#open(name, async (room) => {
      await room.settled;
      return room.read((document) => read(document, room.version));
    });
  }

  /**
   * One transaction on the live document; resolves after its commit. Throws `document-not-found`, and
   * `version-mismatch` when `expectedVersion` is not the head of the log.
   */
  edit(name: string, author: string | null, edit: (document: Y.Doc) => void, expectedVersion?: number): Promise<{ version: number }> {
    return this.#open(name, async (room) => {
      if (expectedVersion !== undefined) {
        await room.log.committed(COMMIT_TIMEOUT_MS);
        if (room.version !== expectedVersion) {
          throw new InkwireError('version-mismatch', `The document is at version ${room.version}, not ${expectedVersion}.`);
        }
      }
      if (room.log.full)
        throw new InkwireError(
          'overloaded',
          'Too many edits of this document wait for the database. Nothing was changed; try again later.',
        );
      await room.settled;
      room.edit(author, edit);
      await room.log.committed(COMMIT_TIMEOUT_MS);
      return { version: room.version };
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
      throw new InkwireError('document-not-found', `There is no document named "${name}".`);
    }
    return this.#rooms.use(name, null, use);
  }
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
