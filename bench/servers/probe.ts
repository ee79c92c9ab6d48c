import { monitorEventLoopDelay } from 'node:perf_hooks';

/**
 * Loaded into every server before its own code (`--import`), so that each is asked the same way:
 * a message "usage" is answered with a `Usage`, after a full garbage collection when it says so;
 * "watch" watches the event loop from then on or no longer: it costs a wake-up a millisecond.
 */
export interface Usage {
  /** CPU of all its threads since it started, seconds. */
  readonly cpuSeconds: number;
  /** Resident memory, and what of it JavaScript holds (heap and buffers), bytes. */
  readonly residentBytes: number;
  readonly heldBytes: number;
  /** How long something due in a millisecond had to wait, ms; `null` when it never was watched. */
  readonly loopDelay: { readonly p50: number; readonly p99: number; readonly max: number } | null;
}

export type Question = { readonly ask: 'usage'; readonly collect: boolean } | { readonly ask: 'watch'; readonly on: boolean };

type Histogram = ReturnType<typeof monitorEventLoopDelay>;

let delays: Histogram | null = null;

process.on('message', async (question: Question) => {
  if (question.ask === 'watch') {
    delays ??= monitorEventLoopDelay({ resolution: 1 });
    if (question.on) delays.enable();
    else delays.disable();
    delays.reset();
    return;
  }
  if (question.collect) await collectGarbage();
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed, external } = process.memoryUsage();
  const usage: Usage = {
    cpuSeconds: (user + system) / 1e6,
    residentBytes: rss,
    heldBytes: heapUsed + external,
    loopDelay: delays === null ? null : delaysOf(delays),
  };
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

function delaysOf(histogram: Histogram): NonNullable<Usage['loopDelay']> {
  const ms = (nanoseconds: number) => nanoseconds / 1e6;
  return { p50: ms(histogram.percentile(50)), p99: ms(histogram.percentile(99)), max: ms(histogram.max) };
}
