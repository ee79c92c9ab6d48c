/**
 * The WebSocket address of a document: `server` may be the site (`http…`) or its `/collab` endpoint
 * (`ws…`); without it the module's own origin serves. The document stands in the query so that a
 * load balancer can hash on it; `schemaVersion` lets the server refuse the edits of an old editor. Throws a `TypeError` when `server` is no address.
 */
export function collabUrl(server: string | null, moduleOrigin: string, documentName: string, schemaVersion: number): string {
  const url = new URL(server === null || server === '' ? moduleOrigin : server, moduleOrigin);
  if (url.protocol === 'http:') url.protocol = 'ws:';
  if (url.protocol === 'https:') url.protocol = 'wss:';
  if (url.protocol !== 'ws:' && url.protocol !== 'wss:') throw new TypeError(`"${server}" is neither an http(s) nor a ws(s) address.`);
  if (url.pathname === '/') url.pathname = '/collab';
  url.searchParams.set('document', documentName);
  url.searchParams.set('schemaVersion', String(schemaVersion));
  url.hash = '';
  return url.href;
}
