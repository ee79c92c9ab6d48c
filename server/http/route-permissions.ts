import { type Identity, roleOf, serverRoleOf } from '../../protocol/identity.ts';
import { type Action, may } from '../../protocol/permissions.ts';

/** What a route asks of its caller: nothing, a token of whatever kind, or to be allowed an action. */
export type Permission = 'public' | 'signed-in' | Action;

/**
 * Every route and what it asks, by method and path as they are registered; a GET stands for its HEAD.
 * A route without a row is refused to everybody. Public ones hold nothing of any document.
 */
export const ROUTE_PERMISSIONS: Readonly<Record<string, Permission>> = {
  'GET /': 'public',
  'GET /d/:name': 'public',
  'GET /embed/:name': 'public',
  'GET /inkwire.js': 'public',
  'GET /assets/*': 'public',
  'GET /:file{[^/]+\\.(?:svg|png|ico|webmanifest|txt)}': 'public',
  'GET /api/openapi.json': 'public',
  'GET /api/docs': 'public',
  'GET /api/docs.css': 'public',
  'GET /healthz': 'public',
  'GET /readyz': 'public',

  // Its answer holds what the caller may read, and nothing else.
  'GET /api/documents': 'signed-in',
  'POST /api/documents': 'document.create',
  'GET /api/documents/:name': 'document.read',
  'DELETE /api/documents/:name': 'document.delete',
  'GET /api/documents/:name/export': 'document.export',
  'PUT /api/documents/:name/content': 'document.import',

  'GET /api/documents/:name/share-links': 'document.share',
  'POST /api/documents/:name/share-links': 'document.share',
  'PATCH /api/documents/:name/share-links/:id': 'document.share',
  'DELETE /api/documents/:name/share-links/:id': 'document.share',
  // The secret of the link is what is asked for.
  'POST /api/share-links/redeem': 'public',

  'GET /api/session': 'signed-in',
  'POST /api/tokens': 'server.tokens',
  'POST /api/revocations': 'server.tokens',
};

/**
 * Whether somebody may do this: `server.*` is decided by the role on everything, the rest by the role
 * on the document. While the document is not known yet (`null`), whoever may do it to any passes, and
 * the route asks again with its name.
 */
export function allowed(identity: Pick<Identity, 'access'>, action: Action, documentName: string | null): boolean {
  if (action.startsWith('server.')) return may(serverRoleOf(identity), action);
  if (documentName !== null) return may(roleOf(identity, documentName), action);
  return Object.values(identity.access).some((role) => may(role, action));
}
