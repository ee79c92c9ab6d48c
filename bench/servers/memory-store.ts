import type { Append, AppendResult, DocumentStore, LoadedDocument } from '../../persistence/document-store.ts';

/** What the live path asks of a store. */
type LiveStore = Pick<DocumentStore, 'load' | 'append' | 'setTitle' | 'raiseSchemaVersion' | 'compact'>;

/** Commits at once, in memory: what Inkwire would cost if durability were free. Loses everything when it ends. */
export class MemoryStore implements LiveStore {
  readonly #logs = new Map<string, Uint8Array[]>();

  async load(name: string): Promise<LoadedDocument> {
    const updates = [...this.#logOf(name)];
    const handle = { name, id: name, epoch: 0, head: updates.length };
    return {
      handle,
      snapshot: null,
      snapshotSeq: 0,
      updates,
      head: updates.length,
      schemaVersion: 1,
      clientIds: new Map(),
      retiredClientIds: new Set(),
    };
  }

  async append(entries: readonly Append[]): Promise<AppendResult[]> {
    return entries.map(({ handle, update }) => ({ status: 'committed', seq: this.#logOf(handle.name).push(update) }));
  }

  async setTitle(): Promise<void> {}

  async raiseSchemaVersion(): Promise<void> {}

  async compact(): Promise<null> {
    return null;
  }

  #logOf(name: string): Uint8Array[] {
    const log = this.#logs.get(name) ?? [];
    this.#logs.set(name, log);
    return log;
  }
}
