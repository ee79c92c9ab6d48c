import type { ListOptions } from '../../persistence/document-store.ts';
import { type Identity, isPrefix } from '../../protocol/identity.ts';

/** The names and prefixes of the documents somebody may read: every role includes reading. All of them: `undefined`. */
export function readableBy({ access }: Pick<Identity, 'access'>): ListOptions['within'] {
  const patterns = Object.keys(access);
  if (patterns.includes('*')) return undefined;
  return {
    names: patterns.filter((pattern) => !isPrefix(pattern)),
    prefixes: patterns.filter(isPrefix).map((pattern) => pattern.slice(0, -1)),
  };
}
