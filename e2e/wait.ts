import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Resolves when `condition` holds; rejects after `timeoutMs` with `what` in the message. The condition
 * is looked at every few milliseconds: conditions of another process raise no event here.
 */
export async function until(what: string, condition: () => unknown | Promise<unknown>, timeoutMs = 60_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`Waited ${timeoutMs} ms in vain until ${what}.`);
    await sleep(5);
  }
}
