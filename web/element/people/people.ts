import { safeColor } from './caret-colors.ts';
import { cleanName } from './guest.ts';

/** Someone who is in the document at this moment. */
export interface Person {
  /** Stable per user, not per tab. */
  readonly id: string;
  readonly name: string;
  /** `#rrggbb`. */
  readonly color: string;
  /** This tab's own user. */
  readonly self: boolean;
}

/** Everyone in the awareness states, each once, self first, then by name. States are written by other clients: nothing in them is trusted. */
export function peopleIn(states: ReadonlyMap<number, Record<string, unknown>>, ownClientId: number): Person[] {
  const people = new Map<string, Person>();
  for (const [clientId, state] of states) {
    const user = state.user;
    if (typeof user !== 'object' || user === null) continue;
    const { id: claimed, name, color } = user as Record<string, unknown>;
    const id = typeof claimed === 'string' && claimed !== '' ? claimed : String(clientId);
    const self = clientId === ownClientId || (people.get(id)?.self ?? false);
    people.set(id, { id, name: (typeof name === 'string' ? cleanName(name) : null) ?? 'Guest', color: safeColor(color, id), self });
  }
  return [...people.values()].sort((a, b) => Number(b.self) - Number(a.self) || a.name.localeCompare(b.name));
}
