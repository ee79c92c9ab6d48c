import type { Role } from '../../protocol/role.ts';

/** What a role lets somebody do, for people. */
export const ROLE_WORDS: Readonly<Record<Role, string>> = {
  view: 'Can read',
  comment: 'Can comment',
  suggest: 'Can suggest',
  edit: 'Can edit',
  admin: 'Can do everything',
};
