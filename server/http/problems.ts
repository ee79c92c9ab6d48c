import { randomUUID } from 'node:crypto';
import type { Context, ErrorHandler } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { ERRORS, type ErrorCode, InkwireError, problem } from '../../protocol/errors.ts';
import { jsonErrorOffset, textPosition } from './json-error.ts';

/** Where failures are written (pino's shape). Never given the content of a document. */
export interface Log {
  error(fields: Record<string, unknown>, message: string): void;
  debug(fields: Record<string, unknown>, message: string): void;
}

/** Why a request was refused: the body of its problem+json. */
export type ProblemDetails = ReturnType<typeof problem>;

const KEY = 'problem';

/** Why this request was refused; `undefined` when it was not. */
export function problemOf(c: Context): ProblemDetails | undefined {
  return c.get(KEY);
}

/** Seconds after which a refusal that may pass by itself is worth another try. */
const RETRY_AFTER_SECONDS = 1;

/** A refusal from the table as problem+json; `extra` adds members such as the list of known formats. */
export function problemResponse(c: Context, code: ErrorCode, detail?: string, extra?: Record<string, unknown>): Response {
  const { status, retry } = ERRORS[code];
  const refusal = problem(code, detail, extra);
  c.set(KEY, refusal);
  if ((status === 503 || status === 429) && retry) c.header('Retry-After', String(RETRY_AFTER_SECONDS));
  // RFC 6750: without a token there is no error to name.
  if (status === 401) c.header('WWW-Authenticate', `Bearer realm="inkwire"${code === 'sign-in-required' ? '' : ', error="invalid_token"'}`);
  c.header('Cache-Control', 'no-store');
  return c.body(JSON.stringify(refusal), status as ContentfulStatusCode, {
    'Content-Type': 'application/problem+json',
  });
}

/** What a zod schema found, one line for each fault, as problem+json. */
export function validationProblem(
  c: Context,
  where: string,
  issues: readonly { path: readonly PropertyKey[]; message: string }[],
): Response {
  const errors = issues.map(({ path, message }) => ({ in: where === 'json' ? 'body' : where, path: path.map(String).join('.'), message }));
  const detail = errors.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ');
  return problemResponse(c, 'bad-request', detail, { errors });
}

async function malformedJson(c: Context): Promise<Response> {
  const text = await c.req.text();
  const offset = jsonErrorOffset(text);
  if (offset === null) return problemResponse(c, 'bad-request', 'The body could not be read.');
  const position = textPosition(text, offset);
  const what = offset === text.length ? 'The JSON ends too early' : 'The JSON is malformed';
  return problemResponse(c, 'bad-request', `${what} at line ${position.line}, column ${position.column}.`, { position });
}

/**
 * Answers everything that was thrown: a refusal from the table as itself, anything else as `internal`.
 * `onOutage` hears of each `database-unavailable`, whose cause is not for the client.
 */
export function answerError(log: Log, onOutage: (error: InkwireError) => void): ErrorHandler {
  return (error, c) => {
    if (error instanceof InkwireError && error.code === 'database-unavailable') onOutage(error);
    if (error instanceof InkwireError && error.code !== 'internal') return problemResponse(c, error.code, error.message);
    if (error instanceof HTTPException && error.status === 400) return malformedJson(c);
    if (error instanceof HTTPException && error.status === 415) {
      const given = c.req.header('content-type');
      const detail = given === undefined ? 'Say with Content-Type what the body is.' : `${given} is not accepted here.`;
      return problemResponse(c, 'unsupported-media-type', detail);
    }
    const requestId = randomUUID();
    // No other member is logged: a database driver hangs the statement's parameters, which are content, on its errors.
    const { name, message, stack } = error;
    log.error({ requestId, method: c.req.method, path: c.req.path, error: { name, message, stack } }, 'a request failed');
    return problemResponse(c, 'internal', `The server's log has more under request ${requestId}.`, { requestId });
  };
}
