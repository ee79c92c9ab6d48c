import { z } from '@hono/zod-openapi';
import type { DocumentAsset } from '../../persistence/assets/asset-store.ts';
import { assetPath, isAssetHash, isPictureType } from '../../protocol/assets.ts';
import { InkwireError } from '../../protocol/errors.ts';
import type { Assets } from '../ports/assets.ts';
import { streamFor } from './asset-stream.ts';
import { readByteRange } from './byte-range.ts';
import { contentDisposition } from './download-name.ts';
import { FORM_OVERHEAD_BYTES, openMultipartFile } from './multipart-file.ts';
import { problemResponse } from './problems.ts';
import { refusals } from './refusals.ts';
import { route } from './route.ts';
import type { Routes } from './routes.ts';

export const AssetView = z
  .object({
    hash: z.string().openapi({ description: 'SHA-256 of its bytes, in hex.' }),
    url: z.string().openapi({ description: 'Its path on this server: what a document’s text names it by.' }),
    mediaType: z.string().openapi({ description: 'What it is by its bytes, whatever was said of it.', example: 'image/png' }),
    picture: z
      .boolean()
      .openapi({ description: 'Whether browsers show it in a page: PNG, JPEG, GIF, WebP, AVIF. All else is a download.' }),
    size: z.int().openapi({ description: 'Bytes.' }),
    fileName: z.string(),
  })
  .openapi('Asset');

const tags = ['Pictures and files'];
const BINARY = { type: 'string', format: 'binary' } as const;
const header = (description: string) => z.string().openapi({ description });

const uploadAsset = route({
  method: 'post',
  path: '/api/documents/{name}/assets',
  permission: 'document.edit',
  of: 'document',
  streamsBody: true,
  tags,
  summary: 'Upload a picture or file',
  description:
    'One file a request, in whatever field. Answered after the commit; put its `url` into the text within a day, or it is removed. The document need not exist yet. SVG is refused.',
  request: {
    body: {
      required: true,
      content: { 'multipart/form-data': { schema: { type: 'object', properties: { file: BINARY }, required: ['file'] } } },
    },
  },
  responses: {
    201: {
      description: 'Stored.',
      headers: z.object({ Location: header('Its address in this API.') }),
      content: { 'application/json': { schema: AssetView } },
    },
    ...refusals(
      'bad-name',
      'bad-request',
      'body-too-large',
      'document-too-large',
      'document-deleted',
      'unsupported-media-type',
      'overloaded',
    ),
  },
});

const readAsset = route({
  method: 'get',
  path: '/api/documents/{name}/assets/{hash}',
  permission: 'document.read',
  of: 'document',
  tags,
  summary: 'Read a picture or file',
  description: 'It never changes: a hash names its bytes. Takes ranges.',
  request: {
    params: z.object({ hash: z.string().openapi({ param: { name: 'hash', in: 'path' }, description: 'As the upload answered it.' }) }),
    query: z.object({
      download: z.enum(['0', '1']).optional().openapi({ description: '1 makes a browser save a picture rather than show it.' }),
    }),
    headers: z.object({
      Range: z.string().optional().openapi({ description: 'One range of bytes.', example: 'bytes=0-1023' }),
      'If-Range': z.string().optional().openapi({ description: 'The ETag that the range is meant for.' }),
      'If-None-Match': z.string().optional().openapi({ description: 'The ETag of what is there already.' }),
    }),
  },
  responses: {
    200: {
      description: 'All of it.',
      headers: z.object({
        ETag: header('The hash, in quotes.'),
        'Content-Disposition': header('Pictures are shown, all else is saved; with the name it was uploaded under.'),
      }),
      content: { '*/*': { schema: BINARY } },
    },
    206: {
      description: 'The range.',
      headers: z.object({ 'Content-Range': header('Which bytes, of how many.') }),
      content: { '*/*': { schema: BINARY } },
    },
    304: { description: 'It is there already.' },
    ...refusals('bad-name', 'not-found', 'range-not-satisfiable', 'storage-unavailable'),
  },
});

/**
 * A browser keeps it for good and for itself. What came with one token is asked for anew with another, by its ETag: two people
 * at one browser do not share what only one of them may see. Whatever is between must not compress what is compressed.
 */
const CACHING = 'private, max-age=31536000, immutable, no-transform';

/** Shown by itself, it is in a sandbox and loads nothing. */
const ASSET_POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'";

function viewAsset({ documentName, hash, mediaType, size, fileName }: DocumentAsset): z.infer<typeof AssetView> {
  return { hash, url: assetPath({ documentName, hash }), mediaType, picture: isPictureType(mediaType), size, fileName };
}

function contentTypeOf({ mediaType }: DocumentAsset): string {
  return mediaType.startsWith('text/') ? `${mediaType}; charset=utf-8` : mediaType;
}

/** Whether an `If-None-Match` names the tag. */
function names(ifNoneMatch: string | undefined, etag: string): boolean {
  const tags = ifNoneMatch?.split(',') ?? [];
  return tags.some((tag) => ['*', etag, `W/${etag}`].includes(tag.trim()));
}

/** Upload pictures and files, and read them. */
export function addAssetRoutes(routes: Routes, assets: Assets): void {
  routes.add(uploadAsset, async (c, { caller, name }) => {
    const { maxBytes } = assets;
    if (Number(c.req.header('content-length') ?? 0) > maxBytes + FORM_OVERHEAD_BYTES) {
      throw new InkwireError('body-too-large', `The most is ${maxBytes} bytes.`);
    }
    const stored = await assets.store({
      documentName: name,
      open: () => openMultipartFile(c.req.raw),
      author: caller.author,
      user: caller.identity.sub,
      stillAllowed: () => caller.require('document.edit', name),
    });
    const view = viewAsset(stored);
    c.header('Location', routes.outside(view.url));
    return c.json(view, 201);
  });

  routes.add(readAsset, async (c, { caller, name }) => {
    const { hash } = c.req.valid('param');
    const asset = isAssetHash(hash) ? await assets.find(name, hash) : null;
    if (asset === null) throw new InkwireError('not-found', 'The document has no such picture or file.');
    const etag = `"${hash}"`;
    c.header('Vary', 'Authorization', { append: true });
    if (names(c.req.header('if-none-match'), etag)) return c.body(null, 304, { ETag: etag, 'Cache-Control': CACHING });

    const ifRange = c.req.header('if-range');
    const range = ifRange === undefined || ifRange === etag ? readByteRange(c.req.header('range'), asset.size) : null;
    if (range === 'unsatisfiable') {
      c.header('Content-Range', `bytes */${asset.size}`);
      return problemResponse(c, 'range-not-satisfiable');
    }
    const { from, to } = range ?? { from: 0, to: asset.size };
    // Before the headers are set, which would stay with a refusal.
    const stream =
      c.req.method === 'HEAD' ? null : await streamFor(assets.read(hash, from, to), () => caller.require('document.read', name));
    const shown = isPictureType(asset.mediaType) && c.req.valid('query').download !== '1';
    c.header('ETag', etag);
    c.header('Cache-Control', CACHING);
    c.header('Accept-Ranges', 'bytes');
    c.header('Content-Security-Policy', ASSET_POLICY);
    c.header('Content-Disposition', contentDisposition(shown ? 'inline' : 'attachment', asset.fileName));
    c.header('Content-Type', contentTypeOf(asset));
    c.header('Content-Length', String(to - from));
    if (range !== null) c.header('Content-Range', `bytes ${from}-${to - 1}/${asset.size}`);
    const status = range === null ? 200 : 206;
    return stream === null ? c.body(null, status) : c.body(stream, status);
  });
}
