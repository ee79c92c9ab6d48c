import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { exportFormats, type Format, findFormat, negotiate } from '../../document/formats/format.ts';
import { SUGGESTION_CHOICES } from '../../document/suggestions.ts';
import { InkwireError } from '../../protocol/errors.ts';
import type { Action } from '../../protocol/permissions.ts';
import type { Assets } from '../ports/assets.ts';
import type { Conversions } from '../ports/conversions.ts';
import type { Documents } from '../ports/documents.ts';
import type { EditRequest, Edits } from '../ports/edits.ts';
import type { History } from '../ports/history.ts';
import { askerOf } from './asker.ts';
import type { Caller } from './caller.ts';
import { convertedFile } from './converted-file.ts';
import { contentDisposition, downloadName } from './download-name.ts';
import { Change, EditMade } from './edits.ts';
import { refusals } from './refusals.ts';
import { route } from './route.ts';
import type { Routes } from './routes.ts';
import { name, time, who } from './versions.ts';

/** What one author did without a longer pause. */
export const Contribution = z
  .object({
    author: who,
    name,
    firstAt: time('Their first edit of it.'),
    lastAt: time('Their last edit of it.'),
    inserted: z.int().openapi({ description: 'Words that they wrote and that are there.' }),
    deleted: z.int().openapi({ description: 'Words that were there and that they deleted.' }),
    formatted: z.int().openapi({ description: 'Words that they gave another look.' }),
  })
  .openapi('Contribution');

