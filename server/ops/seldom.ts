/** How long nothing is said after something was, ms. */
const SILENCE_MS = 60_000;

/** Passes on at most one call a minute: a log is not to be filled with one failure of many requests. */
export function seldom<T>(say: (about: T) => void, now: () => number = () => performance.now()): (about: T) => void {
  let silentUntil = Number.NEGATIVE_INFINITY;
  return (about) => {
    if (now() < silentUntil) return;
    silentUntil = now() + SILENCE_MS;
    say(about);
  };
}
