import { randomBytes } from 'node:crypto';
import { z } from '@hono/zod-openapi';
import type { Context, MiddlewareHandler } from 'hono';
import type * as Y from 'yjs';
import { fileMediaTypes, importFormats } from '../../document/formats/format.ts';
import { MAX_TITLE_LENGTH, writeTitle } from '../../document/title.ts';
import type { DocumentInfo } from '../../persistence/document-store.ts';
import { InkwireError } from '../../protocol/errors.ts';
import { isPrefix } from '../../protocol/identity.ts';
import type { Assets } from '../ports/assets.ts';
import type { Conversions } from '../ports/conversions.ts';
import type { Documents } from '../ports/documents.ts';
import { askerOf } from './asker.ts';
import type { Caller } from './caller.ts';
import { checkedName } from './document-name-param.ts';
import { apiPath, DocumentView, viewDocument } from './document-view.ts';
import { generatedName } from './generated-name.ts';
import { importFormatOf } from './imported-file.ts';
import { storePictures } from './imported-pictures.ts';
import { readableBy } from './readable-by.ts';
import { refusals } from './refusals.ts';
import { route } from './route.ts';
import type { Routes } from './routes.ts';

const NewDocument = z.strictObject({
  name: z.string().optional().openapi({
    description: 'Generated when absent, within the first prefix your token may create documents under.',
    example: 'team/plan',
  }),
  title: z.string().max(MAX_TITLE_LENGTH).optional().openapi({ description: 'When absent, the one the file carries, if any.' }),
});
const NewDocumentWithContent = NewDocument.extend({
  markdown: z.string().optional().openapi({ description: 'What it holds to begin with.', example: '# Plan\n\n- [ ] write it' }),
  content: z
    .looseObject({ type: z.literal('doc') })
    .optional()
    .openapi({ description: 'The same as ProseMirror’s JSON, as `json` exports it.' }),
})
  .refine(({ markdown, content }) => markdown === undefined || content === undefined, 'Give either markdown or content.')
  .openapi('NewDocument');

/** What a file can be sent as in place of the JSON. */
const fileTypes = importFormats.flatMap(fileMediaTypes);

const ListQuery = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50).openapi({ description: 'Most documents in one answer, 1–200.' }),
  cursor: z.string().optional().openapi({ description: '`next` of the answer before.' }),
  search: z.string().max(255).optional().openapi({ description: 'Only documents whose name or title contains this, whatever the case.' }),
});
const DocumentList = z
  .object({
    documents: z.array(DocumentView),
    next: z.string().nullable().openapi({ description: 'The cursor of the next page, null at the end.' }),
  })
  .openapi('DocumentList');

const one = (description: string) => ({ description, content: { 'application/json': { schema: DocumentView } } });
/** A document that was made, and what of its file could not be kept. */
export const CreatedDocument = DocumentView.extend({
  warnings: z.array(z.string()).optional().openapi({ description: 'What of the file could not be kept as it was; absent when all was.' }),
}).openapi('CreatedDocument');
const weakVersion = { ETag: z.string().openapi({ description: '`W/"<version>"`, for If-Match.' }) };

const isJson = (contentType: string) => contentType.toLowerCase().startsWith('application/json');

/** Before the framework's own word for it, which does not say what would be taken. */
const refuseOtherFiles: MiddlewareHandler = async (c, next) => {
  const type = c.req.header('content-type');
  if (type !== undefined && !isJson(type)) importFormatOf(type, ['application/json', ...fileTypes]);
  await next();
};

const createDocument = route({
  method: 'post',
  path: '/api/documents',
  permission: 'document.create',
  of: 'nobody',
  tags: ['Documents'],
  summary: 'Create a document',
  description: 'Answered after the commit. With another type than JSON the body is the file, and `name` and `title` are in the query.',
  middleware: refuseOtherFiles,
  request: {
    query: NewDocument,
    body: {
      content: {
        'application/json': { schema: NewDocumentWithContent },
        ...Object.fromEntries(fileTypes.map((type) => [type, { schema: { type: 'string', format: 'binary' } as const }])),
      },
    },
  },
  responses: {
    201: {
      description: 'Created.',
      headers: z.object({ Location: z.string().openapi({ description: 'Its address in this API.' }) }),
      content: { 'application/json': { schema: CreatedDocument } },
    },
    ...refusals(
      'bad-name',
      'bad-request',
      'bad-content',
      'document-exists',
      'body-too-large',
      'unsupported-media-type',
      'overloaded',
      'conversion-timeout',
      'content-too-complex',
    ),
  },
});

