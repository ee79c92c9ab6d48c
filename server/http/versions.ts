import { z } from '@hono/zod-openapi';
import { exportFormats, type Format, findFormat, negotiate } from '../../document/formats/format.ts';
import { SUGGESTION_CHOICES } from '../../document/suggestions.ts';
import { InkwireError } from '../../protocol/errors.ts';
import type { Assets } from '../ports/assets.ts';
import type { Conversions } from '../ports/conversions.ts';
import type { Documents } from '../ports/documents.ts';
import type { Edits } from '../ports/edits.ts';
import type { History, PastState } from '../ports/history.ts';
import { askerOf } from './asker.ts';
import { convertedFile } from './converted-file.ts';
import { contentDisposition, downloadName } from './download-name.ts';
import { Change, EditMade } from './edits.ts';
import { refusals } from './refusals.ts';
import { route } from './route.ts';
import type { Routes } from './routes.ts';

const time = (what: string) => z.iso.datetime().openapi({ description: what, example: '2026-11-20T06:10:00.000Z' });
const who = z.string().nullable().openapi({ description: 'The `sub` of their token; null for guests, and where it is not known.' });

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
      .array(z.object({ author: who, edits: z.int().openapi({ description: 'Updates, of which fast typing makes several a second.' }) }))
      .openapi({ description: 'Who wrote in it, who wrote most first.' }),
    names: z.array(NamedVersion).openapi({ description: 'The names that versions of it have.' }),
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
  .object({ author: who, edits: z.int(), firstAt: time('Their first edit.'), lastAt: time('Their last edit.') })
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

const versionParam = (description: string, example: string) =>
  z.object({
    version: z
      .string()
      .regex(/^\d{1,15}(?:\.\.\.\d{1,15})?$|^at$/)
      .openapi({ param: { name: 'version', in: 'path' }, description, example }),
  });

const BINARY = { type: 'string', format: 'binary' } as const;

const readVersion = route({
  method: 'get',
  path: '/api/documents/{name}/versions/{version}',
  permission: 'document.export',
  of: 'document',
  tags: ['History'],
  summary: 'Read a version, or what changed between two',
  description:
    'A version is the document as it was when that update was committed, in any format of exports. `a...b` is what became of the outermost blocks from one to another.',
  request: {
    params: versionParam('A version, `at` with the time in the query, or two versions as `a...b`.', '42'),
    query: z.object({
      at: z.iso.datetime({ offset: true }).optional().openapi({ description: 'With the version `at`: the last one at this time.' }),
      format: z.string().optional().openapi({ description: 'As an export; without it the Accept header decides.', example: 'markdown' }),
      suggestions: z.enum(SUGGESTION_CHOICES).optional().openapi({ description: 'As an export.' }),
    }),
  },
  responses: {
    200: {
      description: 'The version in this format, or the difference as JSON.',
      headers: z.object({
        'Inkwire-Version': z.string().openapi({ description: 'Which version it is.' }),
        'Inkwire-Warnings': z.string().openapi({ description: 'How many things this format could not say; absent when none.' }),
      }),
      content: {
        'application/json': { schema: z.object({ from: z.int(), to: z.int(), changes: z.array(Change) }) },
        ...Object.fromEntries(
          exportFormats
            .filter(({ name }) => name !== 'json')
            .map(({ mediaTypes, text }) => [mediaTypes[0], { schema: text ? z.string() : BINARY }]),
        ),
      },
    },
    ...refusals(
      'bad-name',
      'bad-request',
      'document-not-found',
      'version-not-found',
      'unknown-format',
      'overloaded',
      'storage-unavailable',
      'conversion-timeout',
      'content-too-complex',
    ),
  },
});

const restoreVersion = route({
  method: 'post',
  path: '/api/documents/{name}/versions/{version}/restore',
  permission: 'document.edit',
  of: 'document',
  tags: ['History'],
  summary: 'Bring the content of a version back',
  description:
    'One edit like any other, and the smallest that does it: people in the document see it at once, what they write meanwhile stays, and it can be taken back by its id. What was written since stays in the history.',
  request: { params: versionParam('Which version.', '42') },
  responses: {
    200: { description: 'Made and committed.', content: { 'application/json': { schema: EditMade } } },
    ...refusals(
      'bad-name',
      'bad-request',
      'document-not-found',
      'version-not-found',
      'overloaded',
      'conversion-timeout',
      'content-too-complex',
    ),
  },
});

interface VersionParts {
  readonly history: History;
  readonly documents: Pick<Documents, 'info'>;
  readonly conversions: Pick<Conversions, 'toFormat' | 'difference'>;
  readonly assets: Assets;
  readonly edits: Edits;
}

