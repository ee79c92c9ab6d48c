import type { AssetStore, Collection } from '../../persistence/assets/asset-store.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** The pause before the first collection and between two: some minutes more or less, so that nodes take turns. */
const PAUSE_MS = { first: 10 * MINUTE_MS, usual: HOUR_MS, spread: 10 * MINUTE_MS } as const;

interface CollectingParts {
  readonly store: Pick<AssetStore, 'collect'>;
  readonly graceHours: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Chance, [0, 1). */
  readonly random: () => number;
  readonly onCollected: (collection: Collection) => void;
  readonly onError: (error: unknown) => void;
}

/** The moment before which what nothing needs is removed. */
export function collectedBefore(now: number, graceHours: number): Date {
  return new Date(now - graceHours * HOUR_MS);
}

/** Collects what nothing needs about once an hour ([D15]). Returns how to stop it, also in the middle. */
export function collectRegularly({ store, graceHours, now, random, onCollected, onError }: CollectingParts): () => void {
  const stopped = new AbortController();
  let timer: NodeJS.Timeout;
  const next = (pause: number) => {
    timer = setTimeout(() => void collect(), pause + random() * PAUSE_MS.spread);
    timer.unref();
  };
  const collect = async () => {
    try {
      const collection = await store.collect({ olderThan: collectedBefore(now(), graceHours), signal: stopped.signal });
      if (collection.assets.length > 0 || collection.uploads > 0) onCollected(collection);
    } catch (error) {
      if (!stopped.signal.aborted) onError(error);
    }
    if (!stopped.signal.aborted) next(PAUSE_MS.usual);
  };
  next(PAUSE_MS.first);
  return () => {
    stopped.abort();
    clearTimeout(timer);
  };
}
