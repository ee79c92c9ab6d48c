import { ERRORS, type ErrorCode, InkwireError } from '../../../protocol/errors.ts';
import { type Identity, roleOf } from '../../../protocol/identity.ts';
import type { RoleReason } from '../../../protocol/messages.ts';
import { may } from '../../../protocol/permissions.ts';
import type { Role } from '../../../protocol/role.ts';
import { advance, begin, dueAt, type Lifetime, revoke } from './session-lifetime.ts';

/** What the sockets ask of access control. */
export interface SocketAccess {
  /** Who a token speaks for; a refusal is an `InkwireError` that a retry does not help. */
  identify(token: string): Promise<Identity>;
  /** Whether the identity's token was revoked. From memory. */
  isRevoked(identity: Identity): boolean;
  /** Calls back when tokens were revoked; returns how to stop. */
  onRevocation(listener: () => void): () => void;
}

/** What an access decision does to the document's channel on its socket. */
export interface ChannelControls {
  setIdentity(identity: Identity): void;
  setReadOnly(readOnly: boolean): void;
  /** Nothing of the document is sent any more, until `resume` sends what was missed. */
  suspend(): void;
  resume(): void;
  /** Sends the role message. */
  tell(role: Role, reason: RoleReason | null): void;
  /** Sends Hocuspocus' Authenticated with the scope, which is how a stock provider learns that it may write, or not. */
  confirm(readOnly: boolean): void;
  askForToken(): void;
  closeSocket(code: ErrorCode): void;
}

export interface ChannelAccessParts {
  readonly identity: Identity;
  readonly documentName: string;
  /** The client's schema is older than the document's: writing would lose what it does not know. */
  readonly outdated: boolean;
  readonly controls: ChannelControls;
  readonly access: SocketAccess;
  /** From a token's end to the socket's, ms. */
  readonly graceMs: number;
  /** A clock, ms since 1970. */
  readonly now: () => number;
  /** There is another token, and `dueAt` another time. */
  readonly onRenewed: () => void;
}

/** Whether a role may change a document over a socket. The first edit of a name creates it, so both must be allowed. */
export function mayWrite(role: Role | null): boolean {
  return may(role, 'document.edit') && may(role, 'document.create');
}

/** The role that lets somebody into a document, or `null`. */
export function entryRole(identity: Identity, documentName: string): Role | null {
  const role = roleOf(identity, documentName);
  return may(role, 'document.read') ? role : null;
}

/** Whether a token was refused. Of everything else it is innocent: the same one may do in a moment. */
export function isRefusal(error: unknown): error is InkwireError {
  return error instanceof InkwireError && !ERRORS[error.code].retry;
}

/**
 * What somebody may do with a document open on a socket, for as long as it is open. [A2] Another
 * token, an expiry or a revocation changes the role in place; the socket is closed only when no role is left.
 *
 * [A1] After an expiry the document can still be read while another token is asked for; after a
 * revocation somebody does not want it read, and nothing more is sent.
 */
export class ChannelAccess {
  readonly #parts: ChannelAccessParts;
  #identity: Identity;
  #granted: Role;
  /** `null` for guests, whose stay does not end. */
  #lifetime: Lifetime | null;
  #outdated: boolean;
  #changed = false;
  #readOnly: boolean;
  #suspended = false;
  #told: string | null = null;
  #offered: string | null = null;
  #checking = false;
  /** Why the last token could not be checked; `null` when it could. */
  #trouble: ErrorCode | null = null;
  #left = false;

  constructor(parts: ChannelAccessParts) {
    const { identity, documentName } = parts;
    const role = entryRole(identity, documentName);
    if (role === null) throw new InkwireError('forbidden');
    this.#parts = parts;
    this.#identity = identity;
    this.#granted = role;
    this.#readOnly = !mayWrite(role);
    this.#lifetime = identity.expiresAt === null ? null : begin(identity.expiresAt, parts.now());
    this.#outdated = parts.outdated;
  }

  get identity(): Identity {
    return this.#identity;
  }

  /** When `advance` has something to do next, ms since 1970. */
  get dueAt(): number {
    return this.#lifetime === null ? Number.POSITIVE_INFINITY : dueAt(this.#lifetime);
  }

