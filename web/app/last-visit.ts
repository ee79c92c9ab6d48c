import { readVersion, writersBetween } from './api.ts';
import { store, stored } from './storage.ts';

/** While somebody looks at a document what they have seen is noted so often, ms. */
const NOTE_EVERY_MS = 30_000;

/** What others wrote in a document since one was in it last. */
export interface Missed {
  /** The version one had seen. */
  readonly since: number;
  /** What the others are called; guests are not told apart. */
  readonly names: readonly string[];
}

/** Notes in this browser which version of a document somebody has seen, and tells what they missed when they come back. */
export class LastVisit {
  readonly #documentName: string;
  readonly #key: string;
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #isThere: () => boolean;
  #changed = false;

  /** `isThere`: something of the document is committed. What nobody has written to does not exist, and is not asked for. */
  constructor(documentName: string, isThere: () => boolean) {
    this.#documentName = documentName;
    this.#isThere = isThere;
    this.#key = `inkwire.seen.${documentName}`;
    this.#timer = setInterval(() => void this.#noteChanges(), NOTE_EVERY_MS);
    document.addEventListener('visibilitychange', this.#onHidden);
  }

  /** Resolves with what others wrote since the last visit, `null` when nobody did; `ownId` is the `sub` of who asks. From here on this visit counts. */
  async missed(ownId: string | null): Promise<Missed | null> {
    if (!this.#isThere()) return null;
    const seen = Number(stored('localStorage', this.#key));
    const head = await readVersion(this.#documentName);
    store('localStorage', this.#key, String(head));
    if (!(seen > 0) || seen >= head) return null;
    const others = (await writersBetween(this.#documentName, seen, head)).filter(({ author }) => author !== null && author !== ownId);
    const names = new Set(others.map(({ author, name }) => name ?? author!));
    return names.size === 0 ? null : { since: seen, names: [...names] };
  }

  /** The text on the screen has changed. */
  changed(): void {
    this.#changed = true;
  }

  destroy(): void {
    clearInterval(this.#timer);
    document.removeEventListener('visibilitychange', this.#onHidden);
    void this.#noteChanges();
  }

  readonly #onHidden = () => {
    if (document.visibilityState === 'hidden') void this.#noteChanges();
  };

  async #noteChanges(): Promise<void> {
    if (!this.#changed || !this.#isThere()) return;
    this.#changed = false;
    // What cannot be asked now is asked at the next change.
    const version = await readVersion(this.#documentName).catch(() => null);
    if (version !== null) store('localStorage', this.#key, String(version));
  }
}