/** What a document was, who made it so, and the way back. */
export function addVersionRoutes(routes: Routes, { history, documents, conversions, assets, edits }: VersionParts): void {
  routes.add(listVersions, async (c, { name }) => {
    const { before, limit } = c.req.valid('query');
    const { sessions, next } = await history.sessions(name, { before, limit });
    const versions = sessions.map(({ startedAt, endedAt, authors, names, ...session }) => ({
      ...session,
      names: names.map(viewName),
      startedAt: new Date(startedAt).toISOString(),
      endedAt: new Date(endedAt).toISOString(),
      authors: [...authors],
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

  routes.add(listAuthors, async (c, { name }) => {
    const authors = (await history.authors(name)).map(({ firstAt, lastAt, ...author }) => ({
      ...author,
      firstAt: new Date(firstAt).toISOString(),
      lastAt: new Date(lastAt).toISOString(),
    }));
    return c.json({ authors }, 200);
  });

  routes.add(readVersion, async (c, { caller, name }) => {
    const { version } = c.req.valid('param');
    const { at, format: asked, suggestions } = c.req.valid('query');
    c.header('Vary', 'Accept', { append: true });
    c.header('Cache-Control', 'private, no-cache');
    const [from, to] = version.split('...').map(Number);
    if (to !== undefined) {
      const [before, after] = [await stateAt(history, name, from!), await stateAt(history, name, to)];
      const changes = await conversions.difference(before, after, askerOf(c, caller));
      caller.require('document.export', name);
      return c.json({ from: from!, to, changes: [...changes] } as never, 200);
    }
    const format = formatOf(asked, c.req.header('accept'));
    const past = await history.past(name, version === 'at' ? { at: timeOf(at) } : { version: from! });
    const title = (await documents.info(name))?.title ?? '';
    const as = { addresses: { documentName: name, server: '', placeholder: undefined }, suggestions };
    const what = { documentName: name, format: format.name, updates: past.updates, title, as, asker: askerOf(c, caller) };
    const { body, warnings } = await convertedFile({ conversions, assets }, what);
    caller.require('document.export', name);
    setHeaders(c.header.bind(c), { format, past, lost: warnings.length, fileName: `${title || name} ${past.version}` });
    return c.body(body as Uint8Array<ArrayBuffer>, 200) as never;
  });

  routes.add(restoreVersion, async (c, { caller, name }) => {
    const version = Number(c.req.valid('param').version);
    if (!Number.isInteger(version)) throw new InkwireError('bad-request', 'Say one version by its number.');
    const { author, identity } = caller;
    const answer = await edits.make({
      ...{ documentName: name, what: { restore: version }, author, sub: identity.sub, name: identity.name },
      key: c.req.header('idempotency-key'),
      expectedVersion: undefined,
      asker: askerOf(c, caller),
      stillAllowed: () => caller.require('document.edit', name),
    });
    return c.json(answer as z.infer<typeof EditMade>, 200);
  });
}

function viewName({ namedAt, ...named }: Awaited<ReturnType<History['nameVersion']>>): z.infer<typeof NamedVersion> {
  return { ...named, namedAt: new Date(namedAt).toISOString() };
}

/** Version 0 is the document before anything was written. */
async function stateAt(history: History, name: string, version: number): Promise<readonly Uint8Array[]> {
  return version === 0 ? [] : (await history.past(name, { version })).updates;
}

function timeOf(at: string | undefined): number {
  if (at === undefined) throw new InkwireError('bad-request', 'Say the time as at=2026-11-20T06:10:00Z.');
  return Date.parse(at);
}

function formatOf(asked: string | undefined, accept: string | undefined): Format {
  const format = findFormat(asked ?? negotiate(accept) ?? '');
  if (format?.export === true) return format;
  throw new InkwireError('unknown-format', asked === undefined ? 'No known format fits the Accept header.' : `"${asked}" is not a format.`);
}

function setHeaders(
  header: (name: string, value: string) => void,
  { format, past, lost, fileName }: { format: Format; past: PastState; lost: number; fileName: string },
): void {
  header('Content-Type', format.text ? `${format.mediaTypes[0]}; charset=utf-8` : format.mediaTypes[0]);
  header('Content-Security-Policy', "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data: https:; frame-ancestors 'none'");
  header('Content-Disposition', contentDisposition('inline', downloadName(fileName, format.extension)));
  header('Inkwire-Version', String(past.version));
  if (lost > 0) header('Inkwire-Warnings', String(lost));
}
