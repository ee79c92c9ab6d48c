import type { MiddlewareHandler } from 'hono';
import { ERRORS, type ErrorCode } from '../../protocol/errors.ts';
import { incomingOf } from './incoming.ts';
import type { Admission } from './ports.ts';

/** Refusals of who asks, or of how much: what an operator wants to know of. The rest is between a client and its mistakes. */
const REPORTED: ReadonlySet<number> = new Set([401, 403, 413, 421, 429]);

/** Where `problemResponse` leaves the code of a refusal. */
export const REFUSAL = 'refusal';

/** Reports refusals with the address that met them. */
export function reportRefusals(admission: Pick<Admission, 'addressOf' | 'refused'>): MiddlewareHandler {
  return async (c, next) => {
    await next();
    const code: ErrorCode | undefined = c.get(REFUSAL);
    if (code !== undefined && REPORTED.has(ERRORS[code].status)) admission.refused(code, admission.addressOf(incomingOf(c)));
  };
}
