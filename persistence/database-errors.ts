import { InkwireError } from '../protocol/errors.ts';
import { adviceFor } from './database-advice.ts';

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

/** Node's codes for a certificate of the database that is not trusted. */
const CERTIFICATE_REFUSED = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_HAS_EXPIRED',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/**
 * SQLSTATEs (and classes, by their first two characters) with which Postgres says that it serves nobody
 * at the moment, or not us: connection exceptions, shutting down or starting up, out of resources, a
 * read-only replica; no such database, nobody of this name or password, no rights on our tables.
 */
const UNAVAILABLE_STATES = new Set(['57P01', '57P02', '57P03', '57P05', '25006', '3D000', '42501']);
const UNAVAILABLE_CLASSES = new Set(['08', '28', '53', '58']);

interface DatabaseFailure extends Error {
  readonly code: string;
}

/**
 * Turns the driver's error for a database that cannot be reached, or does not let us in, into
 * `database-unavailable`; others stay as they are. Clients read nothing of the cause: its words are for
 * the operator (`describeDatabaseFailure`).
 */
export function explainDatabaseError(error: unknown): unknown {
  return isDatabaseFailure(error) ? new InkwireError('database-unavailable', undefined, { cause: error }) : error;
}

/**
 * What to tell the operator of a `database-unavailable`: what Postgres, or the system that could not reach
 * it, said, and what to do next. `null` for any other error. It holds no password: neither Postgres nor
 * the driver repeats one. The address of an embedded Postgres is nobody's to correct.
 */
export function describeDatabaseFailure(error: unknown, { embedded = false } = {}): string | null {
  if (!(error instanceof InkwireError) || !isDatabaseFailure(error.cause)) return null;
  const { cause } = error;
  const message = messageOf(cause);
  const who = cause.name === 'PostgresError' ? 'Postgres says' : 'The database cannot be reached';
  const advice = adviceFor(cause.code, message, embedded);
  return `${who}: ${message.replace(/\.$/, '')}.${advice === null ? '' : ` ${advice}`}`;
}

/** When each address of a host refuses, Node's error has no message of its own. */
function messageOf(failure: DatabaseFailure): string {
  if (failure.message !== '' || !(failure instanceof AggregateError)) return failure.message;
  return failure.errors.map(({ message }: Error) => message).join(', ');
}

function isDatabaseFailure(error: unknown): error is DatabaseFailure {
  if (!(error instanceof Error) || error instanceof InkwireError) return false;
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (typeof code !== 'string') return false;
  if (error.name === 'PostgresError') return isRefusal(code, error.message);
  const noSocket = code === 'ENOENT' && syscall === 'connect';
  return noSocket || CONNECTION_LOST.has(code) || CERTIFICATE_REFUSED.has(code);
}

/** Whether Postgres with this SQLSTATE refuses to serve us, whatever was asked. */
function isRefusal(state: string, message: string): boolean {
  // A parameter in the address that Postgres does not know keeps the connection from being made.
  const unknownParameter = state === '42704' && message.startsWith('unrecognized configuration parameter');
  return unknownParameter || UNAVAILABLE_STATES.has(state) || UNAVAILABLE_CLASSES.has(state.slice(0, 2));
}

/** Does some work of the database; rejects with `database-unavailable` when it is away. */
export async function explained<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw explainDatabaseError(error);
  }
}
