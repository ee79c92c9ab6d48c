import type { Context, MiddlewareHandler } from 'hono';
import { InkwireError } from '../../protocol/errors.ts';
import { incomingOf } from './incoming.ts';
import type { Admission } from './ports.ts';

/** Counts every request for the address it comes from, and refuses those that are too many. */
export function limitRate(admission: Admission): MiddlewareHandler {
  return (c, next) => {
    const refusal = admission.request(admission.addressOf(incomingOf(c)), null);
    if (refusal !== null) throw refusal;
    return next();
  };
}

/** Counts a try with a token or secret that is not valid; its refusal, or that such tries are too many. */
export function countedTry(c: Context, admission: Pick<Admission, 'addressOf' | 'badToken'>, refusal: InkwireError): InkwireError {
  const code = admission.badToken(admission.addressOf(incomingOf(c)));
  return code === null ? refusal : new InkwireError(code);
}
