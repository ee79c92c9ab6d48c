/**
 * The WebSocket address of a document: `server` may be the site (`http…`) or its `/collab` endpoint
 * (`ws…`); without it the module's own origin serves. The document stands in the query so that a
 * load balancer can hash on it. Throws a `TypeError` when `server` is no address.
 */
export function collabUrl(server: string | null, moduleOrigin: string, documentName: string): string {
  const url = new URL(server === null || server === '' ? moduleOrigin : server, moduleOrigin);
  if (url.protocol === 'http:') url.protocol = 'ws:';
  if (url.protocol === 'https:') url.protocol = 'wss:';
  if (url.protocol !== 'ws:' && url.protocol !== 'wss:') throw new TypeError(`"${server}" is neither an http(s) nor a ws(s) address.`);
  if (url.pathname === '/') url.pathname = '/collab';
  url.searchParams.set('document', documentName);
  url.hash = '';
  return url.href;
}
