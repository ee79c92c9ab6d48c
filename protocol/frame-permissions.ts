import type { FrameType, SyncType } from './frames.ts';
import type { Action } from './permissions.ts';

/** A kind of message that a client may send: the type of its frame, of a Sync body the kind as well. */
export type ClientMessage = Exclude<keyof typeof FrameType, 'Sync' | 'SyncReply'> | `${'Sync' | 'SyncReply'}.${keyof typeof SyncType}`;

/**
 * Every message of a client and what it takes on its document. `public` is nothing; `never` is what no
 * client may send, and ends the link. All but `public` ones take a token that was good for the document
 * on this link.
 *
 * An answer to the server's Step1 that brings nothing is an edit in form only: the role to read is enough.
 */
export const MESSAGE_PERMISSIONS = {
  Auth: 'public',
  Ping: 'public',
  Pong: 'public',
  'Sync.Step1': 'document.read',
  'Sync.Step2': 'document.edit',
  'Sync.Update': 'document.edit',
  'SyncReply.Step1': 'document.read',
  'SyncReply.Step2': 'document.edit',
  'SyncReply.Update': 'document.edit',
  Awareness: 'document.presence',
  QueryAwareness: 'document.presence',
  // The core does nothing with it. The hook `onStateless` of an extension is told.
  Stateless: 'document.read',
  Close: 'document.read',
  BroadcastStateless: 'never',
  SyncStatus: 'never',
} as const satisfies Record<ClientMessage, Action | 'public' | 'never'>;
