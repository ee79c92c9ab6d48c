import type { AccessStore, Revocation, RevocationKind } from '../../persistence/access-store.ts';
import { Revocations } from './revocations.ts';

/**
 * How often the database is asked for revocations of other nodes, ms: twice within the second that is
 * promised. LISTEN would be told at once, and not at all behind a pooler in transaction mode.
 */
const POLL_MS = 500;

/** The part of the access store that is asked. */
type RevocationStore = Pick<AccessStore, 'revocationsAfter' | 'revoke'>;

/** Keeps this process's revocations what the database says. */
export class RevocationFeed {
  readonly known = new Revocations();
  readonly #store: RevocationStore;
  readonly #clock: () => number;
  readonly #onError: (error: unknown) => void;
  readonly #listeners = new Set<() => void>();
  #timer: NodeJS.Timeout | undefined;
  #failing = false;
  #closed = false;

  /** `onError` is told the first failure to ask, and the next one after an answer. */
  constructor(store: RevocationStore, clock: () => number, onError: (error: unknown) => void) {
    this.#store = store;
    this.#clock = clock;
    this.#onError = onError;
  }

  /** Resolves when all revocations are known; from then on they are kept so. */
  async start(): Promise<void> {
    this.known.addNext(await this.#store.revocationsAfter(0n));
    this.known.forget(this.#clock());
    this.#schedule();
  }

  /** Commits a revocation; it holds in this process when this resolves, and within a second in the others. */
  async revoke(kind: RevocationKind, value: string): Promise<void> {
    this.learn(await this.#store.revoke(kind, value, this.#clock()));
  }

  /** Takes a revocation that this process has committed itself. */
  learn(revocation: Revocation): void {
    if (this.known.add([revocation])) this.#tell();
  }

  /** Calls `listener` when revocations were added; returns how to stop it. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #schedule(): void {
    if (this.#closed) return;
    this.#timer = setTimeout(() => void this.#poll(), POLL_MS);
    this.#timer.unref();
  }

  async #poll(): Promise<void> {
    const added = await this.#read();
    this.#schedule();
    if (!this.known.addNext(added)) return;
    this.known.forget(this.#clock());
    this.#tell();
  }

  async #read(): Promise<Revocation[]> {
    try {
      const added = await this.#store.revocationsAfter(this.known.last);
      this.#failing = false;
      return added;
    } catch (error) {
      if (!this.#failing && !this.#closed) this.#onError(error);
      this.#failing = true;
      return [];
    }
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
