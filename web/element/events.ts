import type { Editor } from '@tiptap/core';
import type { RoleReason } from '../../protocol/messages.ts';
import type { Role } from '../../protocol/role.ts';
import type { Person } from './people/people.ts';
import type { Status } from './status.ts';

/** What `<inkwire-editor>` tells its page: bubbling, composed `CustomEvent`s with this `detail`. */
export interface InkwireEventDetails {
  /** The document is on the screen and, unless it is read-only, can be written in. */
  'inkwire-ready': { readonly editor: Editor };
  /** The content changed, here or elsewhere. */
  'inkwire-change': { readonly local: boolean };
  'inkwire-status': Status;
  /** The server's state has arrived; again after every reconnect. */
  'inkwire-synced': Record<never, never>;
  /** Who is in the document changed. */
  'inkwire-presence': { readonly users: readonly Person[] };
  /** The server said what this user may do, and why that is not what it was (`null`: their token says so). An open server never does. */
  'inkwire-role': { readonly role: Role; readonly reason: RoleReason | null };
  /** The server refused the token (`sign-in`) or the document (`removed`). */
  'inkwire-auth-error': { readonly kind: 'sign-in' | 'removed' };
  /** The document holds nodes or marks this version does not know, or (no names) was written under a later schema; it is shown for reading. */
  'inkwire-schema-error': { readonly names: readonly string[] };
  /** The history was opened or closed, or another version is shown in it. */
  'inkwire-history': { readonly open: boolean; readonly version: number | null };
  /** Something failed that the status does not say. */
  'inkwire-error': { readonly error: unknown };
}

export type InkwireEventMap = { [Name in keyof InkwireEventDetails]: CustomEvent<InkwireEventDetails[Name]> };
