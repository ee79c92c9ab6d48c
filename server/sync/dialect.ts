import { type Codec, hocuspocus } from '../../protocol/codec.ts';
import { nameProblem } from '../../protocol/document-name.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import { yWebsocket, yWebsocketWithAcks } from '../../protocol/y-websocket.ts';
import type { LinkRequest } from '../ports/link.ts';

/** What a client speaks. */
export interface Dialect {
  readonly codec: Codec;
  /** The one document of a link whose address names it, and the token there; `null` when frames name theirs. */
  readonly only: { readonly documentName: string; readonly token: string | null } | null;
}

/** Hocuspocus' protocol. */
export const HOCUSPOCUS: Dialect = { codec: hocuspocus, only: null };

const Y_WEBSOCKET = '/y/';

/**
 * What a client speaks that asks for a link at this path with its query: Hocuspocus' protocol at `/collab`, that of y-websocket at `/y/{name}`,
 * where slashes in a name may stand as they are, as its provider leaves them. A code refuses the link.
 */
export function dialectOf(url: string): Dialect | ErrorCode {
  const [path = '', query = ''] = url.split('?', 2);
  if (path === '/collab') return HOCUSPOCUS;
  if (!path.startsWith(Y_WEBSOCKET)) return 'not-found';
  const documentName = decoded(path.slice(Y_WEBSOCKET.length));
  if (documentName === null || nameProblem(documentName) !== null) return 'bad-name';
  const asked = new URLSearchParams(query);
  return { codec: asked.get('acks') === '1' ? yWebsocketWithAcks : yWebsocket, only: { documentName, token: asked.get('token') } };
}

/** The same request without the token in its address, for whoever may log or keep it. */
export function withoutToken({ url, headers }: LinkRequest): LinkRequest {
  const [path = '', query] = url.split('?', 2);
  if (query === undefined) return { url, headers };
  const rest = query.split('&').filter((pair) => !/^token(=|$)/.test(pair));
  return { url: rest.length === 0 ? path : `${path}?${rest.join('&')}`, headers };
}

function decoded(segment: string): string | null {
  try {
    return decodeURIComponent(segment);
  } catch {
    return null;
  }
}
