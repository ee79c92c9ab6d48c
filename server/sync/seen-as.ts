import { randomInt } from 'node:crypto';
import type { Script } from '../ports/documents.ts';
import type { Presence } from './presence.ts';

/** How long a script is shown after its edit, ms: an edit takes less than it takes to read a name. */
const LINGER_MS = 5_000;

/** Where somebody is shown. */
interface SeenIn {
  readonly presence: Presence;
  readonly members: Iterable<unknown>;
}

/** Each script as it is shown in a room, by its `sub`. */
const shown = new WeakMap<Presence, Map<string, Shown>>();

interface Shown {
  readonly clientId: number;
  works: number;
  leaves: NodeJS.Timeout | undefined;
}

/** Does the work while people in the room see the script among them; one that works several times at once, or soon again, is seen once. */
export async function seenAs<T>(script: Script | undefined, room: SeenIn, work: () => Promise<T>): Promise<T> {
  const leave = script === undefined || isEmpty(room.members) ? () => {} : arrive(script, room.presence);
  try {
    return await work();
  } finally {
    leave();
  }
}

const isEmpty = (members: Iterable<unknown>): boolean => members[Symbol.iterator]().next().done === true;

function arrive({ sub, name }: Script, presence: Presence): () => void {
  const here = shown.get(presence) ?? new Map<string, Shown>();
  shown.set(presence, here);
  const one = here.get(sub) ?? { clientId: randomInt(1, 2 ** 32), works: 0, leaves: undefined };
  if (!here.has(sub)) presence.appear(one.clientId, { user: { id: sub, name: name || 'Script' } });
  here.set(sub, one);
  clearTimeout(one.leaves);
  one.works += 1;
  return () => {
    one.works -= 1;
    if (one.works > 0) return;
    one.leaves = setTimeout(() => {
      here.delete(sub);
      presence.disappear(one.clientId);
    }, LINGER_MS).unref();
  };
}
