import type { DocumentHandle, DocumentStore } from '../../persistence/document-store.ts';
import type { LogWriter } from '../../persistence/log-writer.ts';

/** How often every document in memory is compared with its log, ms. */
const ROUND_MS = 20_000;

/** Documents that one statement asks for: it takes a millisecond or two. */
const MAX_PER_LOOK = 200;

export interface HeadWatchParts {
  readonly store: Pick<DocumentStore, 'heads'>;
  readonly writer: Pick<LogWriter, 'verify'>;
  /** The documents in memory. */
  readonly handles: () => Iterable<DocumentHandle>;
}

/** Notices a log that has fallen back though nobody writes to it ([D13]): an append tells by itself. */
export class HeadWatch {
  readonly #parts: HeadWatchParts;
  #timer: NodeJS.Timeout | null = null;

  constructor(parts: HeadWatchParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#timer = setTimeout(() => void this.look().then(() => this.#timer !== null && this.start()), ROUND_MS);
    this.#timer.unref();
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** Compares every document in memory with its log. Never rejects: a database that is away is noticed elsewhere. */
  async look(): Promise<void> {
    const { store, writer } = this.#parts;
    const handles = [...this.#parts.handles()].filter(({ id }) => id !== null);
    for (let at = 0; at < handles.length; at += MAX_PER_LOOK) {
      const some = handles.slice(at, at + MAX_PER_LOOK);
      const known = some.map(({ head }) => head);
      try {
        const heads = await store.heads(some);
        for (const [index, handle] of some.entries()) writer.verify(handle, known[index]!, heads[index]!);
      } catch {
        return;
      }
    }
  }
}
