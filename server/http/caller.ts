import { InkwireError } from '../../protocol/errors.ts';
import { type Identity, roleOf, serverRoleOf } from '../../protocol/identity.ts';
import { ACTIONS, type Action, may } from '../../protocol/permissions.ts';
import type { Role } from '../../protocol/role.ts';
import type { Access } from '../ports/access.ts';

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

/**
 * Whether somebody may do this: `server.*` is decided by the role on everything, the rest by the role
 * on the document. While the document is not known yet (`null`), somebody who may do it to any passes,
 * and the route asks again with its name.
 */
export function allowed(identity: Pick<Identity, 'access'>, action: Action, documentName: string | null): boolean {
  if (action.startsWith('server.')) return may(serverRoleOf(identity), action);
  if (documentName !== null) return may(roleOf(identity, documentName), action);
  return Object.values(identity.access).some((role) => may(role, action));
}
