import type { Context } from 'hono';
import { InkwireError } from '../../protocol/errors.ts';
import { type Identity, roleOf } from '../../protocol/identity.ts';
import { ACTIONS, type Action } from '../../protocol/permissions.ts';
import type { Role } from '../../protocol/role.ts';
import type { Access } from './ports.ts';
import { allowed } from './route-permissions.ts';

const KEY = 'caller';

/** Who asks, and what they may. */
export class Caller {
  readonly identity: Identity;
  readonly #access: Pick<Access, 'isRevoked'>;

  constructor(identity: Identity, access: Pick<Access, 'isRevoked'>) {
    this.identity = identity;
    this.#access = access;
  }

  /** Whom the log names for their edits: the `sub` of a token, nobody for a guest. */
  get author(): string | null {
    return this.identity.verified ? this.identity.sub : null;
  }

  /** Their role on a document. Throws `forbidden` when they have none. */
  roleOn(documentName: string): Role {
    const role = roleOf(this.identity, documentName);
    if (role === null) throw new InkwireError('forbidden');
    return role;
  }

  may(action: Action, documentName: string | null): boolean {
    return allowed(this.identity, action, documentName);
  }

  /**
   * Throws `forbidden` when they may not, and `token-revoked` when the token was revoked since the
   * request began: what takes long asks again before it changes or tells anything.
   */
  require(action: Action, documentName: string | null): void {
    if (this.#access.isRevoked(this.identity)) throw new InkwireError('token-revoked');
    if (this.may(action, documentName)) return;
    const where = action.startsWith('server.') ? 'all documents ("*")' : 'the document';
    throw new InkwireError('forbidden', `This takes the role "${ACTIONS[action]}" on ${where}.`);
  }
}

/** Puts the caller where `callerOf` finds them. */
export function setCaller(c: Context, caller: Caller): void {
  c.set(KEY, caller);
}

/** Who asks, on every route that is not public. */
export function callerOf(c: Context): Caller {
  const caller: unknown = c.get(KEY);
  if (caller instanceof Caller) return caller;
  throw new InkwireError('internal', `${c.req.path} asks who calls, and its row in the table of permissions says that nobody need say.`);
}
