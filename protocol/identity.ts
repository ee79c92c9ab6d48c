import { isRole, ROLES, type Role } from './role.ts';

/** Document names, or prefixes that end in `/*` (or `*` alone, for all), and the role for each. */
export type AccessPatterns = Readonly<Record<string, Role>>;

/** The owner of the client ids under which the server itself makes edits. No token has an empty `sub`. */
export const SERVER_SUB = '';

/** Who a token speaks for, once it was verified; or a guest of an open server, who is who they say. */
export interface Identity {
  /** The token's `sub`: who made an edit, in the log and in presence. A guest's is the name they gave. */
  readonly sub: string;
  /** What others see. */
  readonly name: string;
  /** False for guests of an open server: nothing of them was checked. */
  readonly verified: boolean;
  /** The token's `jti`, by which it can be revoked; `null` without one. */
  readonly tokenId: string | null;
  /** The id of the share link the token was issued for; `null` for others. */
  readonly shareLink: string | null;
  /** Milliseconds since 1970; `null` when the token does not say (it is older than every revocation then). */
  readonly issuedAt: number | null;
  /** Milliseconds since 1970; `null` for guests, whose stay does not end. */
  readonly expiresAt: number | null;
  readonly access: AccessPatterns;
}

/**
 * The role on a document: that of the longest pattern that matches its name, `null` when none does.
 * `team/*` matches `team/plan` and `team/`, and neither `team` nor `teams`; of a name and a pattern
 * that are equally long, the name is meant.
 */
export function roleOf({ access }: Pick<Identity, 'access'>, documentName: string): Role | null {
  if (Object.hasOwn(access, documentName) && !isPrefix(documentName)) return access[documentName] ?? null;
  let longest = '';
  let role: Role | null = null;
  for (const [pattern, candidate] of Object.entries(access)) {
    if (!isPrefix(pattern) || !documentName.startsWith(pattern.slice(0, -1))) continue;
    if (role !== null && pattern.length <= longest.length) continue;
    longest = pattern;
    role = candidate;
  }
  return role;
}

/** The role on everything, which the server's own affairs are decided by. */
export function serverRoleOf({ access }: Pick<Identity, 'access'>): Role | null {
  return Object.hasOwn(access, '*') ? (access['*'] ?? null) : null;
}

/** Whether everything that `pattern` matches is under a role of at least `role`: what somebody may pass on. */
export function covers({ access }: Pick<Identity, 'access'>, pattern: string, role: Role): boolean {
  const rank = (held: Role | null | undefined) => (isRole(held) ? ROLES.indexOf(held) : -1);
  if (!isPrefix(pattern)) return rank(roleOf({ access }, pattern)) >= ROLES.indexOf(role);
  const prefix = pattern.slice(0, -1);
  const around = Object.entries(access).filter(([held]) => isPrefix(held) && prefix.startsWith(held.slice(0, -1)));
  const widest = around.sort(([a], [b]) => b.length - a.length)[0];
  // A longer pattern within it may hold a lower role.
  const within = Object.entries(access).filter(([held]) => held.startsWith(prefix));
  return rank(widest?.[1]) >= ROLES.indexOf(role) && within.every(([, held]) => rank(held) >= ROLES.indexOf(role));
}

export function isPrefix(pattern: string): boolean {
  return pattern === '*' || pattern.endsWith('/*');
}
