import { InkwireError } from '../../protocol/errors.ts';

export interface TurnLimits {
  /** Uploads at once. Each holds a chunk of its file in memory. */
  readonly atOnce: number;
  /** Of them those of one user. */
  readonly atOncePerUser: number;
  /** Uploads that may wait; their senders are not read meanwhile. */
  readonly waiting: number;
}

interface Waiting {
  readonly user: string;
  readonly begin: () => void;
}

/**
 * Whose upload is next. [L3] Memory is bounded by how many are read at once; one user has a share of that, so that the
 * uploads of one, however many and slow, are a wait for that one alone.
 */
export class UploadTurns {
  readonly #limits: TurnLimits;
  readonly #running = new Map<string, number>();
  #total = 0;
  /** In the order they came. */
  #waiting: Waiting[] = [];

  constructor(limits: TurnLimits) {
    this.#limits = limits;
  }

  /** Resolves when it is the user's turn, with what ends it. Throws `overloaded` when too many wait already. */
  async take(user: string): Promise<() => void> {
    if (this.#mayBegin(user)) this.#begin(user);
    else {
      if (this.#waiting.length >= this.#limits.waiting) throw new InkwireError('overloaded', 'Too many uploads wait already.');
      await new Promise<void>((begin) => this.#waiting.push({ user, begin }));
    }
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      this.#end(user);
    };
  }

  #mayBegin(user: string): boolean {
    return this.#total < this.#limits.atOnce && (this.#running.get(user) ?? 0) < this.#limits.atOncePerUser;
  }

  #begin(user: string): void {
    this.#total += 1;
    this.#running.set(user, (this.#running.get(user) ?? 0) + 1);
  }

  #end(user: string): void {
    this.#total -= 1;
    const left = (this.#running.get(user) ?? 1) - 1;
    if (left > 0) this.#running.set(user, left);
    else this.#running.delete(user);
    const next = this.#waiting.find((waiting) => this.#mayBegin(waiting.user));
    if (next === undefined) return;
    this.#waiting = this.#waiting.filter((waiting) => waiting !== next);
    this.#begin(next.user);
    next.begin();
  }
}
