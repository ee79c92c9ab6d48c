import { roleOf } from '../../protocol/identity.ts';
import type { Role } from '../../protocol/role.ts';
import { type Account, hasToken, standing } from './account.ts';
import { authorizeBy } from './api.ts';
import { chosenName } from './own-name.ts';
import { ShareVisit } from './share-visit.ts';

/** As whom somebody came in: a guest of an open server, with a token of their own, or by a share link. */
export type Entry =
  | { readonly kind: 'open' }
  | { readonly kind: 'account'; readonly account: Account }
  | { readonly kind: 'visitor'; readonly visit: ShareVisit };

/** The door is closed: the server wants a token; `why` is the code of its refusal. */
export interface Closed {
  readonly kind: 'closed';
  readonly why: string;
}

/**
 * Lets somebody in, to a document or (`null`) to the list, and has the API called in their name. Whoever
 * signed in is themselves wherever they have a role, and a visitor where only a link gives them one.
 * Throws `ApiError` when the server cannot be reached.
 */
export async function enter(documentName: string | null, secret: string | null): Promise<Entry | Closed> {
  const visit = documentName === null ? null : secret === null ? ShareVisit.known(documentName) : ShareVisit.begin(documentName, secret);
  if (visit !== null && !hasToken()) return letIn({ kind: 'visitor', visit });
  const who = await standing();
  if (who.kind === 'open') return letIn({ kind: 'open' });
  if (who.kind === 'signed-in') {
    const known = documentName === null || roleOf(who.account, documentName) !== null;
    if (known || visit === null) return letIn({ kind: 'account', account: who.account });
  }
  if (visit !== null) return letIn({ kind: 'visitor', visit });
  return { kind: 'closed', why: who.kind === 'signed-out' ? who.why : 'forbidden' };
}

/** The role on a document as far as it is known before the server says it. */
export function roleIn(entry: Entry, documentName: string): Role | null {
  if (entry.kind === 'open') return 'admin';
  return entry.kind === 'account' ? roleOf(entry.account, documentName) : entry.visit.role;
}

/** The editor's token provider; `null` on an open server, which takes the guest's name for one. */
export function tokenProviderOf(entry: Entry): (() => Promise<string>) | null {
  if (entry.kind === 'open') return null;
  if (entry.kind === 'visitor') return () => entry.visit.renew(chosenName());
  return async () => {
    const who = await standing();
    return who.kind === 'signed-in' ? who.account.token : entry.account.token;
  };
}

function letIn(entry: Entry): Entry {
  authorizeBy(() => (entry.kind === 'account' ? entry.account.token : entry.kind === 'visitor' ? entry.visit.token : null));
  return entry;
}
