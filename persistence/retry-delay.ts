const MIN_RETRY_MS = 50;
const MAX_RETRY_MS = 2_000;

/** How long to wait after the `attempt`th failure, from 1: twice as long each time, with chance in it so that nodes do not come back together. */
export function retryDelayMs(attempt: number): number {
  return Math.min(MIN_RETRY_MS * 2 ** (attempt - 1), MAX_RETRY_MS) * (0.5 + Math.random() / 2);
}
