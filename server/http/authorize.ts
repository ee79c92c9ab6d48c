import type { Context, MiddlewareHandler } from 'hono';
import { matchedRoutes } from 'hono/route';
import { InkwireError } from '../../protocol/errors.ts';
import type { Identity } from '../../protocol/identity.ts';
import type { Access } from '../ports/access.ts';
import type { Edge } from '../ports/edge.ts';
import { Caller } from './caller.ts';
import { peerOf } from './peer.ts';
import { countedTry } from './rate-limit.ts';
import { nameIn } from './route.ts';
import { type Routes, setFound } from './routes.ts';

interface AuthorizeParts {
  readonly access: Pick<Access, 'identify' | 'isRevoked'>;
  readonly edge: Pick<Edge, 'countRequest' | 'countBadToken'>;
}

/** The token of `Authorization: Bearer …`, '' without one. No other place is looked at: URLs end up in logs. */
function bearerToken(c: Context): string {
  return /^Bearer +(\S+) *$/i.exec(c.req.header('authorization') ?? '')?.[1] ?? '';
}

/**
 * Decides before anything else is done: no body is read and no document looked at for a caller who is
 * refused. First who they are (401), then whether the name is one (400), then what they may (403,
 * whether the document exists or not). What no route answers ends here, so that a handler for every
 * method cannot slip past the table.
 */
export function authorize({ routes, access, edge }: AuthorizeParts & { readonly routes: Pick<Routes, 'ruleOf'> }): MiddlewareHandler {
  return async (c, next) => {
    const matched = matchedRoutes(c).filter(({ method }) => method !== 'ALL');
    if (matched.length === 0) return c.notFound();
    const asked = matched.map(({ method, path }) => ({ path, rule: routes.ruleOf(method, path) }));
    if (asked.every(({ rule }) => rule.permission === 'public')) return next();

    const caller = new Caller(await signIn(c, { access, edge }), access);
    let name = '';
    for (const { path, rule } of asked) {
      if (rule.of === 'document') name = nameIn(path, c.req.path);
      if (rule.permission === 'public' || rule.permission === 'signed-in') continue;
      caller.require(rule.permission, rule.of === 'document' ? name : null);
    }
    setFound(c, { caller, name });
    return next();
  };
}

async function signIn(c: Context, { access, edge }: AuthorizeParts): Promise<Identity> {
  let identity: Identity;
  try {
    identity = await access.identify(bearerToken(c));
  } catch (error) {
    // Expired and revoked ones were good once: they are no guesses.
    throw error instanceof InkwireError && error.code === 'token-invalid' ? countedTry(c, edge, error) : error;
  }
  const refusal = edge.countRequest(peerOf(c).address, identity);
  if (refusal !== null) throw new InkwireError(refusal);
  return identity;
}
