/** What an address is read beside. */
export interface Places {
  /** The server of an element that names none; `null` when there is no such server. */
  readonly home: string | null;
  /** The address of the page. */
  readonly page: string;
}

/** Where the server's HTTP API lies, without a slash at the end; `server` and what is thrown as with `collabUrl`. */
export function serverUrl(server: string | null, places: Places): string {
  const url = addressOf(server, places);
  return `${url.protocol.replace('ws', 'http')}//${url.host}${url.pathname.replace(/(?:\/collab)?\/?$/, '')}`;
}

/**
 * The WebSocket address of a document: `server` may be the site (`http…`) or its `/collab` endpoint
 * (`ws…`); without it `home` serves. The document stands in the query so that a load balancer can hash
 * on it; `schemaVersion` lets the server refuse the edits of an old editor. Throws a `TypeError` when
 * `server` is no address, or there is none.
 */
export function collabUrl(server: string | null, places: Places, documentName: string, schemaVersion: number): string {
  const url = addressOf(server, places);
  const isSite = url.protocol.startsWith('http') || url.pathname === '/';
  if (isSite && !/\/collab\/?$/.test(url.pathname)) url.pathname = `${url.pathname.replace(/\/$/, '')}/collab`;
  url.protocol = url.protocol.replace('http', 'ws');
  url.searchParams.set('document', documentName);
  url.searchParams.set('schemaVersion', String(schemaVersion));
  url.hash = '';
  return url.href;
}

function addressOf(server: string | null, { home, page }: Places): URL {
  const address = server === null || server === '' ? home : server;
  if (address === null) throw new TypeError(NO_SERVER);
  const url = URL.canParse(address, home ?? page) ? new URL(address, home ?? page) : null;
  if (url === null || !/^(?:https?|wss?):$/.test(url.protocol))
    throw new TypeError(`"${address}" is neither an http(s) nor a ws(s) address.`);
  return url;
}

const NO_SERVER =
  '<inkwire-editor> has no server to connect to. Name one: <inkwire-editor server="https://docs.example.com" document="…">. ' +
  'The attribute may be left out only on pages that load /inkwire.js from the server itself.';
