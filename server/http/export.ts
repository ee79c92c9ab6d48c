import { createHash } from 'node:crypto';
import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import { etag } from 'hono/etag';
import * as Y from 'yjs';
import { findFormat, formatNames, formats, negotiate } from '../../document/formats/format.ts';
import { readTitle } from '../../document/title.ts';
import { callerOf } from './caller.ts';
import { nameFromPath } from './document-name-param.ts';
import { NameParam } from './documents.ts';
import { contentDisposition, downloadName } from './download-name.ts';
import type { Conversions, Documents } from './ports.ts';
import { problemResponse } from './problems.ts';
import { refusals } from './refusals.ts';

/**
 * A browser shows an export in a sandbox of its own: whatever a writer put into the document, it
 * cannot script this origin, and loads nothing but images.
 */
const EXPORT_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data: https:; frame-ancestors 'none'";

const exportDocument = createRoute({
  method: 'get',
  path: '/api/documents/{name}/export',
  tags: ['Content'],
  summary: 'Export a document',
  description: 'The live state, edits of this moment included. Without `format` the Accept header decides.',
  request: {
    params: NameParam,
    query: z.object({
      format: z
        .string()
        .optional()
        .openapi({ description: `One of ${formatNames.join(', ')}; extensions such as md will do.`, example: 'markdown' }),
      download: z.enum(['0', '1']).optional().openapi({ description: '1 makes a browser save the file rather than show it.' }),
    }),
    headers: z.object({
      'If-None-Match': z.string().optional().openapi({ description: 'An earlier ETag: unchanged content is answered with 304.' }),
    }),
  },
  responses: {
    200: {
      description: 'The document in this format.',
      headers: z.object({
        ETag: z.string().openapi({ description: 'Hash of the body.' }),
        'Content-Disposition': z.string().openapi({ description: 'A file name from the title, or the name.' }),
        'Inkwire-Version': z.string().openapi({ description: 'A committed version this holds, for If-Match.' }),
        'Inkwire-Warnings': z.string().openapi({ description: 'How many things this format could not say; absent when none.' }),
      }),
      content: Object.fromEntries(
        formats.flatMap(({ mediaTypes }) => mediaTypes.slice(0, 1).map((type) => [type, { schema: z.string() }])),
      ),
    },
    304: { description: 'Unchanged.' },
    ...refusals('bad-name', 'bad-request', 'document-not-found', 'unknown-format', 'overloaded', 'conversion-timeout'),
  },
});

function contentType(mediaType: string): string {
  return mediaType.startsWith('text/') || mediaType.endsWith('json') ? `${mediaType}; charset=utf-8` : mediaType;
}

/** Export in any format of the table. */
export function exportRoutes({ documents, conversions }: { documents: Documents; conversions: Conversions }): OpenAPIHono {
  const app = new OpenAPIHono();
  app.use(exportDocument.getRoutingPath(), etag());

  app.openapi(exportDocument, async (c) => {
    const name = nameFromPath(c);
    const { format: asked, download } = c.req.valid('query');
    c.header('Vary', 'Accept', { append: true });
    const format = findFormat(asked ?? negotiate(c.req.header('accept')) ?? '');
    if (format?.export !== true) {
      const detail = asked === undefined ? 'No known format fits the Accept header.' : `"${asked}" is not a format.`;
      return problemResponse(c, 'unknown-format', detail, { formats: formatNames });
    }

    const { state, title, version } = await documents.read(name, (document, head) => ({
      state: Y.encodeStateAsUpdate(document),
      title: readTitle(document),
      version: head,
    }));
    const { body, warnings } = await conversions.toFormat(format.name, state, title);
    callerOf(c).require('document.export', name);

    c.header('ETag', `"${createHash('sha256').update(body).digest('base64url')}"`);
    c.header('Cache-Control', 'private, no-cache');
    c.header('Content-Security-Policy', EXPORT_POLICY);
    c.header(
      'Content-Disposition',
      contentDisposition(download === '1' ? 'attachment' : 'inline', downloadName(title || name, format.extension)),
    );
    c.header('Content-Length', String(body.byteLength));
    c.header('Inkwire-Version', String(version));
    if (warnings.length > 0) c.header('Inkwire-Warnings', String(warnings.length));
    return c.body(body as Uint8Array<ArrayBuffer>, 200, {
      'Content-Type': contentType(format.mediaTypes[0]),
    });
  });

  return app;
}
