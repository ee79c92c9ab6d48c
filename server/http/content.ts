import { z } from '@hono/zod-openapi';
import { InkwireError } from '../../protocol/errors.ts';
import type { Assets } from '../ports/assets.ts';
import type { Conversions } from '../ports/conversions.ts';
import type { Documents } from '../ports/documents.ts';
import type { Edits } from '../ports/edits.ts';
import { askerOf } from './asker.ts';
import { importFormatOf, importTypes } from './imported-file.ts';
import { storePictures } from './imported-pictures.ts';
import { refusals } from './refusals.ts';
import { route } from './route.ts';
import type { Routes } from './routes.ts';

const Replaced = z
  .object({
    version: z.int().openapi({ description: 'Head of the log after the commit.' }),
    warnings: z.array(z.string()).openapi({ description: 'What in the file could not be kept as it was.' }),
  })
  .openapi('Replaced');

const putContent = route({
  method: 'put',
  path: '/api/documents/{name}/content',
  permission: 'document.import',
  of: 'document',
  tags: ['Content'],
  summary: 'Replace the content',
  description:
    'One live edit: open editors see it at once and keep their cursors where the text is unchanged. Answered after the commit. The document must exist.',
  request: {
    headers: z.object({
      'If-Match': z.string().optional().openapi({ description: '`"<version>"`: refuse when the document has changed since.' }),
    }),
    body: {
      required: true,
      description: 'The new content in a format that can be imported. JSON is ProseMirror’s.',
      content: Object.fromEntries(importTypes.map((type) => [type, { schema: { type: 'string', format: 'binary' } as const }])),
    },
  },
  responses: {
    200: {
      description: 'Replaced and committed.',
      headers: z.object({ ETag: z.string().openapi({ description: '`W/"<version>"`, for the next If-Match.' }) }),
      content: { 'application/json': { schema: Replaced } },
    },
    ...refusals(
      'bad-name',
      'bad-request',
      'bad-content',
      'document-not-found',
      'version-mismatch',
      'body-too-large',
      'unsupported-media-type',
      'overloaded',
      'conversion-timeout',
      'content-too-complex',
    ),
  },
});

/**
 * The versions an If-Match names, `null` for none given or `*`. A weak tag counts as its strong one,
 * since the version says what the document holds whatever its representation. Throws `bad-request`.
 */
export function matchedVersions(ifMatch: string | undefined): ReadonlySet<string> | null {
  if (ifMatch === undefined || ifMatch.trim() === '*') return null;
  const tags = ifMatch.split(',').map((tag) => /^\s*(?:W\/)?"([^"]*)"\s*$/.exec(tag)?.[1]);
  if (tags.includes(undefined)) throw new InkwireError('bad-request', 'If-Match must be "<version>", in quotes, or *.');
  return new Set(tags as string[]);
}

interface ContentParts {
  readonly edits: Pick<Edits, 'noteImport'>;
  readonly documents: Documents;
  readonly conversions: Conversions;
  readonly assets: Assets;
}

/** Replace what a document holds. */
export function addContentRoutes(routes: Routes, { documents, conversions, assets, edits }: ContentParts): void {
  routes.add(putContent, async (c, { caller, name }) => {
    const format = importFormatOf(c.req.header('content-type'));
    const versions = matchedVersions(c.req.header('if-match'));

    const info = await documents.info(name);
    if (info === null) throw new InkwireError('document-not-found');
    if (versions !== null && !versions.has(String(info.version))) {
      throw new InkwireError('version-mismatch', `The document is at version ${info.version}.`);
    }
    const file = new Uint8Array(await c.req.arrayBuffer());
    const expected = versions === null ? undefined : info.version;
    let warnings: string[] = [];
    let clientId: number | null = null;
    const write = async (state: readonly Uint8Array[]) => {
      const into = { state, pictures: { documentName: name, maxBytes: assets.maxBytes } };
      const imported = await conversions.fromFormat(format.name, file, into, askerOf(c, caller));
      caller.require('document.import', name);
      // Before the text that shows them.
      warnings = [...imported.warnings, ...(await storePictures(imported.pictures ?? [], { assets, documentName: name, caller }))];
      clientId = imported.update === null ? null : imported.clientId;
      return imported;
    };
    const { version } = await documents.rewrite(name, caller.author, write, expected, caller.identity);
    // It is made: a history that does not call it an import is no reason to say otherwise.
    if (clientId !== null) await edits.noteImport({ documentName: name, author: caller.author, clientId }, version).catch(() => {});
    c.header('ETag', `W/"${version}"`);
    return c.json({ version, warnings }, 200);
  });
}