export const Difference = z
  .object({
    from: z.int(),
    to: z.int(),
    title: z.object({ before: z.string(), after: z.string() }),
    changes: z.array(Change).openapi({ description: 'What became of the outermost blocks.' }),
    content: z.record(z.string(), z.unknown()).nullable().openapi({
      description:
        'Both versions in one, as ProseMirror JSON: what differs has the marks `insertion`, `deletion` and `modification`, whose `id` is a place in `contributions`. Text that was moved is not marked. null from a later version to an earlier one.',
    }),
    contributions: z.array(Contribution).openapi({ description: 'Who did what of it, out of the log.' }),
  })
  .openapi('Difference');

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
    'A version is the document as it was when that update was committed, in any format of exports. `a...b` is what became of it from one to another, word for word and with who did it: as JSON, or as a file in which it is marked – in Word as tracked changes. `0...b` is who wrote what of b.',
  request: {
    params: versionParam('A version, `at` with the time in the query, or two versions as `a...b`.', '42'),
    query: z.object({
      at: z.iso.datetime({ offset: true }).optional().openapi({ description: 'With the version `at`: the last one at this time.' }),
      format: z.string().optional().openapi({
        description: 'As an export; without it the Accept header decides, and a difference is JSON.',
        example: 'markdown',
      }),
      suggestions: z.enum(SUGGESTION_CHOICES).optional().openapi({ description: 'As an export.' }),
      blocks: z
        .enum(['0', '1'])
        .optional()
        .openapi({ description: 'Of a difference as JSON: `0` leaves `changes` empty, which take longer than the rest.' }),
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
        'application/json': { schema: Difference },
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

const undoVersions = route({
  method: 'post',
  path: '/api/documents/{name}/versions/{version}/undo',
  permission: 'document.edit',
  of: 'document',
  tags: ['History'],
  summary: 'Take back what was written between two versions',
  description:
    'By everybody, or by one author: what they deleted comes back, what they wrote goes, and what others wrote since stays, also within it. `41...42` takes back one update, such as an import. One edit like any other, which can be taken back itself.',
  request: {
    params: versionParam('Two versions as `a...b`: what came after a, up to b.', '41...42'),
    body: {
      required: false,
      content: {
        'application/json': {
          schema: z
            .strictObject({
              author: z
                .string()
                .nullable()
                .optional()
                .openapi({ description: 'Whose edits; null for those of guests, everybody’s without it.' }),
            })
            .openapi('UndoVersions'),
        },
      },
    },
  },
  responses: {
    200: { description: 'Made and committed.', content: { 'application/json': { schema: EditMade } } },
    ...refusals(
      'bad-name',
      'bad-request',
      'document-not-found',
      'version-not-found',
      'edit-refused',
      'overloaded',
      'conversion-timeout',
      'content-too-complex',
    ),
  },
});

const NOTHING = new Uint8Array([0, 0]);

interface VersionParts {
  readonly history: History;
  /** What it takes to look at it. */
  readonly historyAction: Action;
  readonly documents: Pick<Documents, 'info'>;
  readonly conversions: Pick<Conversions, 'toFormat'>;
  readonly assets: Assets;
  readonly edits: Edits;
}

/** What a document was, what became of it, and the way back. */
export function addPastRoutes(routes: Routes, { history, historyAction, documents, conversions, assets, edits }: VersionParts): void {
  routes.add(readVersion, async (c, { caller, name }) => {
    caller.require(historyAction, name);
    const { version } = c.req.valid('param');
    const { at, format: asked, suggestions, blocks } = c.req.valid('query');
    c.header('Vary', 'Accept', { append: true });
    c.header('Cache-Control', 'private, no-cache');
    const [from, to] = version.split('...').map(Number);
    const asker = askerOf(c, caller);
    const format = to === undefined ? formatOf(asked, c.req.header('accept')) : differenceFormatOf(asked);
    const difference =
      to === undefined
        ? undefined
        : await history.difference(name, { from: from!, to, blocks: format.name === 'json' && blocks !== '0' }, asker);
    if (difference !== undefined && format.name === 'json') {
      caller.require('document.export', name);
      c.header('Content-Type', 'application/json');
      return c.body(difference as Uint8Array<ArrayBuffer>, 200) as never;
    }
    if (to !== undefined && from! >= to) throw new InkwireError('bad-request', 'Say the earlier version first: nobody went back in time.');
    const past =
      to === undefined
        ? await history.past(name, version === 'at' ? { at: timeOf(at) } : { version: from! }, asker)
        : { version: to, state: NOTHING };
    const title = (await documents.info(name))?.title ?? '';
    const as = { addresses: { documentName: name, server: '', placeholder: undefined }, suggestions, difference };
    const what = { documentName: name, format: format.name, updates: [past.state], title, as, asker };
    const { body, warnings } = await convertedFile({ conversions, assets }, what);
    caller.require('document.export', name);
    const fileName = `${title || name} ${version === 'at' ? past.version : version}`;
    setHeaders(c.header.bind(c), { format, version: past.version, lost: warnings.length, fileName });
    return c.body(body as Uint8Array<ArrayBuffer>, 200) as never;
  });

  const made = async (c: Context, caller: Caller, name: string, what: EditRequest['what']) => {
    const { author, identity } = caller;
    const answer = await edits.make({
      ...{ documentName: name, what, author, sub: identity.sub, name: identity.name },
      key: c.req.header('idempotency-key'),
      expectedVersion: undefined,
      asker: askerOf(c, caller),
      stillAllowed: () => caller.require('document.edit', name),
    });
    return answer as z.infer<typeof EditMade>;
  };

  routes.add(restoreVersion, async (c, { caller, name }) => {
    const restore = Number(c.req.valid('param').version);
    if (!Number.isInteger(restore)) throw new InkwireError('bad-request', 'Say one version by its number.');
    return c.json(await made(c, caller, name, { restore }), 200);
  });

  routes.add(undoVersions, async (c, { caller, name }) => {
    const [from = Number.NaN, to = Number.NaN] = c.req.valid('param').version.split('...').map(Number);
    if (!(from < to)) throw new InkwireError('bad-request', 'Say two versions as a...b, the earlier one first.');
    const { author } = (c.req.valid('json') as { author?: string | null } | undefined) ?? {};
    return c.json(await made(c, caller, name, { undoSpan: { from, to, ...(author === undefined ? {} : { author }) } }), 200);
  });
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

/** Yjs has no place for what was deleted, and plain text no sign for it. */
function differenceFormatOf(asked: string | undefined): Format {
  const format = formatOf(asked ?? 'json', undefined);
  if (format.name === 'yjs' || format.name === 'text')
    throw new InkwireError('bad-request', `A difference cannot be had as ${format.name}; json, markdown, html and docx are some that can.`);
  return format;
}

function setHeaders(
  header: (name: string, value: string) => void,
  { format, version, lost, fileName }: { format: Format; version: number; lost: number; fileName: string },
): void {
  header('Content-Type', format.text ? `${format.mediaTypes[0]}; charset=utf-8` : format.mediaTypes[0]);
  header('Content-Security-Policy', "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data: https:; frame-ancestors 'none'");
  header('Content-Disposition', contentDisposition('inline', downloadName(fileName, format.extension)));
  header('Inkwire-Version', String(version));
  if (lost > 0) header('Inkwire-Warnings', String(lost));
}
