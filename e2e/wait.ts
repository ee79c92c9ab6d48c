import { setTimeout as sleep } from 'node:timers/promises';

const MIN_PAUSE_MS = 5;
const MAX_PAUSE_MS = 200;

/**
 * Resolves when `condition` holds; rejects after `timeoutMs` with `what` in the message. The condition
 * is looked at every few milliseconds: conditions of another process raise no event here. One that
 * takes long to look at is looked at less often, or waiting would cost more than what is waited for.
 */
export async function until(what: string, condition: () => unknown | Promise<unknown>, timeoutMs = 60_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const begun = performance.now();
    if (await condition()) return;
    if (Date.now() > deadline) throw new Error(`Waited ${timeoutMs} ms in vain until ${what}.`);
    await sleep(Math.min(MAX_PAUSE_MS, Math.max(MIN_PAUSE_MS, 2 * (performance.now() - begun))));
  }
}
