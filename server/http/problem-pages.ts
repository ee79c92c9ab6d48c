import { createHash } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import { html } from 'hono/html';
import { type ProblemDetails, problemOf } from './problems.ts';
import { pagePolicy } from './security-headers.ts';
import { staticFiles } from './static-files.ts';

/** Addresses that programs read: the API, the health of the server, and files. */
const FOR_PROGRAMS = /^\/(?:api|assets)(?:\/|$)|^\/(?:healthz|readyz)$|\.(?:css|ico|js|json|map|png|svg|txt|webmanifest|woff2?)$/;

/** What the page of a problem says, and where it leads. */
interface Words {
  readonly title: string;
  readonly detail: string;
  readonly action: string;
  readonly href: string;
}

/**
 * Shows a person what programs get as problem+json: a link or an address that is refused leads to a page,
 * with the same status, and a way on. Its text is `problem.html` of the built web
 * part; while that is missing, the problem stays as it is.
 */
export function problemPages(webRoot: string | URL, basePath: string): MiddlewareHandler {
  const find = staticFiles(webRoot, basePath);
  return async (c, next) => {
    await next();
    const problem = problemOf(c);
    if (problem === undefined || !isNavigation(c)) return;
    const file = await find('problem.html');
    if (file === null) return;
    const page = new TextDecoder().decode(file.body);
    const { status } = c.res;
    c.res = new Response(filled(page, wordsFor(problem, c.req.path, `${basePath}/`)), {
      status,
      headers: { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': pagePolicy([], [styleHash(page)]) },
    });
  };
}

/** Whether a browser asks for a page, rather than a script for data. */
function isNavigation(c: Context): boolean {
  const reads = c.req.method === 'GET' || c.req.method === 'HEAD';
  return reads && (c.req.header('accept') ?? '').includes('text/html') && !FOR_PROGRAMS.test(c.req.path);
}

function wordsFor({ code, title, detail }: ProblemDetails, path: string, homePage: string): Words {
  const heading = title.replace(/\.$/, '');
  const said = { title: heading, detail: detail === title ? '' : (detail ?? '') };
  const home = { action: 'All documents', href: homePage };
  if (code === 'not-found') {
    return {
      ...home,
      title: 'There is no page here',
      detail: `Nothing is at ${path}. The address may have lost a letter on its way to you.`,
    };
  }
  return code === 'bad-name' ? { ...said, ...home } : { ...said, action: 'Try again', href: '' };
}

/** A page whose `{{places}}` hold these words. */
function filled(page: string, words: Words): string {
  return page.replaceAll(/{{(title|detail|action|href)}}/g, (_, place: keyof Words) => String(html`${words[place]}`));
}

/** The source for `style-src` that allows the page's own style sheet, and no other that might get into it. */
function styleHash(page: string): string {
  const [, style = ''] = /<style>(.*?)<\/style>/s.exec(page) ?? [];
  return `'sha256-${createHash('sha256').update(style).digest('base64')}'`;
}
