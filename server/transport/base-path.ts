import type { IncomingMessage, Server } from 'node:http';

/**
 * Has a server's requests and upgrades name what they ask for as if it were at the root of its host. A proxy may take the base path
 * off itself, or leave it on: without it a request is as good as with it.
 */
export function mountUnder(server: Server, basePath: string): void {
  if (basePath === '') return;
  const strip = (request: IncomingMessage) => {
    request.url = withoutBasePath(request.url ?? '/', basePath);
  };
  server.prependListener('request', strip);
  server.prependListener('upgrade', strip);
}

/** The path and query of a request without the base path before it. */
export function withoutBasePath(url: string, basePath: string): string {
  if (!url.startsWith(basePath)) return url;
  const rest = url.slice(basePath.length);
  if (rest.startsWith('/')) return rest;
  return rest === '' || rest.startsWith('?') ? `/${rest}` : url;
}
