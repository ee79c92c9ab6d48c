import type { Io } from './command.ts';

/** What is worked on at once. */
const AT_ONCE = 4;

/** How often a person is told how far it is, ms. */
const TELL_EVERY_MS = 2_000;

/** Does something with each of many, several at once, and tells how far it is while it lasts. */
export async function forEachOf<T>(
  items: readonly T[],
  io: Pick<Io, 'tell'>,
  what: string,
  work: (item: T) => Promise<void>,
): Promise<void> {
  let done = 0;
  const waiting = items.values();
  const timer = setInterval(() => void io.tell(`${done} of ${items.length} ${what} …`), TELL_EVERY_MS);
  try {
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        for (const item of waiting) {
          await work(item);
          done += 1;
        }
      }),
    );
  } finally {
    clearInterval(timer);
  }
}
