/** What a server owes at a moment. */
export type Debt =
  /** It was sent nothing that it has not answered. */
  | { readonly what: 'nothing' }
  /** Edits of so many bytes are not acknowledged. */
  | { readonly what: 'answer'; readonly bytes: number }
  /** It was handed a token, and is asked for the document; `failures` connections in a row did not bring it. */
  | { readonly what: 'document'; readonly failures: number };

/** Edits that are not answered, while nothing else comes in, for so long that the server does not answer, ms. */
export const PATIENCE_MS = 5000;

/** Of that time it waits so long before it asks for a sign of life: an acknowledgement alone may be held up by a database. */
const ASK_AFTER_MS = 2000;

/** Where nothing is owed: longer than presence is silent, which says something every 15 s. */
const ASK_IDLE_AFTER_MS = 20_000;

/** A large document may take its time, and a sign of life is not answered before it; longer each time it did not come. */
const DOCUMENT_PATIENCE_MS = 30_000;
const MAX_DOUBLINGS = 3;

/** A long edit is on its way before the sign of life that is asked for after it: a slow line's bytes a second, and the ms they may add. */
const SLOW_BYTES_PER_SECOND = 32_000;
const MAX_UPLOAD_MS = 60_000;

/** Of one interval no more counts, ms: a machine that slept, or a tab that was put aside, was not listening. */
const MAX_STEP_MS = 2000;

/** Judges from what goes out and comes in on one connection whether the server at its other end still answers. */
export class Silence {
  #owed: Debt['what'] | null = null;
  #asked = false;
  #quietMs = 0;

  /** Something came in. */
  heard(): void {
    this.#quietMs = 0;
    this.#asked = false;
  }

  /** Something on the way has left. */
  progressed(): void {
    this.#quietMs = 0;
  }

  /** The next look asks, where that can be done. */
  hurry(): void {
    if (this.#asked || this.#owed === 'document') return;
    this.#quietMs = Math.max(this.#quietMs, this.#owed === 'answer' ? ASK_AFTER_MS : ASK_IDLE_AFTER_MS);
  }

  /**
   * To be called once or twice a second. `ask`: something is to be sent that every server answers. `debt` is
   * `null` while nothing can be said of the server.
   */
  look(elapsedMs: number, debt: Debt | null): 'ask' | 'silent' | null {
    // Who was asked owes an answer.
    const owed = debt?.what === 'nothing' && this.#asked ? 'answer' : (debt?.what ?? null);
    if (owed !== this.#owed) {
      this.#owed = owed;
      this.#quietMs = 0;
    }
    if (debt === null) return null;
    this.#quietMs += Math.min(elapsedMs, MAX_STEP_MS);
    if (debt.what !== 'document' && !this.#asked) {
      if (this.#quietMs < (debt.what === 'nothing' ? ASK_IDLE_AFTER_MS : ASK_AFTER_MS)) return null;
      this.#asked = true;
      return 'ask';
    }
    return this.#quietMs >= patienceMs(debt) ? 'silent' : null;
  }
}

function patienceMs(debt: Debt): number {
  if (debt.what === 'document') return DOCUMENT_PATIENCE_MS * 2 ** Math.min(debt.failures, MAX_DOUBLINGS);
  return PATIENCE_MS + (debt.what === 'answer' ? Math.min(MAX_UPLOAD_MS, Math.floor(debt.bytes / SLOW_BYTES_PER_SECOND) * 1000) : 0);
}
