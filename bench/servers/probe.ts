/**
 * Loaded into every server before its own code (`--import`), so that each is asked the same way:
 * a message "usage" is answered with a `Usage`, after a full garbage collection when it says so.
 */
export interface Usage {
  /** CPU of all its threads since it started, seconds. */
  readonly cpuSeconds: number;
  /** Resident memory, and what of it JavaScript holds (heap and buffers), bytes. */
  readonly residentBytes: number;
  readonly heldBytes: number;
}

export type Question = { readonly ask: 'usage'; readonly collect: boolean };

process.on('message', async ({ collect }: Question) => {
  if (collect) await collectGarbage();
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed, external } = process.memoryUsage();
  const usage: Usage = { cpuSeconds: (user + system) / 1e6, residentBytes: rss, heldBytes: heapUsed + external };
  process.send?.(usage);
});
// Without the bench nobody would stop this server.
process.on('disconnect', () => process.exit(1));
process.channel?.unref();

/** Twice: what the first frees may hold buffers that only the second finds. */
async function collectGarbage(): Promise<void> {
  for (let round = 0; round < 2; round++) {
    globalThis.gc?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
}
