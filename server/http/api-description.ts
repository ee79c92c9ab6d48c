import type { OpenAPIHono } from '@hono/zod-openapi';

const OVERVIEW = `Create, read, write and export documents while people edit them.

Send your token as \`Authorization: Bearer …\`; an open server (without INKWIRE_SECRET) asks for none.
A name is percent-encoded as one path segment: the document \`team/plan\` is \`/api/documents/team%2Fplan\`.
Every refusal is \`application/problem+json\` with a stable \`code\`. Times are ISO 8601, sizes bytes.
A write is answered after it is committed.`;

/** OpenAPI 3.1 of every route declared on `app`, which is under `basePath`. */
export function describeApi(app: OpenAPIHono, version: string, basePath: string) {
  app.openAPIRegistry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' });
  return app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: { title: 'Inkwire', version, description: OVERVIEW, license: { name: 'MIT' } },
    servers: [{ url: basePath === '' ? '/' : basePath }],
    tags: [
      { name: 'Documents', description: 'What there is.' },
      { name: 'Content', description: 'What they hold.' },
      { name: 'History', description: 'What they held, and who wrote it.' },
      { name: 'Pictures and files', description: 'What they show and link.' },
      { name: 'Access', description: 'Who may do what with them.' },
      { name: 'Health', description: 'How the server is.' },
    ],
  });
}

/** The description as `describeApi` returns it. */
export type ApiDescription = ReturnType<typeof describeApi>;
