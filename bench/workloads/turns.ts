import type { Outcome, Stages } from './stages.ts';

/** What is to be known of the turns that are taken. */
export interface Turns {
  /** How many each server has. */
  readonly count: number;
  readonly onTurn: (server: string, number: number) => void;
  /** Waits until a server that has had its turn leaves the machine to the next. */
  readonly rest: (server: string) => Promise<void>;
}

/**
 * Has all servers, which are up at once, take turns. Outcomes of the same turn are of the same half minute:
 * a machine whose speed changes from one minute to the next changes them alike.
 */
export async function takeTurns(servers: ReadonlyMap<string, Stages>, { count, onTurn, rest }: Turns): Promise<Map<string, Outcome[]>> {
  const outcomes = new Map([...servers.keys()].map((id) => [id, [] as Outcome[]]));
  for (let number = 0; number < count; number++) {
    for (const id of turnOrder([...servers.keys()], number)) {
      onTurn(id, number);
      outcomes.get(id)!.push(await servers.get(id)!.turn({ number, count }));
      await rest(id);
    }
  }
  return outcomes;
}

/** Who goes when in turn `number`: each is first in its turn, and nobody always goes after the same one. */
export function turnOrder<T>(servers: readonly T[], number: number): T[] {
  const first = number % Math.max(1, servers.length);
  const rotated = [...servers.slice(first), ...servers.slice(0, first)];
  return number % 2 === 0 ? rotated : [...rotated.slice(0, 1), ...rotated.slice(1).reverse()];
}
