import { type ErrorCode, InkwireError } from '../../protocol/errors.ts';
import { type Identity, roleOf } from '../../protocol/identity.ts';
import type { RoleReason } from '../../protocol/messages.ts';
import { may } from '../../protocol/permissions.ts';
import type { Role } from '../../protocol/role.ts';
import type { Access } from '../ports/access.ts';
import { advance, begin, dueAt, type Lifetime, revoke } from './lifetime.ts';
import type { Checked } from './sign-in.ts';

/** What standings ask of access control. */
export type StandingAccess = Pick<Access, 'isRevoked' | 'onRevocation'>;

/** What a standing brings about: the member. */
export interface StandingControls {
  /** What it may do has changed: the scope is sent, which is how a stock provider learns that it may write, or not. */
  setReadOnly(readOnly: boolean): void;
  /** Nothing of the document is sent any more, until `resume` sends what was missed. */
  suspend(): void;
  resume(): void;
  /** Sends the role message. */
  tell(role: Role, reason: RoleReason | null): void;
  /** Sends the scope. */
  confirm(readOnly: boolean): void;
  askForToken(): void;
  /** Closes the member's connection. */
  refuse(code: ErrorCode): void;
}

/** What is the same for every standing of a server. */
export interface StandingRules {
  readonly access: StandingAccess;
  /** From a token's end to the connection's, ms. */
  readonly graceMs: number;
  /** A clock, ms since 1970. */
  readonly now: () => number;
}

export interface StandingParts {
  readonly identity: Identity;
  readonly documentName: string;
  /** The client's schema is older than the document's: writing would lose what it does not know. */
  readonly outdated: boolean;
  /** An extension lets the member read only. */
  readonly restricted: boolean;
  readonly controls: StandingControls;
  readonly rules: StandingRules;
  /** Checks a token; never rejects. */
  readonly check: (token: string) => Promise<Checked>;
  /** There is another token, and `dueAt` another time. */
  readonly onRenewed: () => void;
}

/** Whether a role may change a document over a link. The first edit of a name creates it, so both must be allowed. */
export function mayWrite(role: Role | null): boolean {
  return may(role, 'document.edit') && may(role, 'document.create');
}

/** The role that lets somebody into a document, or `null`. */
export function entryRole(identity: Identity, documentName: string): Role | null {
  const role = roleOf(identity, documentName);
  return may(role, 'document.read') ? role : null;
}

/**
 * What a member may do at this moment, for as long as it is in its document. [A2] Another token, an
 * expiry or a revocation changes the role in place; the link is closed only when no role is left.
 *
 * [A1] After an expiry the document can still be read while another token is asked for; after a
 * revocation somebody does not want it read, and nothing more is sent.
 */
export class Standing {
  readonly #parts: StandingParts;
  #identity: Identity;
  #granted: Role;
  /** `null` for guests, whose stay does not end. */
  #lifetime: Lifetime | null;
  #outdated: boolean;
  #changed = false;
  #restricted: boolean;
  #readOnly: boolean;
  #suspended = false;
  #told: string | null = null;
  #offered: string | null = null;
  #checking = false;
  /** Why the last token could not be checked; `null` when it could. */
  #trouble: ErrorCode | null = null;
  #left = false;

  constructor(parts: StandingParts) {
    const { identity, documentName } = parts;
    const role = entryRole(identity, documentName);
    if (role === null) throw new InkwireError('forbidden');
    this.#parts = parts;
    this.#identity = identity;
    this.#granted = role;
    this.#restricted = parts.restricted;
    this.#readOnly = parts.restricted || !mayWrite(role);
    this.#lifetime = identity.expiresAt === null ? null : begin(identity.expiresAt, parts.rules.now());
    this.#outdated = parts.outdated;
  }

  get identity(): Identity {
    return this.#identity;
  }

  /** When `advance` has something to do next, ms since 1970. */
  get dueAt(): number {
    return this.#lifetime === null ? Number.POSITIVE_INFINITY : dueAt(this.#lifetime);
  }

  /** Whether the member may change the document. */
  get mayWrite(): boolean {
    return !this.#readOnly;
  }

  /** The client is in: says what it may do, before anything of the document is sent. */
  enter(): void {
    this.checkRevocation();
    this.advance(this.#parts.rules.now());
    this.#apply();
  }

  /** What the clock brings: a token is asked for, ends, or the grace after it does. */
  advance(now: number): void {
    if (this.#lifetime === null || now < dueAt(this.#lifetime)) return;
    const { lifetime, ask } = advance(this.#lifetime, now, this.#parts.rules.graceMs);
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
    const { access, now: clock, graceMs } = this.#parts.rules;
    if (this.#lifetime === null || !access.isRevoked(this.#identity)) return;
    const now = clock();
    this.#lifetime = revoke(this.#lifetime, now, graceMs);
    this.advance(now);
  }

  /** The document was written under a later schema than the client's. */
  outdate(): void {
    this.#outdated = true;
    this.#apply();
  }

  /** An extension lets the member read only, or write again as far as its role does. */
  restrict(readOnly: boolean): void {
    this.#restricted = readOnly;
    this.#apply();
  }

  /** The client sent a token. Of several that come while one is checked, the last counts. */
  offer(token: string): void {
    this.#offered = token;
    if (!this.#checking) void this.#check();
  }

  /** The member has left. */
  leave(): void {
    this.#left = true;
  }

  async #check(): Promise<void> {
    this.#checking = true;
    while (this.#offered !== null && !this.#left) {
      const token = this.#offered;
      this.#offered = null;
      const checked = await this.#parts.check(token);
      if (this.#left) break;
      this.#trouble = checked.kind === 'unchecked' ? checked.code : null;
      if (checked.kind === 'good') this.#renew(checked.identity);
      else if (checked.kind === 'too-many') this.#close(checked.code);
      // A refused token changes nothing: the one there is lasts as long as it lasts, and is asked after again.
    }
    this.#checking = false;
  }

  #renew(identity: Identity): void {
    const { controls, documentName } = this.#parts;
    const { access, now } = this.#parts.rules;
    // A guest's stay does not end, and another name makes nobody else of them.
    if (this.#lifetime === null) return;
    if (identity.sub !== this.#identity.sub) {
      this.#close('token-invalid');
      return;
    }
    // Such a token is as good as refused: within the clocks' tolerance one is taken a little after its end.
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
    // An unchanged scope is confirmed too: a provider whose token function had failed holds itself for refused until it hears this.
    if (!this.#apply()) controls.confirm(this.#readOnly);
  }

  /** Brings about what the client may do, and says so; whether the scope was confirmed. */
  #apply(): boolean {
    if (this.#left) return false;
    const { controls } = this.#parts;
    const { role, reason } = this.#standing();
    const readOnly = this.#restricted || !mayWrite(role);
    const turned = readOnly !== this.#readOnly;
    if (turned) {
      this.#readOnly = readOnly;
      controls.setReadOnly(readOnly);
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
    this.#parts.controls.refuse(code);
  }
}
