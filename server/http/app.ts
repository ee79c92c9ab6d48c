import { OpenAPIHono } from '@hono/zod-openapi';
import { compress } from 'hono/compress';
import { methodNotAllowed } from 'hono/method-not-allowed';
import { version } from '../version.ts';
import { admit } from './admission.ts';
import { describeApi } from './api-description.ts';
import { API_DOCS_POLICY, API_DOCS_STYLE, renderApiDocs } from './api-docs.ts';
import { authorize } from './authorize.ts';
import { bodyLimit } from './body-limit.ts';
import { contentRoutes } from './content.ts';
import { rawPath } from './document-name-param.ts';
import { documentRoutes } from './documents.ts';
import { exportRoutes } from './export.ts';
import { healthRoutes } from './health.ts';
import { pageRoutes } from './pages.ts';
import type { Access, Admission, Conversions, Documents, Log, Readiness } from './ports.ts';
import { answerError, problemResponse, validationProblem } from './problems.ts';
import { limitRate } from './rate-limit.ts';
import { reportRefusals } from './report-refusals.ts';
import { securityHeaders } from './security-headers.ts';
import { sessionRoutes } from './session.ts';
import { shareLinkRoutes } from './share-links.ts';
import { tokenRoutes } from './tokens.ts';

export interface HttpAppOptions {
  readonly documents: Documents;
  readonly conversions: Conversions;
  readonly readiness: Readiness;
  readonly admission: Admission;
  readonly access: Access;
  readonly config: { readonly maxBodyBytes: number };
  /** The built web part (`dist/web`). When it is missing, pages say how to build it. */
  readonly webRoot: string | URL;
  readonly log: Log;
}

/** The HTTP API and the pages, as one application over web `Request`s. */
export function createHttpApp(options: HttpAppOptions): OpenAPIHono {
  const { documents, conversions, readiness, admission, access, config, webRoot, log } = options;
  const app = new OpenAPIHono({
    getPath: rawPath,
    defaultHook: (result, c) => (result.success ? undefined : validationProblem(c, result.target, result.error.issues)),
  });
  app.onError(answerError(log));
  app.notFound((c) => problemResponse(c, 'not-found', `There is nothing at ${c.req.path}.`));

  app.use(reportRefusals(admission), securityHeaders(admission), compress(), admit(admission), limitRate(admission));
  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed: (c, methods) => {
        c.header('Allow', methods.join(', '));
        return problemResponse(c, 'method-not-allowed', `${c.req.path} takes ${methods.join(', ')}.`);
      },
    }),
  );
  app.use(authorize({ access, admission }));
  app.use(
    '/api/*',
    async (c, next) => {
      await next();
      if (!c.res.headers.has('Cache-Control')) c.res.headers.set('Cache-Control', 'no-store');
    },
    bodyLimit(config.maxBodyBytes),
  );

  app.route('/', documentRoutes({ documents, conversions }));
  app.route('/', exportRoutes({ documents, conversions }));
  app.route('/', contentRoutes({ documents, conversions }));
  app.route('/', shareLinkRoutes({ documents, access, admission, clock: Date.now }));
  app.route('/', tokenRoutes(access));
  app.route('/', sessionRoutes(access));
  app.route('/', healthRoutes(readiness));

  const api = describeApi(app, version);
  app.get('/api/openapi.json', (c) => c.json(api));
  app.get('/api/docs', (c) => {
    c.header('Content-Security-Policy', API_DOCS_POLICY);
    return c.html(renderApiDocs(api));
  });

  app.get('/api/docs.css', (c) => c.body(API_DOCS_STYLE, 200, { 'Content-Type': 'text/css; charset=utf-8' }));

  app.route('/', pageRoutes(webRoot, admission.origins));
  return app;
}
