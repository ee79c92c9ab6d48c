import type { NodeStatus } from './messages.ts';

/** A node is taken for dead when nothing of it was heard for so long, ms: eight pulses. */
export const SILENT_MS = 4_000;

/** The other nodes, as far as this one hears them. */
export class Peers {
  readonly #heard = new Map<string, { at: number; status: NodeStatus | null }>();

  /** A node has said something; whether it was not known to be there. */
  heard(id: string, at: number, status: NodeStatus | null = null): boolean {
    const known = this.#heard.get(id);
    if (known === undefined) this.#heard.set(id, { at, status });
    else {
      known.at = at;
      known.status = status ?? known.status;
    }
    return known === undefined;
  }

  /** A node has said that it goes. */
  left(id: string): void {
    this.#heard.delete(id);
  }

  /** Forgets the nodes that have fallen silent, and says which. */
  expire(now: number): string[] {
    const silent = [...this.#heard].filter(([, { at }]) => now - at >= SILENT_MS).map(([id]) => id);
    for (const id of silent) this.#heard.delete(id);
    return silent;
  }

  /** Those that are there and have said how they are. */
  get statuses(): [id: string, status: NodeStatus][] {
    return [...this.#heard].flatMap(([id, { status }]): [string, NodeStatus][] => (status === null ? [] : [[id, status]]));
  }
}
