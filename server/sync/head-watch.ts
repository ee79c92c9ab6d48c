import type { DocumentHandle, DocumentStore, LogHead } from '../../persistence/document-store.ts';
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
    await this.compare([...this.#parts.handles()].filter(({ id }) => id !== null)).catch(() => {});
  }

  /** Compares these with their logs, and says where each log stands. Rejects when the database does not answer. */
  async compare(handles: readonly DocumentHandle[], onHead: (handle: DocumentHandle, head: LogHead) => void = () => {}): Promise<void> {
    const { store, writer } = this.#parts;
    for (let at = 0; at < handles.length; at += MAX_PER_LOOK) {
      const some = handles.slice(at, at + MAX_PER_LOOK);
      const known = some.map(({ head }) => head);
      const heads = await store.heads(some);
      for (const [index, handle] of some.entries()) {
        writer.verify(handle, known[index]!, heads[index]!);
        onHead(handle, heads[index]!);
      }
    }
  }
}
