import { InkwireError } from '../protocol/errors.ts';

/** The driver's and the system's codes for a connection that could not be made or was lost. */
const CONNECTION_LOST = new Set([
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
  'CONNECT_TIMEOUT',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/**
 * SQLSTATEs (and classes, by their first two characters) with which Postgres says that it cannot
 * serve anyone at the moment: connection exceptions, shutting down or starting up, out of resources.
 */
const UNAVAILABLE_STATES = new Set(['57P01', '57P02', '57P03', '57P05']);
const UNAVAILABLE_CLASSES = new Set(['08', '53', '58']);

/** Turns the driver's error for a database that cannot be reached into `database-unavailable`; others stay as they are. */
export function explainDatabaseError(error: unknown): unknown {
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code !== 'string' || error instanceof InkwireError) return error;
  const noSocket = code === 'ENOENT' && (error as NodeJS.ErrnoException).syscall === 'connect';
  const unavailable =
    noSocket ||
    CONNECTION_LOST.has(code) ||
    UNAVAILABLE_STATES.has(code) ||
    (code.length === 5 && UNAVAILABLE_CLASSES.has(code.slice(0, 2)));
  return unavailable ? new InkwireError('database-unavailable', undefined, { cause: error }) : error;
}
