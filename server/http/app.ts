import { OpenAPIHono } from '@hono/zod-openapi';
import { compress } from 'hono/compress';
import { methodNotAllowed } from 'hono/method-not-allowed';
import type { InkwireError } from '../../protocol/errors.ts';
import type { Access } from '../ports/access.ts';
import type { Assets } from '../ports/assets.ts';
import type { NodeInfo } from '../ports/cluster.ts';
import type { Conversions } from '../ports/conversions.ts';
import type { Documents } from '../ports/documents.ts';
import type { Edge } from '../ports/edge.ts';
import type { Edits } from '../ports/edits.ts';
import type { History } from '../ports/history.ts';
import { version } from '../version.ts';
import { admit } from './admission.ts';
import { describeApi } from './api-description.ts';
import { API_DOCS_POLICY, API_DOCS_STYLE, renderApiDocs } from './api-docs.ts';
import { addAssetRoutes } from './assets.ts';
import { authorize } from './authorize.ts';
import { bodyLimit } from './body-limit.ts';
import { addChangesRoute } from './changes.ts';
import { addContentRoutes } from './content.ts';
import { rawPath } from './document-name-param.ts';
import { addDocumentRoutes } from './documents.ts';
import { addEditRoutes } from './edits.ts';
import { addExportRoutes } from './export.ts';
import { addHealthRoutes, type Readiness } from './health.ts';
import { addMetricsRoute } from './metrics.ts';
import { addNodeRoutes } from './nodes.ts';
import { addPageRoutes } from './pages.ts';
import { knock } from './peer.ts';
import { addPeopleRoutes } from './people.ts';
import { problemPages } from './problem-pages.ts';
import { answerError, type Log, problemResponse, validationProblem } from './problems.ts';
import { limitRate } from './rate-limit.ts';
import { reportRefusals } from './report-refusals.ts';
import { logRequests } from './request-log.ts';
import { Routes } from './routes.ts';
import { securityHeaders } from './security-headers.ts';
import { addSessionRoutes } from './session.ts';
import { addShareLinkRoutes } from './share-links.ts';
import { addTokenRoutes } from './tokens.ts';
import { addPastRoutes } from './version.ts';
import { addVersionRoutes } from './versions.ts';

export interface HttpAppOptions {
  readonly documents: Documents;
  readonly conversions: Conversions;
  readonly edits: Edits;
  readonly history: History;
  readonly assets: Assets;
  readonly readiness: Readiness;
  /** The servers of the system, this one first. */
  readonly nodes: () => readonly NodeInfo[];
  readonly edge: Edge;
  readonly access: Access;
  readonly config: { readonly maxBodyBytes: number; readonly basePath: string; readonly historyRole: string };
  /** The built web part (`dist/web`). When it is missing, pages say how to build it. */
  readonly webRoot: string | URL;
  readonly log: Log;
  /** A request was answered `database-unavailable`; the error's cause says why. */
  readonly onOutage: (error: InkwireError) => void;
}

/** The HTTP API and the pages, as one application over web `Request`s. */
export interface HttpApp {
  readonly app: OpenAPIHono;
  /** What every route asks, by method and path as they are registered. */
  readonly rules: Routes['rules'];
}

/** Makes the application of its parts. */
export function createHttpApp(options: HttpAppOptions): HttpApp {
  const { documents, conversions, edits, history, assets, readiness, nodes, edge, access, config, webRoot, log, onOutage } = options;
  const app = new OpenAPIHono({
    getPath: rawPath,
    defaultHook: (result, c) => (result.success ? undefined : validationProblem(c, result.target, result.error.issues)),
  });
  const routes = new Routes(app, config.basePath);
  app.onError(answerError(log, onOutage));
  app.notFound((c) => problemResponse(c, 'not-found', `There is nothing at ${c.req.path}.`));

  app.use(knock(edge), logRequests(log), reportRefusals(edge), securityHeaders, compress());
  app.use(problemPages(webRoot, config.basePath), admit, limitRate(edge));
  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed: (c, methods) => {
        c.header('Allow', methods.join(', '));
        return problemResponse(c, 'method-not-allowed', `${c.req.path} takes ${methods.join(', ')}.`);
      },
    }),
  );
  app.use(authorize({ routes, access, edge }));
  app.use(
    '/api/*',
    async (c, next) => {
      await next();
      if (!c.res.headers.has('Cache-Control')) c.res.headers.set('Cache-Control', 'no-store');
    },
    bodyLimit(config.maxBodyBytes, routes),
  );

  addDocumentRoutes(routes, { documents, conversions, assets });
  addExportRoutes(routes, { documents, conversions, assets });
  addContentRoutes(routes, { documents, conversions, assets, edits });
  addEditRoutes(routes, { documents, conversions, edits });
  addChangesRoute(routes, { documents, history, conversions });
  addAssetRoutes(routes, assets);
  addShareLinkRoutes(routes, { documents, access, edge, clock: Date.now });
  const historyAction = config.historyRole === 'edit' ? 'document.edit' : 'document.read';
  addVersionRoutes(routes, history, historyAction);
  addPastRoutes(routes, { history, historyAction, documents, conversions, assets, edits });
  addPeopleRoutes(routes, history);
  addTokenRoutes(routes, access);
  addSessionRoutes(routes, access, assets);
  addHealthRoutes(routes, readiness);
  addNodeRoutes(routes, nodes);
  addMetricsRoute(routes, nodes);

  const api = describeApi(app, version, config.basePath);
  routes.addPage('/api/openapi.json', (c) => c.json(api));
  routes.addPage('/api/docs', (c) => {
    c.header('Content-Security-Policy', API_DOCS_POLICY);
    return c.html(renderApiDocs(api));
  });

  routes.addPage('/api/docs.css', (c) => c.body(API_DOCS_STYLE, 200, { 'Content-Type': 'text/css; charset=utf-8' }));

  addPageRoutes(routes, webRoot, edge.origins);
  return { app, rules: routes.rules };
}
