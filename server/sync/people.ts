import type { Awareness } from 'y-protocols/awareness';

/** Someone in a document, as lists show them. */
export interface Present {
  readonly name: string;
  /** `#rrggbb`. */
  readonly color: string;
}

const MAX_NAME_CHARACTERS = 80;
const HEX_COLOR = /^#[0-9a-f]{6}$/i;

/** Who is in a document, each person once. Awareness is written by clients, so nothing of it is taken on trust. */
export function presentIn(awareness: Awareness): Present[] {
  const people = new Map<unknown, Present>();
  for (const [clientId, state] of awareness.getStates()) {
    const user: unknown = state.user;
    if (typeof user !== 'object' || user === null) continue;
    const { id, name, color } = user as Record<string, unknown>;
    if (typeof name !== 'string' || name.trim() === '') continue;
    people.set(typeof id === 'string' ? id : clientId, {
      name: name.slice(0, MAX_NAME_CHARACTERS),
      color: typeof color === 'string' && HEX_COLOR.test(color) ? color : '#6b665d',
    });
  }
  return [...people.values()];
}
