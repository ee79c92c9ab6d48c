import { randomBytes } from 'node:crypto';
import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { exportFormats, type Format, findFormat, negotiate } from '../../document/formats/format.ts';
import { SUGGESTION_CHOICES } from '../../document/suggestions.ts';
import { InkwireError } from '../../protocol/errors.ts';
import type { Assets } from '../ports/assets.ts';
import type { Conversions } from '../ports/conversions.ts';
import { type ExportedAs, PAPERS } from '../ports/conversions.ts';
import type { Documents } from '../ports/documents.ts';
import { askerOf } from './asker.ts';
import { streamFor } from './asset-stream.ts';
import { convertedFile } from './converted-file.ts';
import { contentDisposition, downloadName } from './download-name.ts';
import { ExportCache } from './export-cache.ts';
import { exportTag, isUnchanged } from './export-tag.ts';
import { inlineAssets } from './inline-assets.ts';
import { peerOf } from './peer.ts';
import { problemResponse } from './problems.ts';
import { refusals } from './refusals.ts';
import { route } from './route.ts';
import type { Routes } from './routes.ts';

const exportNames = exportFormats.map(({ name }) => name);

/**
 * A browser shows an export in a sandbox of its own: whatever a writer put into the document, it
 * cannot script this origin, and loads nothing but images.
 */
const PAGE_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data: https:; frame-ancestors 'none'";

const BINARY = { type: 'string', format: 'binary' } as const;

const exportDocument = route({
  method: 'get',
  path: '/api/documents/{name}/export',
  permission: 'document.export',
  of: 'document',
  tags: ['Content'],
  summary: 'Export a document',
  description: 'The live state, edits of this moment included. Without `format` the Accept header decides.',
  request: {
    query: z.object({
      format: z
        .string()
        .optional()
        .openapi({ description: `One of ${exportNames.join(', ')}; extensions such as md will do.`, example: 'markdown' }),
      assets: z.enum(['inline', 'link']).optional().openapi({
        description:
          'How pictures of the document are named: `inline` puts them into the page, which is what HTML does unless told otherwise; `link` names them by their address on this server. Without it Markdown names them as the document does, by a path.',
      }),
      root: z.string().max(255).optional().openapi({
        description:
          'The root that is exported, of a document of an application of another kind: a `Y.Text` as text, an XML fragment in any format, anything as JSON. Without it the editor’s own.',
        example: 'codemirror',
      }),
      fragment: z.enum(['0', '1']).optional().openapi({ description: '1 gives HTML to put into a page of your own, rather than a page.' }),
      suggestions: z.enum(SUGGESTION_CHOICES).optional().openapi({
        description: 'What becomes of suggested changes: shown as such (`keep`, the default), or all taken or refused.',
      }),
      paper: z.enum(PAPERS).optional().openapi({ description: 'The paper of a PDF; `a4` without it.' }),
      margin: z.coerce
        .number()
        .int()
        .min(0)
        .max(80)
        .optional()
        .openapi({ description: 'The margins of a PDF, mm; 25 without it.', example: 25 }),
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
        ETag: z.string().openapi({ description: 'Of the content and of what was asked: an unchanged document costs no conversion.' }),
        'Content-Disposition': z.string().openapi({ description: 'A file name from the title, or the name.' }),
        'Inkwire-Version': z.string().openapi({ description: 'A committed version this holds, for If-Match.' }),
        'Inkwire-Roots': z.string().openapi({
          description:
            'When the root is empty: those that are not, percent-encoded, separated by commas; each can be asked for with `root`.',
        }),
        'Inkwire-Warnings': z.string().openapi({ description: 'How many things this format could not say; absent when none.' }),
      }),
      content: Object.fromEntries(exportFormats.map(({ mediaTypes, text }) => [mediaTypes[0], { schema: text ? z.string() : BINARY }])),
    },
    304: { description: 'Unchanged.' },
    ...refusals(
      'bad-name',
      'bad-request',
      'document-not-found',
      'unknown-format',
      'overloaded',
      'storage-unavailable',
      'conversion-timeout',
      'content-too-complex',
    ),
  },
});

