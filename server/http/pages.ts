import type { Context, MiddlewareHandler } from 'hono';
import { etag } from 'hono/etag';
import { html } from 'hono/html';
import { InkwireError } from '../../protocol/errors.ts';
import { nameIn } from './route.ts';
import type { Routes } from './routes.ts';
import { pagePolicy } from './security-headers.ts';
import { staticFiles } from './static-files.ts';

const YEAR_SECONDS = 31_536_000;

/** Browsers keep such a file for good: the build puts a hash of the content into every name under /assets. */
const IMMUTABLE = `public, max-age=${YEAR_SECONDS}, immutable`;

/** Pages that embed the element learn of an update within minutes and then ask with the ETag. */
const ELEMENT = 'public, max-age=300';

/** A page that isolates itself (COEP) frames only what says that other origins may load it. */
const embeddable: MiddlewareHandler = (c, next) => {
  c.header('Cross-Origin-Resource-Policy', 'cross-origin');
  return next();
};

const DOCUMENT_PAGE = '/d/:name';

/** Refuses the address of what cannot be a document before the app would show something else there. */
const namesDocument: MiddlewareHandler = (c, next) => {
  nameIn(DOCUMENT_PAGE, c.req.path);
  return next();
};

const notBuilt = (docs: string) => html`<!doctype html>
<html lang="en">
<meta charset="utf-8" />
<title>Inkwire is not built</title>
<h1>The web part is not built</h1>
<p>This server works, but its pages are missing. Run <code>npm start</code> in Inkwire’s folder: it builds them, then starts the server.</p>
<p>The HTTP API is at <a href="${docs}">${docs}</a>.</p>
</html>`;

/**
 * The app, the element and what they load, from the built web part under `webRoot`. Pages of this
 * server and of `origins` may frame `/embed/{name}`, nobody any other page.
 */
export function addPageRoutes(routes: Routes, webRoot: string | URL, origins: readonly string[]): void {
  const find = staticFiles(webRoot, routes.outside(''));

  const page = (policy: string) => async (c: Context) => {
    c.header('Content-Security-Policy', policy);
    c.header('Cache-Control', 'no-cache');
    const file = await find('index.html');
    if (file === null) return c.html(notBuilt(routes.outside('/api/docs')), 503);
    c.header('ETag', file.etag);
    c.header('Content-Length', String(file.body.length));
    return c.body(file.body, 200, { 'Content-Type': file.contentType });
  };

  const file = (cacheControl: string, crossOrigin: boolean) => async (c: Context) => {
    const found = await find(c.req.path.slice(1));
    if (found === null) throw new InkwireError('not-found');
    if (crossOrigin) {
      c.header('Access-Control-Allow-Origin', '*');
      c.header('Cross-Origin-Resource-Policy', 'cross-origin');
    }
    c.header('Cache-Control', cacheControl);
    c.header('ETag', found.etag);
    c.header('Content-Length', String(found.body.length));
    return c.body(found.body, 200, { 'Content-Type': found.contentType });
  };

  routes.addPage('/', etag(), page(pagePolicy()));
  routes.addPage(DOCUMENT_PAGE, etag(), namesDocument, page(pagePolicy()));
  routes.addPage('/embed/:name', etag(), embeddable, page(pagePolicy(["'self'", ...origins])));
  routes.addPage('/inkwire.js', etag(), file(ELEMENT, true));
  routes.addPage('/old-browser.js', etag(), file('no-cache', false));
  routes.addPage('/api-docs.js', etag(), file('no-cache', false));
  routes.addPage('/assets/*', etag(), file(IMMUTABLE, true));
  routes.addPage('/:file{[^/]+\\.(?:svg|png|ico|webmanifest|txt)}', etag(), file('no-cache', false));
}
