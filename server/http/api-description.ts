import type { OpenAPIHono } from '@hono/zod-openapi';
import { ACTIONS } from '../../protocol/permissions.ts';
import { ROUTE_PERMISSIONS } from './route-permissions.ts';

const OVERVIEW = `Create, read, write and export documents while people edit them.

Send your token as \`Authorization: Bearer …\`; an open server (without INKWIRE_SECRET) asks for none.
A name is percent-encoded as one path segment: the document \`team/plan\` is \`/api/documents/team%2Fplan\`.
Every refusal is \`application/problem+json\` with a stable \`code\`. Times are ISO 8601, sizes bytes.
A write is answered after it is committed.`;

/** OpenAPI 3.1 of every route registered on `app`, each with what the table of permissions asks for it. */
export function describeApi(app: OpenAPIHono, version: string) {
  app.openAPIRegistry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' });
  const api = app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: { title: 'Inkwire', version, description: OVERVIEW, license: { name: 'MIT' } },
    servers: [{ url: '/' }],
    tags: [
      { name: 'Documents', description: 'What there is.' },
      { name: 'Content', description: 'What they hold.' },
      { name: 'Access', description: 'Who may do what with them.' },
      { name: 'Health', description: 'How the server is.' },
    ],
  });
  for (const [path, methods] of Object.entries(api.paths ?? {})) {
    for (const [method, operation] of Object.entries(methods as Record<string, Operation>)) {
      describePermission(operation, `${method.toUpperCase()} ${path.replaceAll(/{(\w+)}/g, ':$1')}`);
    }
  }
  return api;
}

interface Operation {
  description?: string;
  security?: Record<string, string[]>[];
}

function describePermission(operation: Operation, route: string): void {
  const permission = ROUTE_PERMISSIONS[route];
  operation.security = permission === 'public' ? [] : [{ bearer: [] }];
  if (permission === undefined || permission === 'public' || permission === 'signed-in') return;
  const where = permission.startsWith('server.') ? ' on `*`' : '';
  operation.description = `${operation.description ?? ''} Takes the role ${ACTIONS[permission]}${where}.`.trim();
}

/** The description as `describeApi` returns it. */
export type ApiDescription = ReturnType<typeof describeApi>;
