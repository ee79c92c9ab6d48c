import { isRole, type Role } from './role.ts';

/** Why a role is not what it was, or less than the token says. */
export const ROLE_REASONS = ['expired', 'revoked', 'changed', 'update-required'] as const;

export type RoleReason = (typeof ROLE_REASONS)[number];

/**
 * Our own message to a client, as the text of a Hocuspocus Stateless frame of its document; stock
 * providers pass it to `onStateless`, where nobody who does not know it minds. It comes after sign-in,
 * before the document, and whenever the role changes – never from an open server, but to say `update-required`.
 */
export interface RoleMessage {
  readonly type: 'inkwire/role';
  /** What the session may do at this moment: `view` while the token is expired or revoked, or the client too old. */
  readonly role: Role;
  /**
   * - `null` the token says so
   * - `expired` the token ran out; the document can be read until the grace period ends
   * - `revoked` the token was revoked; nothing more of the document is sent until there is another
   * - `changed` another token gave another role
   * - `update-required` the document was written under a later schema than the client's
   */
  readonly reason: RoleReason | null;
}

/** The text of a role message. */
export function roleMessage(role: Role, reason: RoleReason | null): string {
  return JSON.stringify({ type: 'inkwire/role', role, reason } satisfies RoleMessage);
}

/** The role message in a Stateless frame's text, or `null` when it is another's message. */
export function parseRoleMessage(text: string): RoleMessage | null {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof message !== 'object' || message === null) return null;
  const { type, role, reason } = message as Record<string, unknown>;
  if (type !== 'inkwire/role' || !isRole(role)) return null;
  return { type, role, reason: ROLE_REASONS.find((known) => known === reason) ?? null };
}
