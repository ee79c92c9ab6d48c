import { type DestinationStream, destination, type Logger, pino } from 'pino';

/**
 * Structured lines on standard error: standard output belongs to the person who started the server.
 *
 * `warn` and `error` are for what an operator has to know or do, `info` for what happens seldom, `debug` for
 * the life of things: the embedded Postgres, migrations, requests, connections, documents. A line names its
 * subject in `part` (`log.child({ part: 'sync' })`) and what it is about by ids, never by content or tokens ([A5]).
 *
 * An error under `error` is written as its message and those of its causes, no member besides: a driver hangs
 * the values of a statement, which are content, on its errors. `describe` may say it better, or return `null`.
 */
export function createLog(
  level: string,
  describe: (error: unknown) => string | null = () => null,
  stream: DestinationStream = destination({ fd: 2, sync: true }),
): Logger {
  const error = (value: unknown) => (value instanceof Error ? (describe(value) ?? withCauses(value)) : value);
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers: { error, err: error } }, stream);
}

/** An error and what led to it, in a line: a full disk and a lost network are both "the database cannot be reached". */
function withCauses(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? ` (${withCauses(error.cause)})` : '';
  return `${error}${cause}`;
}
