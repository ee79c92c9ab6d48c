import type { ErrorCode } from '../../protocol/errors.ts';

/** How long a refusal of one code and address is not written again, ms. */
const SILENCE_MS = 60_000;

/** Codes and addresses that are remembered; beyond, refusals are counted and not written, for that long. */
const MAX_KEYS = 1_000;

/** What was refused, as it goes into the log. */
export interface RefusalLine {
  readonly code: ErrorCode;
  readonly address: string;
  /** How many more of this code came from the address since the last line. */
  readonly unwritten: number;
}

/**
 * Writes refusals to the log, a line a minute for each code and address: a flood of refusals is not to
 * fill the disk. Given neither a token nor a URL, so neither can be written. Times are ms of one clock.
 */
export class RefusalLog {
  readonly #write: (line: RefusalLine) => void;
  readonly #written = new Map<string, { at: number; unwritten: number }>();

  constructor(write: (line: RefusalLine) => void) {
    this.#write = write;
  }

  refused(code: ErrorCode, address: string, now: number): void {
    const key = `${code} ${address}`;
    const last = this.#written.get(key);
    if (last !== undefined && now - last.at < SILENCE_MS) {
      last.unwritten++;
      return;
    }
    if (last === undefined && this.#written.size >= MAX_KEYS && !this.#forget(now)) return;
    this.#written.set(key, { at: now, unwritten: 0 });
    this.#write({ code, address, unwritten: last?.unwritten ?? 0 });
  }

  /** Whether there is room again. */
  #forget(now: number): boolean {
    for (const [key, { at }] of this.#written) if (now - at >= SILENCE_MS) this.#written.delete(key);
    return this.#written.size < MAX_KEYS;
  }
}
