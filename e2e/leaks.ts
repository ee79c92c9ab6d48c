import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { LivePath } from './live-path.ts';
import { RawSocket } from './raw-socket.ts';
import { until } from './wait.ts';

/** How many sockets are open at a time. */
const AT_ONCE = 100;

/** Opens and closes `connections` sockets, each in one of `documents` documents, and waits until nothing of them is in memory. */
export async function comeAndGo(path: LivePath, documents: number, connections: number): Promise<void> {
  for (let done = 0; done < connections; done += AT_ONCE) {
    const sockets = await Promise.all(
      Array.from({ length: Math.min(AT_ONCE, connections - done) }, (_, at) =>
        RawSocket.into(path.collab, `document ${(done + at) % documents}`),
      ),
    );
    for (const socket of sockets) socket.close();
  }
  await until('no document is in memory', () => path.rooms.size === 0);
}

/** What is left when nobody is there: heap after full collections, bytes, and timers that would still fire. */
export async function restingState(): Promise<{ heapBytes: number; timers: number }> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  // Twice: what the first frees may hold what only the second finds.
  for (let round = 0; round < 3; round++) {
    collect();
    await nextTurn();
  }
  const timers = process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
  return { heapBytes: process.memoryUsage().heapUsed, timers };
}
