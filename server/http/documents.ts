import { randomBytes } from 'node:crypto';
import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import { writeInitialContent } from '../../document/live.ts';
import { MAX_TITLE_LENGTH, writeTitle } from '../../document/title.ts';
import type { DocumentInfo } from '../../persistence/document-store.ts';
import { InkwireError } from '../../protocol/errors.ts';
import { isPrefix } from '../../protocol/identity.ts';
import { type Caller, callerOf } from './caller.ts';
import { checkedName, nameFromPath } from './document-name-param.ts';
import { apiPath, DocumentView, viewDocument } from './document-view.ts';
import { generatedName } from './generated-name.ts';
import type { Conversions, Documents } from './ports.ts';
import { readableBy } from './readable-by.ts';
import { refusals } from './refusals.ts';

export const NameParam = z.object({
  name: z.string().openapi({
    param: { name: 'name', in: 'path' },
    description: 'The name, percent-encoded as one segment: 1–255 bytes of UTF-8 without control characters, not "." or "..".',
    example: 'team%2Fplan',
  }),
});

const NewDocument = z.strictObject({
  name: z.string().optional().openapi({
    description: 'Generated when absent, within the first prefix your token may create documents under.',
    example: 'team/plan',
  }),
  title: z.string().max(MAX_TITLE_LENGTH).optional().openapi({ description: 'When absent, the one the Markdown carries, if any.' }),
});
const NewDocumentWithMarkdown = NewDocument.extend({
  markdown: z.string().optional().openapi({ description: 'What it holds to begin with.', example: '# Plan\n\n- [ ] write it' }),
}).openapi('NewDocument');

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
const weakVersion = { ETag: z.string().openapi({ description: '`W/"<version>"`, for If-Match.' }) };

const createDocument = createRoute({
  method: 'post',
  path: '/api/documents',
  tags: ['Documents'],
  summary: 'Create a document',
  description: 'Answered after the commit. With `text/markdown` the body is the content, and `name` and `title` are in the query.',
  request: {
    query: NewDocument,
    body: {
      content: {
        'application/json': { schema: NewDocumentWithMarkdown },
        'text/markdown': { schema: z.string() },
      },
    },
  },
  responses: {
    201: { ...one('Created.'), headers: z.object({ Location: z.string().openapi({ description: 'Its address in this API.' }) }) },
    ...refusals(
      'bad-name',
      'bad-request',
      'bad-content',
      'document-exists',
      'body-too-large',
      'unsupported-media-type',
      'overloaded',
      'conversion-timeout',
    ),
  },
});

const listDocuments = createRoute({
  method: 'get',
  path: '/api/documents',
  tags: ['Documents'],
  summary: 'List documents',
  description: 'Those you may read, most recently updated first.',
  request: { query: ListQuery },
  responses: {
    200: { description: 'A page of documents.', content: { 'application/json': { schema: DocumentList } } },
    ...refusals('bad-request'),
  },
});

const readDocument = createRoute({
  method: 'get',
  path: '/api/documents/{name}',
  tags: ['Documents'],
  summary: 'Read what is known of a document',
  request: { params: NameParam },
  responses: { 200: { ...one('The document.'), headers: z.object(weakVersion) }, ...refusals('bad-name', 'document-not-found') },
});

const deleteDocument = createRoute({
  method: 'delete',
  path: '/api/documents/{name}',
  tags: ['Documents'],
  summary: 'Delete a document',
  description: 'Its content is gone and everyone who has it open is told so. Its share links end with it. The name may be used again.',
  request: { params: NameParam },
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

/** Create, list, read and delete. */
export function documentRoutes({ documents, conversions }: { documents: Documents; conversions: Conversions }): OpenAPIHono {
  const app = new OpenAPIHono();
  const view = (info: DocumentInfo, caller: Caller) => viewDocument(info, documents.present(info.name), caller.roleOn(info.name));

  app.openapi(createDocument, async (c) => {
    const isMarkdown = c.req.header('content-type')?.toLowerCase().startsWith('text/markdown') ?? false;
    const body = c.req.valid('json');
    const asked: z.infer<typeof NewDocumentWithMarkdown> = { ...c.req.valid('query'), ...(typeof body === 'string' ? {} : body) };
    const caller = callerOf(c);
    const name = checkedName(asked.name ?? nameFor(caller));
    caller.require('document.create', name);
    const sent = asked.markdown === undefined ? null : new TextEncoder().encode(asked.markdown);
    const markdown = isMarkdown ? new Uint8Array(await c.req.arrayBuffer()) : sent;
    const imported = markdown === null ? null : await conversions.fromFormat('markdown', markdown);
    const title = asked.title ?? imported?.title ?? '';
    caller.require('document.create', name);
    const info = await documents.create(name, caller.author, (document) => {
      if (imported !== null) writeInitialContent(document, imported.content);
      if (title !== '') writeTitle(document, title);
    });
    c.header('Location', apiPath(name));
    return c.json(view(info, caller), 201);
  });

  app.openapi(listDocuments, async (c) => {
    const caller = callerOf(c);
    const page = await documents.list({ ...c.req.valid('query'), within: readableBy(caller.identity) });
    return c.json({ documents: page.items.map((info) => view(info, caller)), next: page.next }, 200);
  });

  app.openapi(readDocument, async (c) => {
    const name = nameFromPath(c);
    const info = await documents.info(name);
    if (info === null) throw new InkwireError('document-not-found');
    c.header('ETag', `W/"${info.version}"`);
    return c.json(view(info, callerOf(c)), 200);
  });

  app.openapi(deleteDocument, async (c) => {
    if (!(await documents.delete(nameFromPath(c)))) throw new InkwireError('document-not-found');
    return c.body(null, 204);
  });

  return app;
}
