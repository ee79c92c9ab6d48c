import { setTimeout as pause } from 'node:timers/promises';

/** Wait before storing is tried again, ms. */
const RETRY_MS = 500;

/**
 * The version of the document schema that a document was written under. The first edit of a client with
 * a later one raises it: clients that lack what it may have written would delete that from the document.
 */
export class SchemaLevel {
  readonly #store: (version: number) => Promise<void>;
  readonly #onStored: () => void;
  #version: number;
  #stored: number;
  #storing: Promise<void> | null = null;
  #stopped = false;

  /** `store` commits a version; it is tried until it succeeds, as the log is ([D6]), and `onStored` told. */
  constructor(stored: number, store: (version: number) => Promise<void>, onStored: () => void) {
    this.#version = stored;
    this.#stored = stored;
    this.#store = store;
    this.#onStored = onStored;
  }

  /** The version a client needs to write. */
  get version(): number {
    return this.#version;
  }

  /**
   * Whether an edit of a client of this version waits for a later version to be stored: one that
   * `grows` the document, or any while what it grew by is not. NaN, a client that has not said, waits for none.
   */
  mustStore(version: number, grows: boolean): boolean {
    return version > this.#stored && (grows || version <= this.#version);
  }

  /** Asks this version of everyone from now on; whether that is more than before. */
  raise(version: number): boolean {
    if (!(version > this.#version)) return false;
    this.#version = version;
    return true;
  }

  /** A version is being stored: the document may not leave memory, for who opens it next must find it. */
  get storing(): boolean {
    return this.#storing !== null;
  }

  /** Resolves when the version asked for is committed; never after `stop`. */
  async stored(): Promise<void> {
    while (this.#stored < this.#version) {
      this.#storing ??= this.#commit(this.#version);
      await this.#storing;
    }
  }

  /** The log has fallen back, and says this version: a later one is stored again. */
  restart(stored: number): void {
    this.#stored = stored;
    if (stored < this.#version) void this.stored();
  }

  /** Nothing is tried any more. */
  stop(): void {
    this.#stopped = true;
  }

  async #commit(version: number): Promise<void> {
    while (this.#stored < version) {
      try {
        await this.#store(version);
        this.#stored = version;
      } catch {
        if (this.#stopped) await new Promise(() => {});
        await pause(RETRY_MS, undefined, { ref: false });
      }
    }
    this.#storing = null;
    this.#onStored();
  }
}
