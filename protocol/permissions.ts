import { includesRole, type Role } from './role.ts';

/**
 * Everything that can be asked of a document, with the least role for it. `server.*` is asked of no
 * document in particular: it takes the role on `*`, all documents.
 */
export const ACTIONS = {
  'document.read': 'view',
  'document.export': 'view',
  'document.presence': 'view',
  'document.comment': 'comment',
  'document.suggest': 'suggest',
  'document.edit': 'edit',
  'document.create': 'edit',
  'document.import': 'edit',
  'document.delete': 'admin',
  'document.share': 'admin',
  'server.tokens': 'admin',
  'server.nodes': 'admin',
} as const satisfies Record<string, Role>;

export type Action = keyof typeof ACTIONS;

/** The one decision: whether this role allows the action. `null` is somebody without a role, who may do nothing. */
export function may(role: Role | null, action: Action): boolean {
  return includesRole(role, ACTIONS[action]);
}