  /** The client is in: says what it may do, before anything of the document is sent. */
  enter(): void {
    this.checkRevocation();
    this.advance(this.#parts.now());
    this.#apply();
  }

  /** What the clock brings: a token is asked for, ends, or the grace after it does. */
  advance(now: number): void {
    if (this.#lifetime === null || now < dueAt(this.#lifetime)) return;
    const { lifetime, ask } = advance(this.#lifetime, now, this.#parts.graceMs);
    this.#lifetime = lifetime;
    if (lifetime.kind === 'over') {
      this.#close(this.#trouble ?? (lifetime.reason === 'revoked' ? 'token-revoked' : 'token-expired'));
      return;
    }
    this.#apply();
    if (ask) this.#parts.controls.askForToken();
  }

  /** Looks again whether the token was revoked. */
  checkRevocation(): void {
    if (this.#lifetime === null || !this.#parts.access.isRevoked(this.#identity)) return;
    const now = this.#parts.now();
    this.#lifetime = revoke(this.#lifetime, now, this.#parts.graceMs);
    this.advance(now);
  }

  /** The document was written under a later schema than the client's. */
  outdate(): void {
    this.#outdated = true;
    this.#apply();
  }

  /** The client sent a token. Of several that come while one is checked, the last counts. */
  offer(token: string): void {
    this.#offered = token;
    if (!this.#checking) void this.#check();
  }

  /** The document is closed on the socket. */
  leave(): void {
    this.#left = true;
  }

  async #check(): Promise<void> {
    this.#checking = true;
    while (this.#offered !== null && !this.#left) {
      const token = this.#offered;
      this.#offered = null;
      try {
        const identity = await this.#parts.access.identify(token);
        this.#trouble = null;
        if (!this.#left) this.#renew(identity);
      } catch (error) {
        // A refused token changes nothing: the one there is lasts as long as it lasts, and is asked after again.
        this.#trouble = isRefusal(error) ? null : error instanceof InkwireError ? error.code : 'internal';
      }
    }
    this.#checking = false;
  }

  #renew(identity: Identity): void {
    const { controls, access, documentName, now } = this.#parts;
    if (identity.sub !== this.#identity.sub) {
      this.#close('token-invalid');
      return;
    }
    // As good as refused: within the clocks' tolerance a token is taken a little after its end.
    if (identity.expiresAt === null || identity.expiresAt <= now() || access.isRevoked(identity)) return;
    const role = entryRole(identity, documentName);
    if (role === null) {
      this.#close('forbidden');
      return;
    }
    if (role !== this.#granted) this.#changed = true;
    this.#granted = role;
    this.#identity = identity;
    this.#lifetime = begin(identity.expiresAt, now());
    this.#parts.onRenewed();
    controls.setIdentity(identity);
    // Also unchanged: a provider whose token function had failed holds itself for refused until it hears this.
    if (!this.#apply()) controls.confirm(this.#readOnly);
  }

  /** Brings about what the client may do, and says so; whether the scope was confirmed. */
  #apply(): boolean {
    if (this.#left) return false;
    const { controls } = this.#parts;
    const { role, reason } = this.#standing();
    const readOnly = !mayWrite(role);
    const turned = readOnly !== this.#readOnly;
    if (turned) {
      this.#readOnly = readOnly;
      controls.setReadOnly(readOnly);
      controls.confirm(readOnly);
    }
    const suspended = reason === 'revoked';
    if (suspended && !this.#suspended) controls.suspend();
    // An open server says nothing but that an element must be updated: no provider but ours is told so.
    const news = `${role} ${reason}`;
    if (news !== this.#told && (this.#identity.verified || reason === 'update-required')) controls.tell(role, reason);
    this.#told = news;
    if (!suspended && this.#suspended) controls.resume();
    this.#suspended = suspended;
    return turned;
  }

  #standing(): { readonly role: Role; readonly reason: RoleReason | null } {
    if (this.#lifetime?.kind === 'grace') return { role: 'view', reason: this.#lifetime.reason };
    if (this.#outdated && mayWrite(this.#granted)) return { role: 'view', reason: 'update-required' };
    return { role: this.#granted, reason: this.#changed ? 'changed' : null };
  }

  #close(code: ErrorCode): void {
    if (this.#left) return;
    this.leave();
    this.#parts.controls.closeSocket(code);
  }
}
