import { z } from '@hono/zod-openapi';
import { InkwireError } from '../../protocol/errors.ts';
import type { Action } from '../../protocol/permissions.ts';
import type { History } from '../ports/history.ts';
import { refusals } from './refusals.ts';
import { route } from './route.ts';
import type { Routes } from './routes.ts';

export const time = (what: string) => z.iso.datetime().openapi({ description: what, example: '2026-11-20T06:10:00.000Z' });
export const who = z.string().nullable().openapi({ description: 'The `sub` of their token; null for guests, and where it is not known.' });

export const name = z
  .string()
  .nullable()
  .openapi({ description: 'What their token called them last; null where nothing is known.', example: 'Ada' });

export const NamedVersion = z
  .object({
    id: z.uuid().openapi({ description: 'Names the name, to take it away.' }),
    version: z.int().openapi({ description: 'Which version has it.' }),
    name: z.string().openapi({ example: 'Sent to the printer' }),
    namedBy: who,
    namedAt: time('When it was named.'),
  })
  .openapi('NamedVersion');

export const Version = z
  .object({
    version: z.int().openapi({ description: 'The last version of this stretch of writing.', example: 42 }),
    from: z.int().openapi({ description: 'The first one.' }),
    startedAt: time('When the first was committed.'),
    endedAt: time('When the last was committed.'),
    authors: z
      .array(
        z.object({ author: who, name, edits: z.int().openapi({ description: 'Updates, of which fast typing makes several a second.' }) }),
      )
      .openapi({ description: 'Who wrote in it, who wrote most first.' }),
    names: z.array(NamedVersion).openapi({ description: 'The names that versions of it have.' }),
    edits: z
      .array(
        z.object({
          version: z.int().openapi({ description: 'The one it led to.' }),
          kind: z
            .enum(['script', 'undo', 'restore', 'import'])
            .openapi({ description: 'Operations, taking back, bringing a version back, or a file in the place of the content.' }),
          author: who,
          name,
        }),
      )
      .openapi({ description: 'What was done in it over HTTP.' }),
  })
  .openapi('Version');

const listVersions = route({
  method: 'get',
  path: '/api/documents/{name}/versions',
  permission: 'document.read',
  of: 'document',
  tags: ['History'],
  summary: 'List what was written when, and by whom',
  description:
    'The log as stretches of writing, the last first: one ends with a pause of 15 minutes, or after an hour. Every version in between can be read as well.',
  request: {
    query: z.object({
      before: z.coerce.number().int().min(1).optional().openapi({ description: '`next` of the page before.' }),
      limit: z.coerce.number().int().min(1).max(200).default(50).openapi({ description: 'How many.' }),
    }),
  },
  responses: {
    200: {
      description: 'A page of them.',
      content: {
        'application/json': {
          schema: z.object({
            versions: z.array(Version),
            next: z.int().nullable().openapi({ description: 'For `before`; null at the beginning of the document.' }),
          }),
        },
      },
    },
    ...refusals('bad-name', 'bad-request', 'document-not-found'),
  },
});

/** Who wrote in a document. */
export const Author = z
  .object({ author: who, name, edits: z.int(), firstAt: time('Their first edit.'), lastAt: time('Their last edit.') })
  .openapi('Author');

const listAuthors = route({
  method: 'get',
  path: '/api/documents/{name}/authors',
  permission: 'document.read',
  of: 'document',
  tags: ['History'],
  summary: 'List who wrote in a document',
  description: 'Out of the log, so that nobody is in it by what a client says; who wrote last comes first.',
  responses: {
    200: {
      description: 'All of them.',
      content: {
        'application/json': {
          schema: z.object({
            authors: z.array(Author),
          }),
        },
      },
    },
    ...refusals('bad-name', 'document-not-found'),
  },
});

const nameVersion = route({
  method: 'post',
  path: '/api/documents/{name}/versions',
  permission: 'document.edit',
  of: 'document',
  tags: ['History'],
  summary: 'Name a version',
  description: 'The last version, or another one. A version can have several names.',
  request: {
    body: {
      required: true,
      content: {
        'application/json': {
          schema: z
            .strictObject({
              name: z.string().trim().min(1).max(200).openapi({ description: 'For people.', example: 'Sent to the printer' }),
              version: z.int().min(1).optional().openapi({ description: 'Which one; the last without it.' }),
            })
            .openapi('VersionName'),
        },
      },
    },
  },
  responses: {
    201: { description: 'Named.', content: { 'application/json': { schema: NamedVersion } } },
    ...refusals('bad-name', 'bad-request', 'document-not-found', 'version-not-found'),
  },
});

const removeVersionName = route({
  method: 'delete',
  path: '/api/documents/{name}/version-names/{id}',
  permission: 'document.edit',
  of: 'document',
  tags: ['History'],
  summary: 'Take the name of a version away',
  description: 'The version stays.',
  request: { params: z.object({ id: z.uuid().openapi({ param: { name: 'id', in: 'path' }, description: 'As it was named.' }) }) },
  responses: { 204: { description: 'Taken away.' }, ...refusals('bad-name', 'bad-request', 'version-not-found') },
});

/** What was written when and by whom, and the names that versions have. `historyAction`: what it takes to look at it. */
export function addVersionRoutes(routes: Routes, history: History, historyAction: Action): void {
  routes.add(listVersions, async (c, { caller, name }) => {
    caller.require(historyAction, name);
    const { before, limit } = c.req.valid('query');
    const { sessions, next } = await history.sessions(name, { before, limit });
    const shown = await history.shownAuthors(
      sessions.flatMap(({ authors, names, edits }) => [
        ...authors.map(({ author }) => author),
        ...names.map(({ namedBy }) => namedBy),
        ...edits.map(({ author }) => author),
      ]),
    );
    const versions = sessions.map(({ startedAt, endedAt, authors, names, edits, ...session }) => ({
      ...session,
      names: names.map((named) => ({ ...viewName(named), namedBy: shown(named.namedBy).author })),
      startedAt: new Date(startedAt).toISOString(),
      endedAt: new Date(endedAt).toISOString(),
      edits: edits.map(({ version, kind, author }) => ({ version, kind, ...shown(author) })),
      authors: authors.map(({ author, edits }) => ({ ...shown(author), edits })),
    }));
    return c.json({ versions, next }, 200);
  });

  routes.add(nameVersion, async (c, { caller, name }) => {
    const { name: said, version = null } = c.req.valid('json');
    return c.json(viewName(await history.nameVersion(name, { version, name: said, by: caller.author })), 201);
  });

  routes.add(removeVersionName, async (c, { name }) => {
    if (!(await history.removeName(name, c.req.valid('param').id))) throw new InkwireError('version-not-found', 'There is no such name.');
    return c.body(null, 204);
  });

  routes.add(listAuthors, async (c, { caller, name }) => {
    caller.require(historyAction, name);
    const found = await history.authors(name);
    const shown = await history.shownAuthors(found.map(({ author }) => author));
    const authors = found.map(({ author, edits, firstAt, lastAt }) => ({
      ...{ ...shown(author), edits },
      firstAt: new Date(firstAt).toISOString(),
      lastAt: new Date(lastAt).toISOString(),
    }));
    return c.json({ authors }, 200);
  });
}

function viewName({ namedAt, ...named }: Awaited<ReturnType<History['nameVersion']>>): z.infer<typeof NamedVersion> {
  return { ...named, namedAt: new Date(namedAt).toISOString() };
}