/** What is no page runs no script of this origin's; the viewer of a browser needs to draw a PDF. */
const FILE_POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'";

const contentType = ({ mediaTypes: [type], text }: Format) => (text ? `${type}; charset=utf-8` : type);

/** Bytes of exports that are kept for whoever asks for the same again. */
const MAX_CACHED_BYTES = 32 * 1024 * 1024;

/** Files that hold the document's pictures, and name its other files by their address. */
const WHOLE: ReadonlySet<string> = new Set(['docx', 'pdf', 'odt', 'epub']);

interface ExportParts {
  readonly documents: Documents;
  readonly conversions: Conversions;
  readonly assets: Assets;
}

/** Export in any format of the table. */
export function addExportRoutes(routes: Routes, { documents, conversions, assets }: ExportParts): void {
  const cache = new ExportCache(MAX_CACHED_BYTES);
  // Keeps the places of pictures in a page; nobody else can write it.
  const placeholder = randomBytes(16).toString('hex');
  routes.add(exportDocument, async (c, { caller, name }) => {
    const { format: asked, download, assets: shown, root, fragment, suggestions, paper = 'a4', margin = 25 } = c.req.valid('query');
    c.header('Vary', 'Accept', { append: true });
    const format = findFormat(asked ?? negotiate(c.req.header('accept')) ?? '');
    if (format?.export !== true) {
      const detail = asked === undefined ? 'No known format fits the Accept header.' : `"${asked}" is not a format.`;
      return problemResponse(c, 'unknown-format', detail, { formats: exportNames });
    }

    const { updates, title, version, key } = await documents.state(name);
    if (shown === 'inline' && format.name !== 'html') throw new InkwireError('bad-request', 'Only HTML holds pictures as data.');
    if (fragment === '1' && format.name !== 'html') throw new InkwireError('bad-request', 'Only HTML can be a fragment.');
    const isInline = format.name === 'html' && shown !== 'link';
    const server = isInline || shown === 'link' || WHOLE.has(format.name) ? originOf(c) + routes.outside('') : '';
    const as: ExportedAs = {
      addresses: { documentName: name, server, placeholder: isInline ? placeholder : undefined },
      ...{ root, suggestions, isFragment: fragment === '1', page: { paper, marginMm: margin } },
    };
    const tag = exportTag({ key, updates, title, format, as });
    c.header('ETag', tag);
    c.header('Cache-Control', 'private, no-cache');
    if (isUnchanged(c.req.header('if-none-match'), tag)) return c.body(null, 304);
    const asker = askerOf(c, caller);
    const convert = async () => {
      const what = { documentName: name, format: format.name, updates, title, as, asker };
      const { body, warnings, otherRoots } = await convertedFile({ conversions, assets }, what);
      const file = { body, lost: warnings.length, otherRoots };
      cache.set(tag, file);
      return file;
    };
    const { body, lost: unsaid, otherRoots } = cache.get(tag) ?? (await convert());
    caller.require('document.export', name);
    const page = isInline ? await inlineAssets(body, { assets, documentName: name, placeholder, server }) : null;
    // Before the headers are set, which would stay with a refusal.
    const whole = page?.changed
      ? await streamFor(page.read(), () => caller.require('document.export', name))
      : (body as Uint8Array<ArrayBuffer>);
    const lost = unsaid + (page?.left ?? 0);

    c.header('Content-Security-Policy', format.text ? PAGE_POLICY : FILE_POLICY);
    c.header(
      'Content-Disposition',
      contentDisposition(download === '1' ? 'attachment' : 'inline', downloadName(title || name, format.extension)),
    );
    c.header('Content-Length', String(page?.length ?? body.byteLength));
    c.header('Inkwire-Version', String(version));
    if (lost > 0) c.header('Inkwire-Warnings', String(lost));
    if (otherRoots.length > 0) c.header('Inkwire-Roots', otherRoots.map(encodeURIComponent).join(', '));
    c.header('Content-Type', contentType(format));
    return c.body(whole, 200);
  });
}

/** This server's address as the client knows it. */
function originOf(c: Context): string {
  const { host, secure } = peerOf(c);
  return host === undefined ? '' : `${secure ? 'https' : 'http'}://${host}`;
}
