import type { Context, MiddlewareHandler } from 'hono';
import { matchedRoutes } from 'hono/route';
import { InkwireError } from '../../protocol/errors.ts';
import type { Identity } from '../../protocol/identity.ts';
import { Caller, setCaller } from './caller.ts';
import { nameFromPath } from './document-name-param.ts';
import { incomingOf } from './incoming.ts';
import type { Access, Admission } from './ports.ts';
import { countedTry } from './rate-limit.ts';
import { type Permission, ROUTE_PERMISSIONS } from './route-permissions.ts';

/** Routes of one document carry its name at this place. */
const ONE_DOCUMENT = '/api/documents/:name';

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
export function authorize({ access, admission }: { access: Access; admission: Admission }): MiddlewareHandler {
  return async (c, next) => {
    const routes = matchedRoutes(c).filter(({ method }) => method !== 'ALL');
    if (routes.length === 0) return c.notFound();
    const asked = routes.map(({ method, path }) => ({ path, permission: permissionOf(method, path) }));
    if (asked.every(({ permission }) => permission === 'public')) return next();

    const identity = await signIn(c, access, admission);
    const caller = new Caller(identity, access);
    for (const { path, permission } of asked) {
      if (permission === 'public' || permission === 'signed-in') continue;
      caller.require(permission, path.startsWith(ONE_DOCUMENT) ? nameFromPath(c) : null);
    }
    setCaller(c, caller);
    return next();
  };
}

function permissionOf(method: string, path: string): Permission {
  const key = `${method} ${path}`;
  const permission = Object.hasOwn(ROUTE_PERMISSIONS, key) ? ROUTE_PERMISSIONS[key] : undefined;
  if (permission === undefined) throw new InkwireError('forbidden', 'Nobody may use this address.');
  return permission;
}

async function signIn(c: Context, access: Access, admission: Admission): Promise<Identity> {
  let identity: Identity;
  try {
    identity = await access.identify(bearerToken(c));
  } catch (error) {
    // Expired and revoked ones were good once: whoever sends them does not guess.
    throw error instanceof InkwireError && error.code === 'token-invalid' ? countedTry(c, admission, error) : error;
  }
  const refusal = admission.request(admission.addressOf(incomingOf(c)), identity);
  if (refusal !== null) throw refusal;
  return identity;
}
