import type { FrameType, SyncType } from './frames.ts';
import type { Action } from './permissions.ts';

/** A kind of message that a client may send: the type of its frame, of a Sync body the kind as well. */
export type ClientMessage = Exclude<keyof typeof FrameType, 'Sync' | 'SyncReply'> | `${'Sync' | 'SyncReply'}.${keyof typeof SyncType}`;

/**
 * Every message of a client and what it takes on its document: `public` is nothing, `never` one that
 * only the server sends, which has no effect or ends the socket. All but `public` ones take a token
 * that was good for the document on this socket.
 *
 * An answer to the server's Step1 is an edit in form only when it brings nothing: whoever may read
 * may send that.
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
  // Reaches nobody: the server knows none of a client's stateless messages.
  Stateless: 'document.read',
  Close: 'document.read',
  BroadcastStateless: 'never',
  SyncStatus: 'never',
} as const satisfies Record<ClientMessage, Action | 'public' | 'never'>;