const listDocuments = route({
  method: 'get',
  path: '/api/documents',
  permission: 'signed-in',
  of: 'nobody',
  tags: ['Documents'],
  summary: 'List documents',
  description: 'Those you may read, most recently updated first.',
  request: { query: ListQuery },
  responses: {
    200: { description: 'A page of documents.', content: { 'application/json': { schema: DocumentList } } },
    ...refusals('bad-request'),
  },
});

const readDocument = route({
  method: 'get',
  path: '/api/documents/{name}',
  permission: 'document.read',
  of: 'document',
  tags: ['Documents'],
  summary: 'Read what is known of a document',
  responses: { 200: { ...one('The document.'), headers: z.object(weakVersion) }, ...refusals('bad-name', 'document-not-found') },
});

const deleteDocument = route({
  method: 'delete',
  path: '/api/documents/{name}',
  permission: 'document.delete',
  of: 'document',
  tags: ['Documents'],
  summary: 'Delete a document',
  description: 'Its content is gone and everyone who has it open is told so. Its share links end with it. The name may be used again.',
  responses: { 204: { description: 'Deleted.' }, ...refusals('bad-name', 'document-not-found') },
});

/** A name that nobody has guessed or taken, where the caller may create one. */
function nameFor(caller: Caller): string {
  const name = generatedName(randomBytes);
  const prefixes = [
    '',
    ...Object.keys(caller.identity.access)
      .filter(isPrefix)
      .map((pattern) => pattern.slice(0, -1)),
  ];
  const prefix = prefixes.find((candidate) => caller.may('document.create', candidate + name)) ?? '';
  return prefix + name;
}

/** What a new document is made of: the body itself, or a member of the JSON. */
async function fileOf(
  c: Context,
  { markdown, content }: z.infer<typeof NewDocumentWithContent>,
): Promise<{ format: string; bytes: Uint8Array } | null> {
  const type = c.req.header('content-type');
  if (type !== undefined && !isJson(type)) return { format: importFormatOf(type).name, bytes: new Uint8Array(await c.req.arrayBuffer()) };
  if (markdown !== undefined) return { format: 'markdown', bytes: new TextEncoder().encode(markdown) };
  return content === undefined ? null : { format: 'json', bytes: new TextEncoder().encode(stringified(content)) };
}

/** JSON that was parsed without recursion may be too deep to be written, which recurses. Throws `bad-content`. */
function stringified(content: unknown): string {
  try {
    return JSON.stringify(content);
  } catch (cause) {
    throw new InkwireError('bad-content', 'The content is nested too deeply.', { cause });
  }
}

interface DocumentParts {
  readonly documents: Documents;
  readonly conversions: Conversions;
  readonly assets: Assets;
}

/** Create, list, read and delete. */
export function addDocumentRoutes(routes: Routes, { documents, conversions, assets }: DocumentParts): void {
  const view = (info: DocumentInfo, caller: Caller) =>
    viewDocument(info, documents.present(info.name), caller.roleOn(info.name), (path) => routes.outside(path));

  routes.add(createDocument, async (c, { caller }) => {
    const asked: z.infer<typeof NewDocumentWithContent> = { ...c.req.valid('query'), ...c.req.valid('json') };
    const name = checkedName(asked.name ?? nameFor(caller));
    caller.require('document.create', name);
    const file = await fileOf(c, asked);
    const into = { title: asked.title ?? null, pictures: { documentName: name, maxBytes: assets.maxBytes } };
    const imported = file === null ? null : await conversions.fromFormat(file.format, file.bytes, into, askerOf(c, caller));
    caller.require('document.create', name);
    const titled = (document: Y.Doc) => {
      if (asked.title !== undefined) writeTitle(document, asked.title);
    };
    const info = await documents.create(name, caller.author, imported ?? titled);
    const lost = await storePictures(imported?.pictures ?? [], { assets, documentName: name, caller });
    const warnings = [...(imported?.warnings ?? []), ...lost];
    if (warnings.length > 0) c.header('Inkwire-Warnings', String(warnings.length));
    c.header('Location', routes.outside(apiPath(name)));
    return c.json({ ...view(info, caller), ...(warnings.length > 0 ? { warnings } : {}) }, 201);
  });

  routes.add(listDocuments, async (c, { caller }) => {
    const page = await documents.list({ ...c.req.valid('query'), within: readableBy(caller.identity) });
    return c.json({ documents: page.items.map((info) => view(info, caller)), next: page.next }, 200);
  });

  routes.add(readDocument, async (c, { caller, name }) => {
    const info = await documents.info(name);
    if (info === null) throw new InkwireError('document-not-found');
    c.header('ETag', `W/"${info.version}"`);
    return c.json(view(info, caller), 200);
  });

  routes.add(deleteDocument, async (c, { name }) => {
    if (!(await documents.delete(name))) throw new InkwireError('document-not-found');
    return c.body(null, 204);
  });
}
