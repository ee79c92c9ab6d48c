/** What somebody may do with a document, from least to most; each role includes those before it. */
export const ROLES = ['view', 'comment', 'suggest', 'edit', 'admin'] as const;

export type Role = (typeof ROLES)[number];

/** Whether `role` includes `least`; nobody's role (`null`) includes none. */
export function includesRole(role: Role | null, least: Role): boolean {
  return role !== null && ROLES.indexOf(role) >= ROLES.indexOf(least);
}

export function isRole(value: unknown): value is Role {
  return ROLES.includes(value as Role);
}
