/** Longest wait for the database, ms: a probe that hangs is worse than one that says no. */
const PROBE_TIMEOUT_MS = 2_000;

/**
 * Whether this process should get traffic: the database answers, and it is not shutting down. A broker that is away is told of and no
 * reason to send people elsewhere: the log is asked instead.
 */
export function readiness(parts: { ping(): Promise<void>; accepting(): boolean; broker?: (() => boolean) | undefined }) {
  return async (): Promise<{ ready: boolean; checks: Record<string, boolean> }> => {
    const { promise: late, resolve } = Promise.withResolvers<boolean>();
    const timer = setTimeout(resolve, PROBE_TIMEOUT_MS, false);
    const answered = parts.ping().then(
      () => true,
      () => false,
    );
    const database = await Promise.race([answered, late]);
    clearTimeout(timer);
    const accepting = parts.accepting();
    const broker = parts.broker?.();
    return { ready: database && accepting, checks: { database, accepting, ...(broker === undefined ? {} : { broker }) } };
  };
}
