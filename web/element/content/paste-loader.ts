type Behaviour = typeof import('./paste-behaviour.ts');

let loaded: Behaviour | null = null;

/** What pasting does, fetched once. */
export async function loadPasteBehaviour(): Promise<Behaviour> {
  loaded ??= await import('./paste-behaviour.ts');
  return loaded;
}

/** If it was fetched before, for an event that cannot wait. */
export function pasteBehaviourIfLoaded(): Behaviour | null {
  return loaded;
}
