import { destination, type Logger, pino } from 'pino';

/** Structured lines on standard error: standard output belongs to the person who started the server. */
export function createLog(level: string): Logger {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination({ fd: 2, sync: true }));
}
